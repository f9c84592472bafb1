"""Closing: asking while something goes on, ending everything, and coming back as it was."""

import signal
import unittest

from desktop import (
    DesktopTest, export_form, make_video, mask_form, wait_for, write_session,
)


class ClosingTests(DesktopTest):
    def setUp(self):
        super().setUp()
        self.clips = self.folder / "clips"
        self.clips.mkdir()
        write_session(
            self.folder / "app" / "home",
            masks=mask_form(), export=export_form(folder=str(self.clips)),
        )

    def temporary(self):
        """Files that should exist only while the app works."""
        return [
            str(path) for path in self.folder.rglob("*")
            if path.name.startswith(".8cut-tmp-")
        ]

    def test_session_comes_back(self):
        """Videos, cursors, names and the size of the window are there again."""
        one, two = make_video(self.folder / "one.mp4"), make_video(self.folder / "two.mp4")
        app = self.start(one, two)
        app.wait_for_text("one.mp4 — 8-cut")
        app.wait_at(0)
        app.action("seek", "3.5")
        app.wait_at(3.5)
        app.action("next-file")
        app.wait_for_text("two.mp4 — 8-cut")
        app.wait_at(0)
        app.action("seek", "1.2")
        app.wait_at(1.2)
        app.set_text("Name", "again")
        self.assertEqual(0, app.close())
        wait_for("the end of all others", lambda: not app.helpers(), 1)
        self.assertEqual([], self.temporary())
        app = self.start()
        app.wait_for_text("two.mp4 — 8-cut")
        app.wait_at(1.2)
        app.action("next-file")
        app.wait_at(3.5)
        self.assertEqual("again", app.text("Name"))
        self.assertEqual(["one.mp4", "two.mp4"], [row[0] for row in app.rows()])

    def check_closing(self, app, goes_on):
        """Asks; no keeps it running, yes ends everything."""
        app.action("close")
        app.answer("Stop the work in progress?", "Keep Running")
        self.assertTrue(goes_on())
        self.assertIsNone(app.process.poll())
        app.action("close")
        app.answer_last("Stop the work in progress?", "Stop and Close")
        self.assertEqual(0, app.process.wait(10))
        wait_for("the end of all others", lambda: not app.helpers(), 1)
        self.assertEqual([], self.temporary())

    def test_while_masks_are_made(self):
        """Masks that are finished stay when a run is stopped."""
        app = self.start(make_video(self.folder / "large.mp4", "1280x720", 30, 9))
        app.click("Export")
        app.wait_sensitive("Generate Masks")
        app.click("Generate Masks")
        masks = self.clips / "clip_001_masks"
        wait_for("a mask", lambda: list(masks.glob("frame_*.png")))
        self.check_closing(app, lambda: app.helpers("masks saliency"))
        self.assertTrue(list(masks.glob("frame_*.png")))

    def test_while_clips_are_cut(self):
        """Nothing half done stays of exports that are stopped."""
        app = self.start(make_video(self.folder / "huge.mp4", "1920x1080", 30, 9))
        app.wait_sensitive("Export")
        for _ in range(3):
            app.action("export")
        app.wait_for_text("Cutting clip_001.mp4")
        self.check_closing(app, lambda: app.has("Cancel Export"))
        self.assertEqual(
            len(app.clips()), len([p for p in self.clips.glob("*.mp4")]),
        )
        self.assertEqual(0, app.cli("library", "check", self.clips, check=False).returncode)

    def test_kill_during_an_export(self):
        """After a kill -9 the next start works, and the library can be put right."""
        video = make_video(self.folder / "huge.mp4", "1280x720", 25, 9)
        app = self.start(video)
        app.click("Export")
        wait_for("ffmpeg", lambda: app.helpers(str(self.clips)))
        wait_for("the session", lambda: app.session().get("files"))
        app.process.send_signal(signal.SIGKILL)
        app.process.wait()
        wait_for("the end of its children", lambda: not app.helpers(), 20)
        app = self.start()
        app.wait_for_text("huge.mp4 — 8-cut")
        app.wait_sensitive("Export")
        found = app.cli("library", "check", self.clips, "--fix", check=False)
        again = app.cli("library", "check", self.clips, check=False)
        self.assertEqual(0, again.returncode, found.stdout + again.stdout)
        count = len(app.clips())
        app.click("Export")
        wait_for("the next clip", lambda: len(app.clips()) == count + 1)
        self.assertEqual(1, len(list((app.home / "home").glob(".8cut-tmp-*-desktop"))))
        self.assertEqual(0, app.close())


if __name__ == "__main__":
    unittest.main()
