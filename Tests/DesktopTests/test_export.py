"""Cutting clips: by the button and by the key, several at once, and stopping."""

import json
import subprocess
import time
import unittest

from desktop import (
    DesktopTest, SharedAppTest, export_form, make_video, wait_for, write_session,
)


def probe(path):
    """The length of a file in seconds, and its number of frames."""
    answer = subprocess.run(
        [
            "ffprobe", "-v", "error", "-count_packets", "-select_streams", "v:0",
            "-show_entries", "format=duration:stream=nb_read_packets", "-of", "json", str(path),
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    found = json.loads(answer.stdout)
    return float(found["format"]["duration"]), int(found["streams"][0]["nb_read_packets"])


class ExportTests(SharedAppTest):
    @classmethod
    def begin(cls):
        cls.start_shared(make_video(cls.folder / "video.mp4"))
        cls.clips = cls.folder / "clips"

    def setUp(self):
        super().setUp()
        self.app.wait_sensitive("Export")

    def names(self):
        return sorted(path.name for path in self.clips.glob("*")) if self.clips.exists() else []

    def wait_for_clip(self, name):
        """Waits until a clip is in the library, and returns its entry."""

        def look():
            return next((c for c in self.app.clips() if c["path"].endswith("/" + name)), None)

        return wait_for(name, look)

    def test_button_cuts_eight_seconds(self):
        """The button cuts exactly 8 s at the cursor, and records their label and category."""
        app = self.app
        app.set_text("Name", "tone")
        app.set_text("Label", "a tone")
        app.set_text("Category", "Music")
        app.wait_for_text("Next: tone_001.mp4")
        app.action("seek", "2.5")
        app.wait_at(2.5)
        app.click("Export")
        clip = self.wait_for_clip("tone_001.mp4")
        app.wait_for_text("Next: tone_002.mp4")
        self.assertEqual((8.0, 80), probe(self.clips / "tone_001.mp4"))
        found = {key: clip[key] for key in ["label", "category", "start", "duration"]}
        self.assertEqual(
            {"label": "a tone", "category": "Music", "start": 2.5, "duration": 8}, found
        )
        entry = json.loads((self.clips / "dataset.json").read_text())[0]
        self.assertEqual("tone_001.mp4", entry["path"])
        self.assertEqual(("a tone", "Music", 2.5), (entry["label"], entry["category"],
                                                    entry["start"]))
        wait_for("the marker", lambda: "Clip tone_001.mp4 at 0:02.500" in app.markers())

    def test_key_cuts_but_not_while_typing(self):
        """E cuts a clip; in an entry letters are only letters."""
        app = self.app
        app.set_text("Name", "key")
        app.set_text("Label", "")
        before, place = self.names(), app.player_text()
        app.focus()
        app.press(app.point(app.find("Label", "text")))
        app.type("empj nkl")
        wait_for("the text", lambda: app.text("Label") == "empj nkl")
        self.assertFalse(app.is_playing())
        self.assertEqual(place, app.player_text())
        self.assertFalse(app.has("Cancel Export"))
        self.assertEqual(before, self.names())
        app.wait_for_text("Next: key_001.mp4")
        # A click on the preview takes the keyboard away from the entry, and plays.
        app.press(app.point(app.find("Frame of the video", "image")))
        wait_for("playing", app.is_playing)
        app.keys("p", "e")
        self.assertEqual("empj nkl", self.wait_for_clip("key_001.mp4")["label"])
        app.wait_for_text("Next: key_002.mp4")

    def test_exports_queue(self):
        """Several exports wait for each other, each with the next number."""
        app = self.app
        app.set_text("Name", "row")
        app.wait_for_text("Next: row_001.mp4")
        for number in range(3):
            app.action("seek", str(number))
            app.wait_at(number)
            app.wait_sensitive("Export")
            app.action("export")
        for number in range(3):
            clip = self.wait_for_clip(f"row_00{number + 1}.mp4")
            self.assertEqual(number, clip["start"])
        app.wait_for_text("Next: row_004.mp4")
        wait_for("the count", lambda: "0:12 · %d clips" % len(app.clips()) in app.rows()[0])

    def test_shortened_at_the_end(self):
        """Where too little is left nothing can be cut, and the status bar reports it."""
        app = self.app
        app.action("seek", "9")
        app.wait_for_text("Only 0:03.000 are left here.")
        self.assertFalse(app.can_use("Export"))
        app.action("seek", "1")
        app.wait_sensitive("Export")


class CancelTests(DesktopTest):
    def test_cancel_leaves_nothing_half_done(self):
        """Cancel ends what is being cut within a second, and forgets what waits."""
        video = make_video(self.folder / "large.mp4", "1920x1080", 30, 10)
        clips = self.folder / "clips"
        write_session(self.folder / "app" / "home", export=export_form(folder=str(clips)))
        app = self.start(video)
        app.wait_sensitive("Export")
        for _ in range(3):
            app.action("export")
        app.wait_for_text("2 wait")
        app.wait_for_text("Cutting clip_001.mp4")
        wait_for("ffmpeg", lambda: app.helpers("ffmpeg") and app.helpers(str(clips)))
        wait_for("a file", lambda: list(clips.glob(".8cut*")) or list(clips.glob("*")))
        begin = time.monotonic()
        app.click("Cancel Export")
        wait_for("the end", lambda: not app.has("Cancel Export"))
        wait_for("the end of all that was cutting", lambda: not app.helpers(str(clips)), 1)
        self.assertLess(time.monotonic() - begin, 1.5)
        left = [path.name for path in clips.glob("*") if path.name != "dataset.json"]
        self.assertEqual([], left)
        self.assertEqual([], app.clips())
        self.assertEqual(0, app.cli("library", "check", clips, check=False).returncode)
        app.wait_for_text("Next: clip_001.mp4")
        self.assertEqual(1, len(app.windows()), app.texts(app.windows()[-1]))


if __name__ == "__main__":
    unittest.main()
