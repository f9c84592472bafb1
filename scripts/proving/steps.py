"""Steps with time limits, the rows that they become, and the table of them."""

import contextlib
import dataclasses
import os
import signal
import subprocess
import threading
import time

PASSED, FAILED, SKIPPED, SEEN = "passed", "FAILED", "skipped", "seen"
COLUMNS = [
    "step", "result", "s", "frames a second", "first mask, s", "GPU MiB", "MiB", "IoU mean",
    "least", "remark",
]


class Failure(Exception):
    """A step that did not do what it has to do; the text says what."""


class TimeLimit(Exception):
    """A step that took too long."""


@dataclasses.dataclass
class Row:
    """What came of a step; figures that were not measured are None."""

    result: str = PASSED
    seconds: float = 0.0
    rate: float | None = None
    first: float | None = None
    card_memory: int | None = None
    memory: int | None = None
    mean: float | None = None
    least: float | None = None
    remark: str = ""

    def cells(self, name):
        def text(value, form):
            return "" if value is None else format(value, form)

        return [
            name, self.result, f"{self.seconds:.1f}", text(self.rate, ".2f"),
            text(self.first, ".1f"), text(self.card_memory, "d"), text(self.memory, "d"),
            text(self.mean, ".4f"), text(self.least, ".4f"), self.remark,
        ]


def table(rows):
    """Pairs of a name and a Row as a Markdown table."""
    def line(cells):
        words = [cell.replace("|", "\\|").replace("\n", " ") for cell in cells]
        return f"| {' | '.join(words)} |"

    lines = [line(COLUMNS), line(["---"] * len(COLUMNS))]
    return "\n".join(lines + [line(row.cells(name)) for name, row in rows]) + "\n"


@contextlib.contextmanager
def time_limit(seconds):
    """Raises TimeLimit in the block, which is the main thread's, when it takes longer."""
    def end(_signal, _frame):
        raise TimeLimit

    before = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.001))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class Steps:
    """Runs steps one after the other and keeps their rows. The table is on the disk after each of
    them, so that a run that is killed leaves what it has found."""

    def __init__(self, folder, seconds):
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._end = time.monotonic() + seconds
        self.rows = []
        self.log = open(folder / "log.txt", "w", encoding="utf-8")

    def close(self):
        self.log.close()

    def note(self, text):
        self.log.write(text.rstrip("\n") + "\n")
        self.log.flush()

    def run(self, name, action, limit):
        """Runs a step, which returns a Row, and returns whether it has passed."""
        self.note(f"\n== {name}")
        start = time.monotonic()
        left = self._end - start
        if left < 1:
            row = Row(SKIPPED, remark="no time is left")
        else:
            limit = min(limit, left)
            try:
                with time_limit(limit):
                    row = action()
            except TimeLimit:
                row = Row(FAILED, remark=f"took longer than {limit:.3g} s")
            except Exception as error:  # One step must not end the others.
                kind = "" if isinstance(error, Failure) else f"{type(error).__name__}: "
                row = Row(FAILED, remark=f"{kind}{error}")
        row.seconds = time.monotonic() - start
        self.add(name, row)
        return row.result != FAILED

    def add(self, name, row):
        self.rows.append((name, row))
        self.note(f"-- {row.result} {row.remark}")
        print(f"{row.result:7} {row.seconds:6.1f} s  {name}  {row.remark}", flush=True)
        (self._folder / "table.md").write_text(table(self.rows), encoding="utf-8")

    @property
    def has_failed(self):
        """A step for which no time was left counts too: it has shown nothing."""
        return any(row.result in (FAILED, SKIPPED) for _, row in self.rows)


class Run:
    """A child process that has ended: its status, its output, when each frame was done, and the
    most memory that it had, in MiB."""

    def __init__(self, command, environment, log=None, standard_input=subprocess.DEVNULL):
        command = [str(word) for word in command]
        if log:
            log("$ " + " ".join(command))
        start = time.monotonic()
        process = subprocess.Popen(
            command, env=environment, stdin=standard_input, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, errors="replace", start_new_session=True,
        )
        self.marks, lines, errors = [], [], []
        reader = threading.Thread(target=lambda: errors.extend(process.stderr))
        reader.start()
        try:
            for line in process.stdout:
                lines.append(line)
                if line.startswith("frame "):
                    self.marks.append((time.monotonic() - start, _count(line)))
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = self.status = os.waitstatus_to_exitcode(status)
            self.memory = usage.ru_maxrss // 1024
        finally:
            # A limit that has run out must leave nothing behind.
            if process.returncode is None:
                _kill(process)
            reader.join(5)
            process.stdout.close()
            process.stderr.close()
        self.output, self.errors = "".join(lines), "".join(errors)
        if log:
            kept = [line for line in lines if not line.startswith("frame ")]
            log("".join(kept) + self.errors + f"status {self.status}")

    def check(self):
        """Raises Failure when it has not ended well."""
        if self.status != 0:
            raise Failure(f"status {self.status}: {self.last_words}")
        return self

    @property
    def last_words(self):
        words = (self.errors.strip() or self.output.strip()).splitlines()
        return words[-1] if words else "it printed nothing"

    @property
    def first(self):
        return self.marks[0][0] if self.marks else None

    def rate(self, warm_up):
        """Frames a second once `warm_up` frames are done; None of too few frames."""
        marks = [mark for mark in self.marks if mark[1] >= warm_up]
        if len(marks) < 2 or marks[-1][0] <= marks[0][0]:
            return None
        return (marks[-1][1] - marks[0][1]) / (marks[-1][0] - marks[0][0])


def _count(line):
    """The 12 of "frame 12/240"."""
    number = line.split()[1].split("/")[0]
    return int(number) if number.isdigit() else 0


def _kill(process):
    with contextlib.suppress(OSError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
