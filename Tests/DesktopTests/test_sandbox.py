"""The app in the sandbox of its Flatpak, as far as that shows: its home folder, the trash portal."""

import pathlib
import subprocess
import sys

from desktop import DesktopTest, make_video, wait_for

FLATPAK = "io.github.eightcut.EightCut"


class SandboxTests(DesktopTest):
    def setUp(self):
        super().setUp()
        self.video = make_video(self.folder / "video.mp4")
        self.clips = self.folder / "clips"
        self.trash = self.folder / "trash"
        self.trash.mkdir()
        portal = subprocess.Popen(
            [sys.executable, pathlib.Path(__file__).with_name("trash_portal.py"), self.trash],
            stdout=subprocess.PIPE,
            text=True,
        )
        self.addCleanup(portal.stdout.close)
        self.addCleanup(portal.wait)
        self.addCleanup(portal.kill)
        self.assertEqual("ready\n", portal.stdout.readline())

    def start_in_sandbox(self):
        app = self.start(
            self.video,
            environment={
                "FLATPAK_ID": FLATPAK,
                # For GIO this stands for the file that Flatpak has in its sandboxes.
                "GTK_USE_PORTAL": "1",
                # No variable of ours: what the app does by itself.
                "EIGHTCUT_HOME": "",
            },
        )
        app.cli("export", "--input", self.video, "--start", 1, "--to", self.clips, "--name", "a")
        wait_for("the marker", lambda: len(app.markers()) == 1)
        return app

    def test_home_is_in_the_data_of_the_app(self):
        """Library and session are where Flatpak keeps an app's data."""
        app = self.start_in_sandbox()
        app.close()
        home = self.folder / "app" / "data" / "8cut"
        self.assertTrue((home / "library.sqlite").exists())
        self.assertTrue((home / "session.json").exists())

    def test_portal_takes_what_is_deleted(self):
        """A clip and its masks go to the trash portal; what only the desktop can undo is not offered."""
        app = self.start_in_sandbox()
        clip = app.clips()[0]
        app.cli("masks", "saliency", "--clip", clip["id"])
        app.action("clip-delete", clip["id"])
        app.wait_for_text("a_001.mp4 was moved to the trash")
        wait_for("the end of the marker", lambda: not app.markers())
        self.assertEqual(
            ["a_001.mp4", "a_001_masks"], sorted(path.name for path in self.trash.iterdir())
        )
        self.assertEqual(80, len(list((self.trash / "a_001_masks").glob("frame_*.png"))))
        self.assertFalse((app.home / "data" / "Trash").exists())
        self.assertFalse(app.has("Undo"))
        self.assertEqual([], app.clips())

    def test_files_of_others_stay(self):
        """Masks among other files go as a folder of their own."""
        app = self.start_in_sandbox()
        app.cli("masks", "saliency", "--clip", app.clips()[0]["id"])
        notes = self.clips / "a_001_masks" / "notes.txt"
        notes.write_text("mine")
        done = app.cli("library", "delete", app.clips()[0]["id"])
        self.assertIn("notes.txt", done.stderr)
        self.assertEqual("mine", notes.read_text())
        self.assertEqual(
            ["a_001.mp4", "a_001_masks.deleted"],
            sorted(path.name for path in self.trash.iterdir()),
        )

    def test_refused_clip_stays(self):
        """What the portal refuses stays, and the command says so."""
        app = self.start_in_sandbox()
        (self.trash / "refuse").write_text("a_001")
        done = app.cli("library", "delete", app.clips()[0]["id"], check=False)
        self.assertNotEqual(0, done.returncode)
        self.assertIn("cannot move to the trash", done.stderr)
        self.assertIn("--permanently", done.stderr)
        self.assertTrue((self.clips / "a_001.mp4").exists())
        self.assertEqual(1, len(app.clips()))
