"""Showing SAM the object: points, boxes, and the masks that come from them."""

import json
import unittest

from desktop import (
    SharedAppTest, export_form, make_video, mask_form, put_tools, read_json, wait_for,
    write_session,
)

WIDTH, HEIGHT = 160, 90
READY = "Click the sounding object; right-click what does not belong to it."


class MarkTest(SharedAppTest):
    """An app with a clip, SAM as the method, and the clip's first frame."""

    @classmethod
    def begin(cls):
        home = cls.folder / "shared" / "home"
        put_tools(home)
        cls.clips = cls.folder / "clips"
        write_session(home, masks=mask_form(), export=export_form(folder=str(cls.clips)))
        app = cls.start_shared(make_video(cls.folder / "video.mp4", f"{WIDTH}x{HEIGHT}"))
        app.click("Export")
        app.wait_for_text("of clip_001.mp4")

    def setUp(self):
        super().setUp()
        app = self.app
        if not app.has("Marks", "push button"):
            app.choose("Method", 1)
        app.wait_for_text(" · frame ")
        app.keys("k")
        wait_for("standing still", lambda: not app.is_playing())
        app.action("seek", "0")
        app.wait_for_text("frame 0 of 80")
        self.area = app.find("Frame of the clip clip_001.mp4", "image")
        wait_for("SAM", lambda: app.has(READY))

    def place(self, x, y):
        """Where a pixel of the clip is on the screen."""
        left, top, width, height = self.app.box(self.area)
        scale = min(width / WIDTH, height / HEIGHT)
        across, down = (width - WIDTH * scale) / 2, (height - HEIGHT * scale) / 2
        return round(left + across + x * scale), round(top + down + y * scale)

    def open_list(self):
        self.app.toggle_popover("Marks")
        self.app.find("Remove All Marks")

    def close_list(self):
        self.app.toggle_popover("Marks")
        wait_for("the list to close", lambda: not self.app.has("Remove All Marks"))

    def marks(self):
        """The entries of the list of marks."""
        self.open_list()
        found = [
            name for name in self.app.names(self.app.all("push button"))
            if name.startswith(("Point at", "Not at", "Box "))
        ]
        self.close_list()
        return found

    def wait_for_mask(self):
        """Waits until the worker has found the object."""
        app = self.app
        wait_for("the worker", lambda: app.helpers("--interactive"))
        wait_for(
            "a mask",
            lambda: list((app.home / "home").glob(".8cut-tmp-*-desktop/mask-*.png"))
            and app.has(READY),
        )

    def remove_all(self):
        app = self.app
        self.open_list()
        if app.is_sensitive(app.find("Remove All Marks", "push button")):
            app.click("Remove All Marks")
        wait_for("the marks to go", lambda: not app.can_use("Remove All Marks"))
        self.close_list()

    def assert_prompts(self, wanted, prompts):
        """Compares prompts; a pixel of the clip has several on the screen."""
        self.assertEqual(len(wanted), len(prompts), prompts)
        for (kind, numbers, label), prompt in zip(wanted, prompts):
            self.assertEqual(label, prompt.get("label"), prompt)
            for one, other in zip(numbers, prompt[kind]):
                self.assertAlmostEqual(one, other, delta=0.5, msg=prompt)


class FirstMarkTests(MarkTest):
    def test_mark_that_is_set_at_once(self):
        """A mark that is set before the model is loaded gets its mask."""
        self.app.focus()
        self.app.press(self.place(140, 60))
        self.wait_for_mask()


class MarkTests(MarkTest):
    def test_marks_become_prompts(self):
        """Clicks, right clicks and drawn boxes are what the masks are made from, pixel by pixel."""
        app = self.app
        self.remove_all()
        app.focus()
        app.press(self.place(50, 40))
        self.wait_for_mask()
        self.assertEqual(1, len(self.marks()))
        app.press(self.place(120, 20), button=3)
        app.drag(self.place(20, 15), self.place(100, 70))
        wait_for("the marks", lambda: len(self.marks()) == 3)
        self.wait_for_mask()
        app.click("Generate Masks")
        path = self.clips / "clip_001_masks" / "masks.json"
        wait_for("the masks", lambda: read_json(path).get("complete"))
        app.wait_sensitive("Generate Masks")
        prompts = json.loads(json.loads(path.read_text())["method"]["settings"]["prompts"])
        by_kind = sorted(prompts["prompts"], key=lambda p: ("box" in p, -p.get("label", 0)))
        self.assert_prompts(
            [("point", (50, 40), 1), ("point", (120, 20), 0), ("box", (20, 15, 100, 70), None)],
            by_kind,
        )
        self.assertEqual(80, len(list(path.parent.glob("frame_*.png"))))

    def test_marks_are_moved_removed_and_brought_back(self):
        """A mark can be dragged, removed by Delete, and brought back by Ctrl+Z."""
        app = self.app
        self.remove_all()
        app.focus()
        app.press(self.place(30, 30))
        wait_for("the mark", lambda: len(self.marks()) == 1)
        app.drag(self.place(30, 30), self.place(90, 60))
        self.assertRegex(self.marks()[0], r"Point at (89|90), (59|60) on frame 0")
        app.keys("alt+Right", "alt+shift+Down")
        self.assertRegex(self.marks()[0], r"Point at (90|91), (69|70) on frame 0")
        app.keys("Delete")
        wait_for("its end", lambda: self.marks() == [])
        app.keys("ctrl+z")
        wait_for("the mark", lambda: len(self.marks()) == 1)
        self.assertRegex(self.marks()[0], r"Point at (90|91), (69|70) on frame 0")
        app.keys("ctrl+z", "ctrl+z", "ctrl+z")

        def is_at_first_place():
            return any("30, 30" in mark or "29" in mark for mark in self.marks()[:1])

        wait_for("the first place", is_at_first_place)
        app.keys("ctrl+z")
        self.assertEqual([], self.marks())

    def test_marks_without_a_pointer(self):
        """The list sets marks too."""
        app = self.app
        self.remove_all()
        self.open_list()
        app.click("Add a Point on the Object")
        app.find("Point at 80, 45 on frame 0")
        app.click("Add a Point beside It")
        app.find("Not at 80, 45 on frame 0")
        self.close_list()
        self.assertEqual(["Point at 80, 45 on frame 0", "Not at 80, 45 on frame 0"], self.marks())

    def test_worker_ends_with_its_use(self):
        """Nobody holds the model when the video is shown again."""
        app = self.app
        self.remove_all()
        app.focus()
        app.press(self.place(80, 45))
        self.wait_for_mask()
        app.click("Show the Video")
        wait_for("the worker's end", lambda: not app.helpers("--interactive"))


if __name__ == "__main__":
    unittest.main()
