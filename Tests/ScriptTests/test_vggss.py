"""The scores of thresholds, on a set of five made-up clips."""

import contextlib
import io
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools" / "reference"))

import score_vggss  # noqa: E402


class ScoreTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        for name in ("videos", "present", "absent"):
            (self.folder / name).mkdir()
        clips = [
            ("a_000001", "dog barking", [[0, 0, 0.5, 1]]),
            ("b_000002", "playing cello", [[0.5, 0.5, 1, 1], [0, 0, 0.25, 0.25]]),
            ("c_000003", "cat purring", [[0, 0, 1, 1]]),
            ("d_000004", "train whistling", [[0, 0, 0.5, 0.5]]),
            # Without an area it is no box.
            ("e_000005", "tap dancing", [[0.1, 0.1, 0.1, 0.1]]),
        ]
        entries = [{"file": file, "class": label, "bbox": boxes} for file, label, boxes in clips]
        (self.folder / "vggss.json").write_text(json.dumps(entries))
        videos = [self.folder / "videos" / f"{file}.mkv" for file, _, _ in clips]
        source = ["-f", "lavfi", "-i", "color=s=64x32:d=0.04:r=25"]
        subprocess.run(["ffmpeg", "-v", "error", *source, videos[0]], check=True)
        for copy in videos[1:]:
            shutil.copy(videos[0], copy)

    def answer(self, kind, file, *candidates):
        document = {"v": 1, "candidates": [
            {"box": box, "frame": 0, "score": score} for score, box in candidates
        ]}
        (self.folder / kind / f"{file}.json").write_text(json.dumps(document))

    def run_script(self, *arguments):
        output, errors = io.StringIO(), io.StringIO()
        command = ["score_vggss.py", *map(str, arguments)]
        with mock.patch.object(sys, "argv", command), contextlib.redirect_stdout(output), \
                contextlib.redirect_stderr(errors):
            status = score_vggss.main()
        return status, output.getvalue(), errors.getvalue()

    def scores(self, *options):
        status, output, errors = self.run_script(
            "score", self.folder / "vggss.json", "--videos", self.folder / "videos",
            "--present", self.folder / "present", *options,
        )
        self.assertEqual((0, ""), (status, errors))
        rows = [line.strip("| ").split(" | ") for line in output.splitlines() if line[:1] == "|"]
        return output, {row[0]: row[1:] for row in rows[2:]}

    def test_each_threshold_has_a_row(self):
        # Right; half of it; the second of two true boxes; and nothing at all.
        self.answer("present", "a_000001", (0.1, [40, 0, 60, 9]), (0.5, [0, 0, 32, 32]))
        self.answer("present", "b_000002", (0.3, [0, 0, 16, 8]))
        self.answer("present", "c_000003", (0.2, [0, 0, 16, 32]))
        (self.folder / "present" / "d_000004.json").write_text("")
        self.answer("absent", "a_000001", (0.05, [0, 0, 9, 9]))
        self.answer("absent", "b_000002", (0.25, [0, 0, 9, 9]))
        output, rows = self.scores("--absent", self.folder / "absent")
        self.assertIn("clips with the thing: 4, without: 2", output)
        # found, precision, recall, mean IoU, none, MCC
        self.assertEqual(["0.750", "0.667", "0.500", "0.750", "0.500", "0.250"], rows["0.2"])
        self.assertEqual(["0.500", "1.000", "0.500", "1.000", "1.000", "0.500"], rows["0.3"])
        self.assertEqual(["0.000", "0.000", "0.000", "0.000", "1.000", "–"], rows["0.6"])

    def test_clips_that_were_not_run_are_left_out(self):
        self.answer("present", "a_000001", (0.5, [0, 0, 32, 32]))
        output, rows = self.scores()
        self.assertIn("clips with the thing: 1, without: 0", output)
        self.assertEqual(["1.000", "1.000", "1.000", "1.000", "–", "–"], rows["0.5"])

    def test_boxes_may_be_parts_of_the_square_in_the_middle(self):
        self.answer("present", "d_000004", (0.5, [16, 0, 32, 16]))
        self.assertEqual("1.000", self.scores("--annotated", "square")[1]["0.1"][3])
        self.assertEqual("0.500", self.scores()[1]["0.1"][3])

    def test_the_list_names_a_thing_that_is_there_and_one_that_is_not(self):
        status, output, _ = self.run_script("list", self.folder / "vggss.json")
        rows = [line.split("\t") for line in output.splitlines()]
        self.assertEqual(0, status)
        self.assertEqual(["a_000001", "dog barking"], rows[0][:2])
        self.assertEqual(4, len(rows))
        labels = {row[1] for row in rows}
        for _, label, other in rows:
            self.assertIn(other, labels - {label})

    def test_what_is_missing_is_named(self):
        status, _, errors = self.run_script(
            "score", self.folder / "vggss.json", "--videos", self.folder / "nothing",
            "--present", self.folder / "present",
        )
        self.assertEqual(1, status)
        self.assertIn("has no answer to any clip", errors)
        self.answer("present", "a_000001", (0.5, [0, 0, 32, 32]))
        (self.folder / "videos" / "a_000001.mkv").unlink()
        status, _, errors = self.run_script(
            "score", self.folder / "vggss.json", "--videos", self.folder / "videos",
            "--present", self.folder / "present",
        )
        self.assertEqual(1, status)
        self.assertIn("there is no a_000001.mp4", errors)


if __name__ == "__main__":
    unittest.main()
