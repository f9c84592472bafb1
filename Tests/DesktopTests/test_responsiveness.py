"""The window answers while much goes on."""

import unittest

from desktop import (
    DesktopTest, export_form, make_video, mask_form, wait_for, write_session,
)


class ResponsivenessTests(DesktopTest):
    def test_no_stalls(self):
        """Exports, masks and scrubbing at once never hold the main loop for a tenth of a second."""
        clips = self.folder / "clips"
        write_session(self.folder / "app" / "home", masks=mask_form(),
                      export=export_form(folder=str(clips)))
        app = self.start(make_video(self.folder / "video.mp4", "1280x720", 30, 12),
                         environment={"EIGHTCUT_STALLS": "0.1"})
        app.click("Export")
        app.wait_for_text("of clip_001.mp4")
        app.wait_sensitive("Generate Masks")
        app.wait_sensitive("Export")
        app.action("export")
        app.action("generate-masks")
        app.wait_for_text("Making masks of clip_001.mp4")
        timeline = app.find("Timeline", "slider")
        for start, end in [(0.05, 0.9), (0.9, 0.2), (0.2, 0.6), (0.6, 0.1)]:
            app.drag(app.point(timeline, start, 0.8), app.point(timeline, end, 0.8), steps=40)
        wait_for("the cursor", lambda: abs(app.seconds() - 1.2) < 0.1)
        self.assertTrue(app.has("Cancel Masks"), "the masks were done too soon")
        app.keys("p")
        wait_for("playing", app.is_playing)
        wait_for("the clips", lambda: len(app.clips()) == 2, 120)
        wait_for("the masks", lambda: not app.has("Cancel Masks"), 120)
        self.assertEqual([], app.stalls())


if __name__ == "__main__":
    unittest.main()
