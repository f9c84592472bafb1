"""Finding the object of a clip: the marks that are proposed, taken and discarded."""

import json
import shlex
import shutil
import unittest
from unittest import mock

import desktop
from desktop import (
    FIXTURES, PROGRAMS, SharedAppTest, export_form, make_video, mask_form, put_tools, wait_for,
    write_session,
)

POINT, BOX = "Point at 60, 40 on frame 30", "Box 40, 20 – 80, 70 on frame 30"


class FindingTest(SharedAppTest):
    """An app with a clip and SAM as the method, whose `8cut detect` is a script of the test."""

    label = ""

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
            masks=mask_form(method="sam"),
            export=export_form(folder=str(cls.folder / "clips"), label=cls.label),
        )
        with mock.patch.object(desktop, "PROGRAMS", programs):
            app = cls.start_shared(
                make_video(cls.folder / "video.mp4"), environment={"HF_HUB_CACHE": ""}
            )
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
        """Has the next searches find an object."""
        self.find_objects({"frame": frame, "score": score})

    def find_objects(self, *objects):
        """Has the next searches find objects, as a document in several lines."""
        found = [{"point": [60, 40], "box": [40, 20, 80, 70]} | fields for fields in objects]
        document = ['{"v": 1, "candidates": [', ",".join(map(json.dumps, found)), "]}"]
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


class FindTests(FindingTest):
    def test_keyboard_only(self):
        """F shows the object on its frame; it is moved, and Enter makes it a mark."""
        app = self.app
        app.keys("f")
        app.wait_for_text("Object found (score 0.83)")
        app.wait_for_text("Search by motion: the clip has no label.")
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


class LabelTests(FindingTest):
    """The clip has a label, and there are the ML tools and the checkpoint of a detector."""

    label = "dog barking"

    @classmethod
    def begin(cls):
        put_tools(cls.folder / "shared" / "home")
        repository = cls.folder / "shared/hf/hub/models--google--owlv2-base-patch16-ensemble"
        shutil.copytree(FIXTURES / "owlv2" / "tiny", repository / "snapshots" / ("a" * 40))
        (repository / "refs").mkdir()
        (repository / "refs" / "main").write_text("a" * 40)
        super().begin()

    def find_dogs(self):
        """Has the next searches find three of them, on two frames."""
        self.find_objects(
            {"frame": 30, "score": 0.61, "query": "dog"},
            {"frame": 30, "score": 0.43, "query": "dog", "point": [100, 30],
             "box": [90, 10, 120, 60]},
            {"frame": 50, "score": 0.24, "query": "dog", "point": [20, 50],
             "box": [5, 40, 35, 80]},
        )

    def test_digits(self):
        """The label is looked for, and a digit takes another object on its frame."""
        app = self.app
        self.find_dogs()
        app.keys("f")
        app.wait_for_text("Object found (score 0.61)")
        app.wait_for_text("2–3 take another one. Search for “dog barking” with owlv2-base")
        app.wait_for_text("frame 30 of 80")
        app.keys("9")
        self.assertTrue(app.has("Take the Proposal"))
        app.keys("3")
        wait_for("the end of the proposal", lambda: not app.has("Take the Proposal"))
        app.wait_for_text("frame 50 of 80")
        self.assertEqual(
            ["Point at 20, 50 on frame 50", "Box 5, 40 – 35, 80 on frame 50"], self.marks()
        )
        app.keys("ctrl+z")
        app.wait_for_text("Object found (score 0.61)")
        app.keys("Escape")
        wait_for("the end of the proposal", lambda: not app.has("Take the Proposal"))
        self.assertEqual([], self.marks())

    def test_list(self):
        """The other objects can be taken from a list, too."""
        app = self.app
        self.find_dogs()
        app.click("Find the Object")
        app.find("Take the Proposal")
        app.toggle_popover("Other Objects")
        app.find("3: dog, score 0.24, frame 50", "push button")
        app.click("2: dog, score 0.43, frame 30")
        wait_for("the end of the proposal", lambda: not app.has("Take the Proposal"))
        self.assertFalse(app.has("Other Objects"))
        self.assertEqual(
            ["Point at 100, 30 on frame 30", "Box 90, 10 – 120, 60 on frame 30"], self.marks()
        )

    def find_by_motion_alone(self):
        """Has searches for the label find something below the threshold, others an object."""
        self.find_object_at(50)
        by_motion = self.script.read_text()
        self.find_objects({"frame": 30, "score": 0.123, "query": "dog"})
        by_label = self.script.read_text()
        self.script.write_text(
            f'case "$*" in *--text=*)\n{by_label};;\n*)\n{by_motion};;\nesac\n'
        )

    def test_label_that_is_not_found(self):
        """The best score is told; Shift+F searches by motion."""
        app = self.app
        self.find_by_motion_alone()
        app.keys("f")
        app.wait_for_text("“dog barking” was not found in clip_001.mp4 (best score 0.12).")
        self.assertFalse(app.has("Take the Proposal"))
        app.keys("shift+f")
        app.wait_for_text("Object found (score 0.83)")
        app.wait_for_text("Search by motion.")
        app.wait_for_text("frame 50 of 80")

    def test_motion_from_the_message(self):
        """So does the button of the message."""
        app = self.app
        self.find_by_motion_alone()
        app.keys("f")
        app.wait_for_text("“dog barking” was not found in clip_001.mp4")
        # libadwaita names a message's button by its text twice.
        app.click("Search by Motion Search by Motion")
        app.wait_for_text("Object found (score 0.83)")
        app.wait_for_text("Search by motion.")


if __name__ == "__main__":
    unittest.main()
