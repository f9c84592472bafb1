"""NVIDIA cards: which there are, how much of their memory is in use, and how to occupy it."""

import ctypes
import dataclasses
import pathlib
import shutil
import subprocess
import sys
import threading

FIELDS = "name,driver_version,memory.total,compute_cap"


class NoCard(Exception):
    """There is no card that works."""


@dataclasses.dataclass(frozen=True)
class Card:
    """A card as nvidia-smi describes it; memory in MiB."""

    name: str
    driver: str
    memory: int
    capability: str

    def __str__(self):
        return f"{self.name}, {self.memory} MiB, driver {self.driver}"


def parse(text):
    """The cards in the output of `nvidia-smi --query-gpu=… --format=csv,noheader,nounits`."""
    cards = []
    for line in text.splitlines():
        # A name may have commas.
        words = [word.strip() for word in line.rsplit(",", 3)]
        if len(words) == 4 and words[1][:1].isdigit():
            memory = int(words[2]) if words[2].isdigit() else 0
            cards.append(Card(words[0], words[1], memory, words[3]))
    return cards


def find(program="nvidia-smi"):
    """The cards of this machine. Raises NoCard when there is none, or no program that knows."""
    if not shutil.which(program):
        raise NoCard(f"no NVIDIA card: there is no {program}")
    try:
        child = subprocess.run(
            [program, f"--query-gpu={FIELDS}", "--format=csv,noheader,nounits"],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", timeout=30,
        )
    except subprocess.TimeoutExpired as error:
        raise NoCard(f"no NVIDIA card: {program} does not answer within 30 s") from error
    except OSError as error:
        raise NoCard(f"no NVIDIA card: {program}: {error.strerror}") from error
    cards = parse(child.stdout)
    if child.returncode != 0 or not cards:
        lines = (child.stdout + child.stderr).strip().splitlines()
        said = lines[-1] if lines else f"status {child.returncode}"
        raise NoCard(f"no NVIDIA card: {program}: {said}")
    return cards


class MemoryMeter:
    """The most memory of the first card, in MiB, that comes into use while a block runs."""

    def __init__(self, program="nvidia-smi", milliseconds=100):
        self._command = [
            program, "--id=0", "--query-gpu=memory.used", "--format=csv,noheader,nounits",
            f"--loop-ms={milliseconds}",
        ]
        self._values = []
        self._has_begun = threading.Event()

    def __enter__(self):
        try:
            self._child = subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL, text=True,
            )
        except OSError:
            self._child = None
            return self
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        # The first value is what others use.
        self._has_begun.wait(5)
        return self

    def __exit__(self, *_):
        if self._child:
            self._child.terminate()
            self._child.wait()
            self._reader.join()
            self._child.stdout.close()

    def _read(self):
        for line in self._child.stdout:
            if line.strip().isdigit():
                self._values.append(int(line))
                self._has_begun.set()
        self._has_begun.set()

    @property
    def peak(self):
        """None where nothing was read."""
        return max(self._values) - self._values[0] if self._values else None


class Holder:
    """A child that has the card's memory while a block runs."""

    def __init__(self, log, spare):
        self._log = log
        self._spare = spare

    def __enter__(self):
        script = pathlib.Path(__file__).resolve().parents[1] / "prove-gpu"
        self._child = subprocess.Popen(
            [sys.executable, script, "hold", str(self._spare)], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )
        self.said = self._child.stdout.readline().strip()
        self._log(self.said)
        if not self.said.startswith("holds "):
            self.__exit__()
            raise NoCard(f"the memory cannot be taken: {self.said}")
        return self

    def __exit__(self, *_):
        self._child.stdin.close()
        try:
            self._child.wait(20)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        self._child.stdout.close()


# Driver API: what allocates memory without any other library of CUDA's.
HOLDER = "libcuda.so.1"


def hold(spare):
    """Occupies the first card's memory but for `spare` MiB, prints one line, and waits for the end
    of standard input. Plain allocations only."""
    driver = ctypes.CDLL(HOLDER)
    context = ctypes.c_void_p()
    free, total = ctypes.c_size_t(), ctypes.c_size_t()

    def check(name, *arguments):
        status = getattr(driver, name)(*arguments)
        if status != 0:
            sys.exit(f"{name}: status {status}")

    device = ctypes.c_int()
    check("cuInit", 0)
    check("cuDeviceGet", ctypes.byref(device), 0)
    check("cuDevicePrimaryCtxRetain", ctypes.byref(context), device)
    check("cuCtxSetCurrent", context)
    check("cuMemGetInfo_v2", ctypes.byref(free), ctypes.byref(total))
    held, block = 0, 1 << 30
    # Large blocks first, then what is left.
    while block >= 16 << 20:
        place = ctypes.c_void_p()
        enough = free.value >= (spare << 20) + block
        if not enough or driver.cuMemAlloc_v2(ctypes.byref(place), ctypes.c_size_t(block)) != 0:
            block //= 2
            continue
        held += block
        check("cuMemGetInfo_v2", ctypes.byref(free), ctypes.byref(total))
    print(f"holds {held >> 20} MiB, leaves {free.value >> 20} MiB", flush=True)
    sys.stdin.read()
