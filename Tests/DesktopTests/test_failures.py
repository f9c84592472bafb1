"""Each error is shown in a dialog, harms nothing else, and the app goes on."""

import os
import pathlib
import shutil
import signal
import subprocess
import unittest
from unittest import mock

import desktop
from desktop import (
    PROGRAMS, ROOT, DesktopTest, SharedAppTest, export_form, make_video, mask_form, read_json, wait_for,
    write_session,
)


class BadFileTests(SharedAppTest):
    @classmethod
    def begin(cls):
        cls.video = make_video(cls.folder / "video.mp4")
        cls.start_shared(cls.video)

    def setUp(self):
        super().setUp()
        self.app.action("open-file", self.video)
        self.app.wait_for_text("/ 0:12.000")

    def check(self, path, part):
        """A file that is no video is reported in a dialog and in its row; others go on working."""
        app = self.app
        app.action("open-file", path)
        app.answer(part, "Close")
        app.wait_for_text("Cannot be used")
        app.wait_for_text("No Video")
        app.click(f"Remove {pathlib.Path(path).name} from the List")
        wait_for("the video", lambda: len(app.rows()) == 1)
        app.wait_for_text("/ 0:12.000")
        self.assertTrue(app.can_use("Export"))

    def test_garbage(self):
        """Random bytes under a video's name."""
        path = self.folder / "garbage.mp4"
        path.write_bytes(os.urandom(100_000))
        self.check(path, str(path))

    def test_text(self):
        """A text."""
        path = self.folder / "notes.md"
        path.write_text("Dogs bark.\n" * 100)
        self.check(path, str(path))

    def test_cut_off(self):
        """A video of which only the first half was copied."""
        path = self.folder / "half.mp4"
        path.write_bytes(self.video.read_bytes()[:50_000])
        self.check(path, str(path))

    def test_missing(self):
        """A file that is not there."""
        self.check(self.folder / "missing.mp4", str(self.folder / "missing.mp4"))

    def test_empty_folder(self):
        """A folder without videos."""
        path = self.folder / "empty"
        path.mkdir()
        self.app.action("open-file", path)
        self.app.answer("There are no videos in it.", "Close")
        self.assertEqual(1, len(self.app.rows()))


class LanguageTests(DesktopTest):
    def test_errors_are_translated(self):
        """An error of a child process is shown in the language of the app."""
        folder = self.folder / "usr"
        (folder / "bin").mkdir(parents=True)
        for name in ("8cut", "8cut-desktop"):
            shutil.copy(PROGRAMS / name, folder / "bin" / name)
        catalogue = folder / "share" / "locale" / "de" / "LC_MESSAGES" / "8cut.mo"
        catalogue.parent.mkdir(parents=True)
        subprocess.run(["msgfmt", "-o", catalogue, ROOT / "po" / "de.po"], check=True)
        video = make_video(self.folder / "video.mp4")
        with mock.patch.object(desktop, "PROGRAMS", folder / "bin"):
            app = self.start(video, environment={"LANGUAGE": "de"})
        app.wait_for_text("/ 0:12.000")
        video.unlink()
        app.action("export")
        app.answer("Die Datei gibt es nicht.", "Schließen")


class ChildTests(SharedAppTest):
    @classmethod
    def begin(cls):
        cls.clips = cls.folder / "clips"
        write_session(
            cls.folder / "shared" / "home",
            masks=mask_form(), export=export_form(folder=str(cls.clips)),
        )
        app = cls.start_shared(
            make_video(cls.folder / "video.mp4", "640x360", 30, 9),
            environment={"EIGHTCUT_SILENCE_LIMIT": "3"},
        )
        app.click("Export")
        app.wait_for_text("of clip_001.mp4")

    def setUp(self):
        super().setUp()
        self.app.action("clip-select", self.app.clips()[0]["id"])
        self.app.wait_for_text("of clip_001.mp4")

    def check_masks(self):
        """The next run goes on and ends well."""
        app = self.app
        wait_for("the end", lambda: not app.has("Cancel Masks"))
        app.click("Generate Masks")
        folder = self.clips / "clip_001_masks"
        wait_for("the masks", lambda: read_json(folder / "masks.json").get("complete"))
        self.assertEqual(240, len(list(folder.glob("frame_*.png"))))
        subprocess.run(["rm", "-r", folder], check=True)
        wait_for("the end", lambda: not app.has("Cancel Masks"))

    def test_killed(self):
        """A worker that the system kills is reported; the next run works."""
        app = self.app
        app.click("Generate Masks")
        os.kill(app.child("masks saliency"), signal.SIGKILL)
        app.answer("Cannot finish 8cut masks saliency", "Close")
        self.assertFalse(app.helpers("masks saliency"))
        self.check_masks()

    def test_stopped(self):
        """A worker that gives no sign of life any more is ended and reported."""
        app = self.app
        app.click("Generate Masks")
        child = app.child("masks saliency")
        os.kill(child, signal.SIGSTOP)
        app.answer("It gave no sign of life for 3 seconds", "Close")
        wait_for("its end", lambda: not app.helpers("masks saliency"))
        self.check_masks()

    def test_killed_export(self):
        """An export that is killed is reported; the next one works."""
        app = self.app
        app.set_text("Name", "killed")
        app.wait_for_text("Next: killed_001.mp4")
        app.click("Show the Video")
        app.wait_sensitive("Export")
        app.click("Export")
        os.kill(app.child("export --input"), signal.SIGKILL)
        app.answer("Cannot finish 8cut export", "Close")
        wait_for("the end of ffmpeg", lambda: not app.helpers("killed"))
        app.click("Export")
        wait_for("the clip", lambda: [c for c in app.clips() if "killed" in c["path"]])
        self.assertEqual(0, app.cli("library", "check", "--fix", check=False).returncode)


class PlaceTests(DesktopTest):
    def check(self, folder, *parts):
        """An export to a bad place is reported in a dialog and leaves nothing."""
        write_session(self.folder / "app" / "home", export=export_form(folder=str(folder)))
        app = self.start(make_video(self.folder / "video.mp4"))
        app.click("Export")
        dialog = app.dialog(parts[0])
        text = "\n".join(app.texts(dialog))
        for part in parts:
            self.assertIn(part, text)
        app.answer(parts[0], "Close")
        wait_for("the end", lambda: not app.has("Cancel Export"))
        self.assertEqual([], app.clips())
        self.assertEqual(0, app.cli("library", "check", check=False).returncode)
        self.assertTrue(app.can_use("Export"))
        self.assertEqual(0, app.close())

    def test_full_disk(self):
        """A disk that is full."""
        place = self.folder / "disk"
        place.mkdir()
        how = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(place)]
        if subprocess.run(how, capture_output=True).returncode:
            self.skipTest("this user cannot mount")
        self.addCleanup(subprocess.run, ["umount", "--lazy", str(place)])
        self.check(place, "he disk is full")
        left = [path.name for path in place.rglob("*") if path.suffix != ".json"]
        self.assertEqual([], left)

    def test_folder_that_cannot_be(self):
        """A folder below a file."""
        (self.folder / "file").write_text("")
        self.check(self.folder / "file" / "clips", str(self.folder / "file"))


class SessionTests(DesktopTest):
    def test_damaged_session(self):
        """A session that cannot be read is set aside, and the app starts anyway."""
        home = self.folder / "app" / "home"
        home.mkdir(parents=True)
        (home / "session.json").write_text('{"files": [')
        app = self.start(make_video(self.folder / "video.mp4"))
        app.wait_for_text("The last session was damaged")
        app.wait_for_text("0:12 · 0 clips")
        self.assertEqual('{"files": [', (home / "session.json.damaged").read_text())
        self.assertEqual(0, app.close())
        self.assertEqual(1, len(app.session()["files"]))


if __name__ == "__main__":
    unittest.main()
