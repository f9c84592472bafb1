"""What the tests of the engines share: clips, lists, the program, and masks to compare with."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("EIGHTCUT_PROGRAM") or ROOT / ".build/release/8cut")
TOOLS = ROOT / ".build/test-tools/engines"
WORKFLOWS = ROOT / "workflows"


class EngineTest(unittest.TestCase):
    """A test with a folder of its own, in which `videos` is one of clips that all tests share."""

    maxDiff = 2000

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="8cut-engines-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.environment = os.environ | {"EIGHTCUT_HOME": str(self.folder / "home")}

    # Lists

    def make_list(self, count, name="list.jsonl", broken=(), slow=(), outputs=""):
        """Writes a list of clips, of which some are no videos and some take a while.

        Returns its path. The clips are beside it.
        """
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        rows = []
        for number in range(count):
            clip = path.parent / f"clip {number}.mkv"
            if number in broken:
                clip.write_text("no video")
            else:
                shutil.copyfile(slow_clip() if number in slow else clip_of(number), clip)
            rows.append({
                "id": f"row-{number}", "input": clip.name, "method": "saliency",
                "output": f"{outputs}masks/{number}",
            })
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        return path

    # The program

    def run_8cut(self, *arguments, status=0, **more):
        """Runs the program and returns what it prints; the exit status has to be `status`."""
        result = subprocess.run(
            [PROGRAM, *map(str, arguments)],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120,
            env=more.pop("environment", self.environment), **more,
        )
        self.assertEqual(status, result.returncode, f"{arguments}\n{result.stdout}{result.stderr}")
        return result.stdout if status == 0 else result.stderr

    def status_of(self, path):
        """How far a list is, as `batch status` reports it."""
        return json.loads(self.run_8cut("batch", "status", "--list", path, "--json"))

    def results_of(self, path):
        """The results of a list by id."""
        files = (path.parent / "results").glob("*.json")
        return {file.stem: json.loads(file.read_text()) for file in files}

    def attempts_of(self, path):
        """How many tries each row took."""
        return {name: result["attempt"] for name, result in self.results_of(path).items()}

    # Masks

    def check_masks(self, path, numbers):
        """The masks of some rows are those that one run on this machine makes, byte for byte."""
        for number in numbers:
            row = json.loads(path.read_text().splitlines()[number])
            expected = masks_in(expected_masks(path.parent / row["input"]))
            self.assertTrue(expected)
            self.assertEqual(
                digest(expected), digest(masks_in(path.parent / row["output"])), f"row {number}"
            )


def digest(masks):
    return {name: hash(content) for name, content in masks.items()}


def masks_in(folder):
    """The images of masks in a folder, by name."""
    return {file.name: file.read_bytes() for file in sorted(pathlib.Path(folder).glob("*.png"))}


class _Shared:
    """What is made once for all tests, below one folder that goes with the process."""

    folder = None
    made = {}

    @classmethod
    def path(cls, name):
        if cls.folder is None:
            cls.folder = tempfile.TemporaryDirectory(prefix="8cut-engines-")
        return pathlib.Path(cls.folder.name, name)


def clip_of(number):
    """A clip of one second in which a disc moves, at a height that depends on the number."""
    path = _Shared.path(f"clip-{number}.mkv")
    if not path.exists():
        inside = f"lt(hypot(X-W*(0.2+0.05*N),Y-H*{0.3 + number % 5 * 0.1:.1f}),H/5)"
        graph = (
            "color=black:size=160x90:rate=12:duration=1,format=yuv444p,"
            f"geq=lum='if({inside},190+30*sin(X/3)*sin(Y/4),60+20*sin(X/7)*cos(Y/5))'"
            f":cb='if({inside},90,140)':cr='if({inside},200,110)'"
        )
        render(graph, path)
    return path


def slow_clip():
    """A clip whose masks take some seconds."""
    path = _Shared.path("slow.mkv")
    if not path.exists():
        render("testsrc2=size=640x360:rate=25:duration=16,format=yuv420p", path)
    return path


def render(graph, path):
    subprocess.run(
        [
            "ffmpeg", "-nostdin", "-loglevel", "error", "-y", "-f", "lavfi", "-i", graph,
            "-c:v", "libx264", "-preset", "ultrafast", path,
        ],
        check=True,
    )


def expected_masks(clip):
    """The masks of a clip, made once with the command for one clip."""
    content = pathlib.Path(clip).read_bytes()
    if content not in _Shared.made:
        folder = _Shared.path(f"expected-{len(_Shared.made)}")
        subprocess.run(
            [PROGRAM, "masks", "saliency", "--input", clip, "--output", folder, "--quiet"],
            check=True, stdin=subprocess.DEVNULL,
        )
        _Shared.made[content] = folder
    return _Shared.made[content]
