"""Opening videos: dropped, from the list, one after the other."""

import os
import pathlib
import subprocess
import sys
import unittest

from desktop import HERE, DesktopTest, make_video, wait_for


class OpeningTests(DesktopTest):
    def test_dropped_video_is_listed(self):
        """A file that is dropped onto the window is listed and shown."""
        video = make_video(self.folder / "a video.mp4")
        app = self.start()
        app.wait_for_text("Drop Videos Here")
        source = subprocess.Popen([sys.executable, HERE / "drag_source.py", video])
        self.addCleanup(source.wait)
        self.addCleanup(source.kill)
        window = wait_for(
            "the source of the drag",
            lambda: app.window_ids("drag source"),
        )[-1]
        app.x("windowmove", "--sync", window, 1300, 300)
        app.drag((1400, 400), (700, 300), steps=20)
        app.wait_for_text("0:12 · 0 clips")
        self.assertEqual([["a video.mp4", "0:12 · 0 clips"]], app.rows())
        app.wait_at(0)

    def test_what_is_no_usable_file_is_refused(self):
        """An address, and a name that is not UTF-8: a dialog says why, nothing is listed."""
        named = os.fsencode(self.folder) + b"/a\xff.mp4"
        pathlib.Path(os.fsdecode(named)).write_bytes(b"x")
        for argument, part, why in [
            ("http://127.0.0.1:9/video.mp4", "http://127.0.0.1:9/video.mp4", "not a file"),
            (os.fsdecode(named), "a\ufffd.mp4", "not valid UTF-8"),
        ]:
            with self.subTest(why):
                app = self.start(argument, home=why.split()[-1])
                dialog = app.dialog(why)
                self.assertIn(part, "\n".join(app.texts(dialog)))
                app.answer(why, "Close")
                app.wait_for_text("Drop Videos Here")
                self.assertEqual([], app.rows())
                self.assertEqual(0, app.close())


if __name__ == "__main__":
    unittest.main()
