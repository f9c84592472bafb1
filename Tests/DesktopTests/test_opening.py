"""Opening videos: dropped, from the list, one after the other."""

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


if __name__ == "__main__":
    unittest.main()
