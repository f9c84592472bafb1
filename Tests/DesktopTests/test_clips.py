"""What is done with clips that were cut: relabel, delete, undo, cut again; here and elsewhere."""

import unittest

from desktop import SharedAppTest, make_video, read_json, wait_for, written_at


class ClipTests(SharedAppTest):
    @classmethod
    def begin(cls):
        cls.video = make_video(cls.folder / "video.mp4")
        cls.clips = cls.folder / "clips"
        cls.start_shared(cls.video)
        for start in [1, 3]:
            cls.cut(start)

    @classmethod
    def cut(cls, start):
        """Cuts a clip with the command line."""
        cls.app.cli("export", "--input", cls.video, "--start", start, "--to", cls.clips,
                    "--name", "a")

    def setUp(self):
        super().setUp()
        wait_for("the markers", lambda: len(self.app.markers()) == len(self.app.clips()))
        self.assertEqual(1, len(self.app.windows()))

    def entry(self, name):
        """The entry of a clip in dataset.json."""
        entries = read_json(self.clips / "dataset.json", [])
        return next((entry for entry in entries if entry["path"] == name), None)

    def test_relabel(self):
        """The dialog gives a clip another label; undo takes that back, redo does it again."""
        app = self.app
        clip = app.clips()[0]
        app.action("clip-relabel", clip["id"])
        dialog = app.dialog("Relabel")
        app.find("Label", "text", dialog).queryEditableText().setTextContents("a bell")
        app.find("Category", "text", dialog).queryEditableText().setTextContents("Tool")
        app.answer("Relabel", "Relabel")

        def label():
            return self.entry("a_001.mp4")["label"], app.clips()[0].get("label", "")

        wait_for("the label", lambda: label() == ("a bell", "a bell"))
        self.assertEqual("Tool", self.entry("a_001.mp4")["category"])
        app.keys("ctrl+z")
        wait_for("the old label", lambda: label() == ("", ""))
        app.keys("ctrl+shift+z")
        wait_for("the label", lambda: label() == ("a bell", "a bell"))
        app.action("clip-relabel", clip["id"])
        app.answer("Relabel", "Cancel")
        self.assertEqual(("a bell", "a bell"), label())

    def test_delete_and_undo(self):
        """A deleted clip goes to the trash with its masks; undo brings all back."""
        app = self.app
        clip = app.clips()[1]
        app.cli("masks", "saliency", "--clip", clip["id"])
        name, masks = self.clips / "a_002.mp4", self.clips / "a_002_masks"
        app.action("clip-delete", clip["id"])
        app.wait_for_text("a_002.mp4 was moved to the trash")
        wait_for("the end of the marker", lambda: len(app.markers()) == 1)
        self.assertFalse(name.exists() or masks.exists())
        self.assertIsNone(self.entry("a_002.mp4"))
        trash = app.home / "data" / "Trash" / "files"
        wait_for("the trash", lambda: len(list(trash.glob("*"))) == 2)
        app.action("undo")
        wait_for("the files", lambda: name.exists() and (masks / "masks.json").exists())
        wait_for("the marker", lambda: len(app.markers()) == 2)
        self.assertEqual([], list(trash.iterdir()))
        self.assertEqual(str(name), app.clips()[1]["path"])
        self.assertEqual(80, len(list(masks.glob("frame_*.png"))))
        wait_for("the list", lambda: self.entry("a_002.mp4"))
        self.assertEqual(0, app.cli("library", "check", check=False).returncode)

    def test_delete_from_the_menu_of_the_marker(self):
        """A right click on a marker shows what can be done with the clip."""
        app = self.app
        name = app.markers()[0]
        app.press(app.point(app.find(name, "push button")), button=3)
        for entry in ["Show Clip", "Relabel…", "Cut Again", "Move to Trash"]:
            app.find(entry)
        app.x("key", "Escape")
        wait_for("the end of the menu", lambda: not app.has("Move to Trash"))

    def test_cut_again(self):
        """A clip is cut again in its place, at its start or at the cursor."""
        app = self.app
        path = self.clips / "a_001.mp4"
        before, start = written_at(path), app.clips()[0]["start"]
        app.action("clip-again", app.clips()[0]["id"])
        wait_for("another file", lambda: written_at(path) not in (0, before))
        wait_for("the end", lambda: not app.has("Cancel Export"))
        self.assertEqual(start, app.clips()[0]["start"])
        self.assertEqual(2, len(app.clips()))
        app.action("seek", "2")
        app.wait_at(2)
        app.action("clip-move", app.clips()[0]["id"])
        wait_for("the other start", lambda: app.clips()[0]["start"] == 2)
        wait_for("the marker", lambda: "Clip a_001.mp4 at 0:02.000" in app.markers())
        self.assertEqual(2, len(app.clips()))

    def test_show_clip_and_video(self):
        """The clip can be looked at instead of the video, and back."""
        app = self.app
        app.action("clip-show", app.clips()[0]["id"])
        app.wait_for_text("frame 0 of 80")
        app.keys("l")
        app.wait_for_text("frame 1 of 80")
        self.assertFalse(app.can_use("Export"))
        app.click("Show the Video")
        app.wait_for_text("/ 0:12.000")
        app.wait_sensitive("Export")

    def test_what_others_do_is_seen(self):
        """Clips that the command line cuts, relabels and deletes are seen without a restart."""
        app = self.app
        count = len(app.markers())
        self.cut(0)
        wait_for("a marker", lambda: len(app.markers()) == count + 1, 5)
        app.wait_for_text(f"0:12 · {count + 1} clips")
        clip = app.clips()[-1]
        app.cli("library", "relabel", clip["id"], "--label", "set elsewhere")

        def shows_label():
            app.action("clip-relabel", clip["id"])
            shown = app.read_text(app.find("Label", "text", app.dialog("Relabel")))
            app.answer("Relabel", "Cancel")
            return shown == "set elsewhere"

        wait_for("the label", shows_label, 5)
        app.cli("library", "delete", clip["id"])
        wait_for("its end", lambda: len(app.markers()) == count, 5)


if __name__ == "__main__":
    unittest.main()
