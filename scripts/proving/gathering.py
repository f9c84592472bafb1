"""What a machine without a network needs: the program, ffmpeg, ONNX Runtime for CUDA."""

import pathlib
import re
import shutil
import subprocess
import sys
import zipfile

from . import fatbinaries

ROOT = pathlib.Path(__file__).resolve().parents[2]
# By the CUDA that the driver can run; those of `8cut tools install --gpu`.
REQUIREMENTS = {
    "13": "onnxruntime-gpu[cuda,cudnn]>=1.27,<2",
    "12": "onnxruntime-gpu[cuda,cudnn]>=1.22,<1.27",
}
# Of these wheels only libraries are used, so any of their Pythons will do.
PYTHON = "3.12"
PLATFORMS = ["manylinux_2_28_x86_64", "manylinux_2_27_x86_64", "manylinux_2_17_x86_64",
             "manylinux2014_x86_64"]
PROVIDERS = re.compile(
    r"onnxruntime/capi/libonnxruntime(?:\.so[.\d]*|_providers_(?:cuda|shared)\.so)"
)
CUDA = re.compile(r"nvidia/\w+/lib/lib[\w.-]+\.so[.\d]*")
# The C library belongs to the machine: it fits its kernel and its driver.
OF_THE_SYSTEM = re.compile(
    r"ld-linux.*|linux-vdso.*|lib(?:c|m|mvec|dl|rt|pthread|util|resolv)\.so\..*"
)
# Where `8cut tools install` would have put ONNX Runtime, for 8cut to find it.
PACKAGES = pathlib.Path("home/venv/lib/python3/site-packages")


class CannotPack(Exception):
    """Something that is needed is not there."""


def gather(folder, program, wheels, cuda="13", capability=None, has_cuda_libraries=False):
    """Puts everything into a folder, which is emptied first.

    - program: the built 8cut.
    - wheels: where pip keeps what it downloads.
    - capability: a compute capability such as 9.0: code for other cards is left out.
    - has_cuda_libraries: whether NVIDIA's own libraries belong to it, over a gigabyte.
    """
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "bin").mkdir(parents=True)
    (folder / "lib").mkdir()
    for name, path in [("8cut", program), ("ffmpeg", None), ("ffprobe", None)]:
        found = path or shutil.which(name)
        if not found or not pathlib.Path(found).exists():
            raise CannotPack(f"there is no {path or name}: build it, or install it, first")
        shutil.copy(found, folder / "bin" / name)
        strip(folder / "bin" / name)
        for library, place in libraries(found).items():
            shutil.copy(place, folder / "lib" / library)
    for wheel in download(wheels, REQUIREMENTS[cuda], has_cuda_libraries):
        unpack(wheel, folder / PACKAGES, capability)
    if not list((folder / PACKAGES / "onnxruntime/capi").glob("libonnxruntime_providers_cuda.so")):
        raise CannotPack(f"{wheels} has no ONNX Runtime with CUDA")
    fixtures = ROOT / "Tests/Fixtures"
    for family in ["depth", "sam2"]:
        for size in sorted((fixtures / family / "published").iterdir()):
            shutil.copytree(size, folder / "published" / family / size.name)
    shutil.copytree(fixtures / "depth/tiny", folder / "tiny",
                    ignore=shutil.ignore_patterns("expected*", "layers*"))
    (folder / "tools").mkdir()
    shutil.copy(ROOT / "tools/sam_masks.py", folder / "tools")


def strip(program):
    """Drops what only debuggers read, where there is a program for it."""
    if shutil.which("strip"):
        subprocess.run(["strip", program], capture_output=True)


def libraries(program):
    """The shared libraries that a program is linked with, by name, without the C library's."""
    child = subprocess.run(["ldd", program], capture_output=True, text=True)
    if child.returncode != 0:
        raise CannotPack(f"ldd {program}: {child.stderr.strip()}")
    return parse_libraries(child.stdout)


def parse_libraries(text):
    found = {}
    for line in text.splitlines():
        name, arrow, place = line.strip().partition(" => ")
        if not arrow or OF_THE_SYSTEM.fullmatch(name):
            continue
        if place.startswith("not found"):
            raise CannotPack(f"{name} is not found")
        found[name] = place.rpartition(" (")[0]
    return found


def download(wheels, requirement, has_cuda_libraries):
    """Has pip download ONNX Runtime, with NVIDIA's libraries or without; returns the wheels."""
    folder = wheels / re.sub(r"\W+", "-", requirement + (" all" if has_cuda_libraries else ""))
    if not (folder / "complete").exists():
        wanted = requirement if has_cuda_libraries else re.sub(r"\[.*\]", "", requirement)
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--dest", folder,
                   "--only-binary=:all:", "--python-version", PYTHON, "--implementation", "cp"]
        command += [word for name in PLATFORMS for word in ("--platform", name)]
        command += [] if has_cuda_libraries else ["--no-deps"]
        if subprocess.run([*command, wanted]).returncode != 0:
            raise CannotPack(f"pip cannot download {wanted}")
        (folder / "complete").touch()
    return sorted(folder.glob("*.whl"))


def unpack(wheel, folder, capability):
    """Unpacks a wheel's libraries."""
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if not (PROVIDERS.fullmatch(name) or CUDA.fullmatch(name)):
                continue
            data = bytearray(archive.read(name))
            if capability:
                fatbinaries.blank(data, capability)
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)


def capability(text):
    """90 for "9.0"."""
    if not re.fullmatch(r"\d{1,2}\.\d", text):
        raise ValueError(f"{text} is no compute capability such as 9.0")
    return int(text.replace(".", ""))
