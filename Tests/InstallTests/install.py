"""What the tests of packages share: the packages, a clip, and programs that run in a bare environment."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
from packing import debian_root, project, wheel  # noqa: E402, F401

# Python, and programs that PyPI has, for making and trying wheels.
TOOLS = project.PACKAGES / "venv" / "bin"
# Where this system has ffmpeg.
FFMPEG = pathlib.Path(shutil.which("ffmpeg") or "/usr/bin/ffmpeg").parent
# Frames of the clip.
FRAMES = 10
FIXTURES = ROOT / "Tests" / "Fixtures"


class InstallTest(unittest.TestCase):
    """A test with a folder of its own, in which there is a clip."""

    maxDiff = 2000

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="8cut-install-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        # For users without rights, in a container too.
        self.folder.chmod(0o777)
        self.clip = self.folder / "clip.mkv"
        make_clip(self.clip)

    def run_program(self, *words, status=0, environment=None, **options):
        """Runs a program in a bare environment and returns its output."""
        result = subprocess.run(
            [str(word) for word in words], env=environment or {}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300, **options,
        )
        self.assertEqual(status, result.returncode, f"{words}\n{result.stdout}")
        return result.stdout

    def check_masks(self, folder, count=FRAMES):
        """There is one mask for each frame, and a manifest."""
        self.assertEqual(count, len(list(folder.glob("frame_*.png"))))
        self.assertTrue((folder / "masks.json").is_file())


def make_clip(path):
    """A clip of a moving square."""
    subprocess.run(
        [
            "ffmpeg", "-nostdin", "-loglevel", "error", "-f", "lavfi", "-i",
            f"color=gray:size=160x90:rate=25,drawbox=x=10+4*t*25:y=30:w=24:h=24:color=red:t=fill",
            "-frames:v", str(FRAMES), path,
        ],
        check=True, stdin=subprocess.DEVNULL,
    )


def package(pattern):
    """The one package in DIST that a pattern names."""
    found = sorted(project.DIST.glob(pattern))
    if len(found) != 1:
        raise AssertionError(f"{pattern}: {len(found)} in {project.DIST}: make wheel deb image")
    return found[0]


def files_below(folder):
    """All files and folders below a folder, by their paths."""
    return {path.relative_to(folder) for path in folder.rglob("*")}


def linked_libraries(program):
    """The names of the shared libraries that a program needs."""
    listing = project.run("readelf", "--dynamic", "--wide", program)
    return set(re.findall(r"\(NEEDED\).*\[(.+)\]", listing))


def python(folder):
    """Makes an environment of Python and returns its Python."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    return folder / "bin" / "python"


def environment_of_pip():
    """What pip needs to reach the packages of PyPI."""
    names = ("PATH", "HOME", "SSL_CERT_FILE", "http_proxy", "https_proxy", "no_proxy")
    return {
        name: value for name, value in os.environ.items()
        if name in names or name.startswith(("PIP_", "UV_"))
    }
