"""Finding clips in a video with keys alone: scan, limits, verdicts, export."""

import json
import re
import shlex
import shutil
import subprocess
import unittest
from unittest import mock

import desktop
from desktop import PROGRAMS, DesktopTest, export_form, wait_for, write_session


def make_shots(path):
    """Makes a video of two shots of 20 s at 10 frames a second, with noise; the second is quieter."""
    shot = "testsrc2=size=160x90:rate=10:duration=20"
    subprocess.run(
        [
            "ffmpeg", "-v", "error", "-y",
            "-f", "lavfi", "-i", f"{shot}[a];{shot},negate[b];[a][b]concat",
            "-f", "lavfi", "-i",
            "anoisesrc=r=48000:a=0.3:d=40,volume='if(gt(t,20),0.01,1)':eval=frame",
            "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p",
            "-c:a", "pcm_s16le", str(path),
        ],
        check=True,
        stdin=subprocess.DEVNULL,
    )
    return path


class FindClipsTest(DesktopTest):
    """An app with such a video."""

    def setUp(self):
        super().setUp()
        self.home = self.folder / "app" / "home"
        self.video = make_shots(self.folder / "shots.mkv")
        write_session(
            self.home,
            export=export_form(folder=str(self.folder / "clips"), name="noise", label="a noise"),
        )

    def find(self, *words):
        """Starts the app with the page."""
        cache = {"XDG_CACHE_HOME": str(self.folder / "cache")}
        return self.start("--find", *words, environment=cache)

    def scanned(self):
        """The same, after a scan."""
        app = self.find(self.video)
        app.find("Scan the Video", "push button")
        app.keys("Return")
        app.wait_for_text("4 found")
        self.wait_shown(app, 1, 4)
        return app

    def wait_shown(self, app, number, count):
        """Waits until a clip of the list is shown."""
        app.wait_for_text(f"Clip {number} of {count} at")

    def start_frame(self, app):
        """The first frame of the clip, as the message has it after the start was moved."""
        texts = [re.match(r"Start .*, frame (\d+)$", text) for text in app.texts()]
        return next((int(match[1]) for match in texts if match), None)

    def rows(self, app):
        """What the rows of the list say."""
        return app.names(app.all("list item", root=app.find("Clips That Were Found", "list")))

    def verdicts(self):
        """The verdicts on the disk, by first frame."""
        [path] = (self.home / "finds").glob("*.json")
        found = json.loads(path.read_text())["verdicts"]
        return {entry["startFrame"]: entry["verdict"] for entry in found}

    def judge(self, app, key, text):
        app.keys(key)
        app.wait_for_text(text)


class KeyTests(FindClipsTest):
    def test_from_scan_to_export(self):
        """With keys alone: scan, keep with another start, reject, take back, export."""
        app = self.scanned()
        app.wait_for_text("4 left")
        self.assertEqual(4, len(self.rows(app)))
        app.keys("bracketright")
        first = wait_for("the start", lambda: self.start_frame(app))
        app.keys("bracketright", "bracketright")
        wait_for("a later start", lambda: self.start_frame(app) == first + 2)
        app.keys("bracketleft")
        wait_for("an earlier start", lambda: self.start_frame(app) == first + 1)
        self.judge(app, "a", "Kept, 3 left")
        self.assertEqual({first + 1: "keep"}, self.verdicts())
        self.judge(app, "x", "Rejected, 2 left")
        self.judge(app, "u", "Taken back, 3 left")
        self.judge(app, "x", "Rejected, 2 left")
        self.assertEqual(["keep", "reject"], sorted(self.verdicts().values()))
        app.wait_for_text("1 kept")
        app.keys("e")
        app.wait_for_text("All clips that were kept are exported.")
        [clip] = app.clips()
        self.assertEqual("a noise", clip["label"])
        self.assertTrue((self.folder / "clips" / "noise_001.mp4").exists())
        self.assertEqual(["reject"], list(self.verdicts().values()))
        self.assertEqual([], app.stalls())
        self.assertEqual(0, app.close())
        # What was rejected and what the library has is not offered again, here and elsewhere: no
        # clip has more than half of it.
        [rejected] = self.verdicts()
        found = json.loads(self.app.cli("find", "sounds", self.video, "--json").stdout)
        frames = [candidate["startFrame"] for candidate in found["candidates"]]
        self.assertTrue(frames)
        for frame in frames:
            self.assertGreaterEqual(min(abs(frame - first - 1), abs(frame - rejected)), 40)
        app = self.find(self.video)
        app.wait_for_text(f"{len(frames)} found")
        self.assertEqual(len(frames), len(self.rows(app)))

    def test_limit_by_key_and_by_pointer(self):
        """Up and Down move the limit, and so does a drag of its line; the list follows."""
        app = self.scanned()
        scale = app.find("Limit", "slider")
        self.assertEqual(-60, scale.queryValue().currentValue)
        # The second shot is below −40 dBFS.
        app.keys(*["Up"] * 20)
        app.wait_for_text("2 found")
        self.assertEqual(-40, scale.queryValue().currentValue)
        app.keys(*["Down"] * 20)
        app.wait_for_text("4 found")
        timeline = app.find("Timeline of the Clips That Were Found", "slider")
        self.assertIn("Audio below −60 dBFS is silent", timeline.description)
        left, top, width, height = app.box(timeline)
        # The curve is 84 pixels high and begins 92 pixels below the top; 0 dBFS is above, −90 below.
        line = top + 92 + 84 * 60 / 90
        app.drag((left + width // 2, round(line)), (left + width // 2, top + 93))
        app.wait_for_text("0 found; the loudest second is")
        self.assertEqual([], [row for row in self.rows(app) if "score" in row])
        app.click("Usual Limits")
        app.wait_for_text("4 found")
        self.assertEqual([], app.stalls())

    def test_moving_through_the_list(self):
        """Arrows, S and the list itself show clips; typing in no place gives a verdict."""
        app = self.scanned()
        app.keys("Right")
        self.wait_shown(app, 2, 4)
        app.keys("Left")
        self.wait_shown(app, 1, 4)
        app.keys("Left")
        app.wait_for_text("This is the first clip.")
        app.keys("s")
        wait_for("a clip of the second shot", lambda: any(
            float(text.rpartition("at 0:")[2]) >= 20
            for text in app.texts() if text.startswith("Clip ")
        ))
        app.keys("space")
        app.find("Play", "push button")
        app.keys("space")
        app.find("Pause", "push button")
        app.keys("Escape")
        app.find("Export", "push button")
        app.keys("ctrl+shift+f")
        app.find("Keep (A)", "push button")
        self.assertFalse((self.home / "finds").exists())

    def test_screen_reader(self):
        """What is found and done is told: the list and its rows, the limit, the message, the keys."""
        app = self.scanned()
        row = self.rows(app)[0]
        self.assertRegex(row, r"^0:\d\d\.\d\d\d · score 0\.\d\d")
        self.assertIn("list", app.find("Clips That Were Found", "list").getRoleName())
        frame = app.find("Frame", "image")
        self.assertRegex(frame.description, r"^Clip 1 of 4 at 0:")
        scale = app.find("Limit", "slider")
        self.assertEqual("Audio below −60 dBFS is silent", scale.description)
        self.judge(app, "x", "Rejected, 3 left")
        message = app.find("Rejected, 3 left")
        self.assertIn(message.getRoleName(), ("status bar", "notification", "statusbar"))
        self.assertTrue(any(text.endswith("Rejected") for text in self.rows(app)))
        app.keys("question")
        app.dialog("A clip in the next shot")


class OptionTests(FindClipsTest):
    def test_option(self):
        """--find takes videos, also in a second start; without one it is about the playlist's."""
        app = self.find()
        app.wait_for_text("Open a video first.")
        again = [str(PROGRAMS / "8cut-desktop"), "--find", "shots.mkv"]
        subprocess.run(again, env=app.variables, cwd=self.folder, check=True)
        app.find("Scan the Video", "push button")
        wrong = subprocess.run([*again, "--no-such"], env=app.variables, capture_output=True)
        self.assertEqual(64, wrong.returncode)

    def test_scan_is_cancelled(self):
        """A scan says how far it is; Escape stops it and stays on the page."""
        programs = self.folder / "programs"
        programs.mkdir()
        shutil.copy(PROGRAMS / "8cut-desktop", programs / "8cut-desktop")
        event = {"v": 1, "event": "progress", "unit": "frame", "done": 30, "total": 400,
                 "totalIsEstimate": True, "rate": 10, "secondsLeft": 37}
        stand_in = programs / "8cut"
        stand_in.write_text(
            "#!/bin/sh\n"
            f'[ "$1" = find ] || exec {shlex.quote(str(PROGRAMS / "8cut"))} "$@"\n'
            f"echo {shlex.quote(json.dumps(event))}\nexec sleep 600\n"
        )
        stand_in.chmod(0o755)
        with mock.patch.object(desktop, "PROGRAMS", programs):
            app = self.find(self.video)
        app.click("Scan the Video")
        app.wait_for_text("30 of about 400 frames · 10 per second · 0:37 left")
        app.keys("Escape")
        app.find("Scan the Video", "push button")
        wait_for("the end of the child", lambda: not app.helpers("sleep 600"))
        app.keys("Escape")
        app.find("Export", "push button")


if __name__ == "__main__":
    unittest.main()
