"""Finding the object of a clip: the marks that are proposed, taken and discarded."""

import json
import shlex
import shutil
import unittest
from unittest import mock

import desktop
from desktop import PROGRAMS, SharedAppTest, export_form, make_video, mask_form, wait_for, write_session

POINT, BOX = "Point at 60, 40 on frame 30", "Box 40, 20 – 80, 70 on frame 30"


class FindTests(SharedAppTest):
    """An app with a clip and SAM as the method, whose `8cut detect` is a script of the test."""

    @classmethod
    def begin(cls):
        programs = cls.folder / "programs"
        programs.mkdir()
        cls.script = programs / "detect"
        shutil.copy(PROGRAMS / "8cut-desktop", programs / "8cut-desktop")
        stand_in = programs / "8cut"
        stand_in.write_text(
            "#!/bin/sh\n"
            f'[ "$1" = detect ] || exec {shlex.quote(str(PROGRAMS / "8cut"))} "$@"\n'
            f". {shlex.quote(str(cls.script))}\n"
        )
        stand_in.chmod(0o755)
        write_session(
            cls.folder / "shared" / "home",
            masks=mask_form(method="sam"), export=export_form(folder=str(cls.folder / "clips")),
        )
        with mock.patch.object(desktop, "PROGRAMS", programs):
            app = cls.start_shared(make_video(cls.folder / "video.mp4"))
        app.click("Export")
        app.wait_for_text("of clip_001.mp4")

    def setUp(self):
        super().setUp()
        app = self.app
        app.action("clip-show", json.loads(app.cli("library", "list", "--json").stdout)[0]["id"])
        app.wait_for_text(" · frame ")
        app.action("seek", "0")
        app.wait_for_text("frame 0 of 80")
        app.keys("Escape")
        if self.marks():
            app.toggle_popover("Marks")
            app.click("Remove All Marks")
            wait_for("the marks to go", lambda: not app.can_use("Remove All Marks"))
            app.toggle_popover("Marks")
            wait_for("the list to close", lambda: not app.has("Remove All Marks"))
        self.find_object_at(30)

    def write(self, *events, end=""):
        """Sets what the next searches write."""
        lines = "\n".join(json.dumps({"v": 1} | event) for event in events)
        self.script.write_text(f"cat <<'end'\n{lines}\nend\n{end}\n")

    def find_object_at(self, frame, score=0.83):
        """Has the next searches find an object, as a document in several lines."""
        found = {"frame": frame, "point": [60, 40], "box": [40, 20, 80, 70], "score": score}
        document = ['{"v": 1, "candidates": [', json.dumps(found), "]}"]
        self.write(
            {"event": "progress", "unit": "frame", "done": 80, "total": 80,
             "totalIsEstimate": False},
            *({"event": "output", "line": line} for line in document),
            {"event": "finished", "frames": 80, "seconds": 1, "exitStatus": 0, "summary": ""},
        )

    def marks(self):
        """The entries of the list of marks."""
        app = self.app
        app.toggle_popover("Marks")
        app.find("Remove All Marks")
        found = [
            name for name in app.names(app.all("push button"))
            if name.startswith(("Point at", "Not at", "Box "))
        ]
        app.toggle_popover("Marks")
        wait_for("the list to close", lambda: not app.has("Remove All Marks"))
        return found

    def test_keyboard_only(self):
        """F shows the object on its frame; it is moved, and Enter makes it a mark."""
        app = self.app
        app.keys("f")
        app.wait_for_text("Object found (score 0.83)")
        app.wait_for_text("frame 30 of 80")
        app.keys("alt+Right", "alt+shift+Down", "Return")
        wait_for("the end of the proposal", lambda: not app.has("Take the Proposal"))
        self.assertEqual(["Point at 61, 50 on frame 30", BOX], self.marks())
        app.keys("ctrl+z")
        app.wait_for_text("Object found (score 0.83)")

    def test_buttons(self):
        """What the keys do can be done with buttons too; another search replaces the proposal."""
        app = self.app
        app.click("Find the Object")
        app.find("Take the Proposal")
        app.wait_for_text("frame 30 of 80")
        self.assertEqual([f"{POINT} (proposed)", f"{BOX} (proposed)"], self.marks())
        self.find_object_at(50, score=0.31)
        app.click("Find the Object")
        app.wait_for_text("Not sure that this is the object (score 0.31)")
        app.wait_for_text("frame 50 of 80")
        self.assertEqual(2, len(self.marks()))
        app.click("Discard the Proposal")
        wait_for("its end", lambda: not app.has("Discard the Proposal"))
        self.assertEqual([], self.marks())
        app.click("Find the Object")
        app.click("Take the Proposal")
        wait_for("its end", lambda: not app.has("Take the Proposal"))
        self.assertEqual(2, len(self.marks()))

    def test_cancel(self):
        """A search shows its progress, and Escape or the button stops it at once."""
        app = self.app
        self.write(
            {"event": "progress", "unit": "frame", "done": 20, "total": 80,
             "totalIsEstimate": False},
            end="exec sleep 600",
        )
        for stop in [lambda: app.keys("Escape"), lambda: app.click("Cancel Search")]:
            app.keys("ctrl+f")
            app.wait_for_text("Searching clip_001.mp4 for the object")
            app.wait_for_text("20 of 80 frames")
            self.assertFalse(app.is_on("find"))
            stop()
            wait_for("its end", lambda: app.can_use("Find the Object"))
            wait_for("the end of the child", lambda: not app.helpers("sleep 600"))
        self.assertEqual(1, len(app.windows()))
        self.assertEqual([], self.marks())

    def test_nothing_found(self):
        """A clip in which nothing stands out is no failure."""
        app = self.app
        self.write(
            {"event": "failed", "code": "nothingFound", "what": "w", "why": "y"}, end="exit 7"
        )
        app.keys("f")
        app.wait_for_text("Nothing in clip_001.mp4 moves or stands out.")
        self.assertEqual(1, len(app.windows()))
        self.assertEqual([], self.marks())
        self.assertTrue(app.can_use("Find the Object"))


if __name__ == "__main__":
    unittest.main()
