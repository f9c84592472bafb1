"""Keys and the timeline: playing, stepping, going to places, looking closer."""

import unittest

from desktop import SharedAppTest, make_video, wait_for


class KeyTests(SharedAppTest):
    @classmethod
    def begin(cls):
        one = make_video(cls.folder / "one.mp4")
        two = make_video(cls.folder / "two.mp4", rate=25, seconds=9)
        app = cls.start_shared(one, two)
        for start in [1, 3]:
            app.cli("export", "--input", one, "--start", start, "--to", cls.folder, "--name", "a")

    def setUp(self):
        super().setUp()
        app = self.app
        app.wait_for_text("0:12 · 2 clips")
        app.wait_for_text("0:09 · 0 clips")
        self.assertEqual(1, len(app.windows()))
        if app.is_playing():
            app.keys("k")
            wait_for("standing still", lambda: not app.is_playing())
        if app.has("two.mp4 — 8-cut"):
            app.action("next-file")
        app.find("one.mp4 — 8-cut")
        app.action("seek", "5")
        app.wait_at(5)
        app.keys("0")

    def test_play_and_pause(self):
        """P plays and pauses; K pauses where the clip would begin."""
        app = self.app
        app.keys("p")
        wait_for("playing", app.is_playing)
        wait_for("the video to move", lambda: app.seconds() > 5.2)
        app.keys("p")
        wait_for("standing still", lambda: not app.is_playing())
        self.assertGreater(app.seconds(), 5.1)
        app.keys("k")
        app.wait_at(5)
        app.keys("p")
        wait_for("the video to move", lambda: app.seconds() > 5.2)
        app.keys("k")
        wait_for("standing still", lambda: not app.is_playing())
        app.wait_at(5)

    def check_steps(self, *steps):
        """Presses keys, each of which must go on by exactly so many seconds."""
        for key, way in steps:
            before = self.app.seconds()
            self.app.keys(key)
            self.app.wait_at(before + way)

    def test_steps(self):
        """J and L go by exactly one frame, with Shift by a second."""
        self.check_steps(("l", 0.1), ("j", -0.1), ("shift+l", 1), ("shift+j", -1))

    def test_arrows_and_space_wherever_the_pointer_was(self):
        """Arrows step and Space plays right away, and after clicks on what is no text entry."""
        app = self.app
        steps = [("Right", 0.1), ("Left", -0.1), ("shift+Right", 1), ("shift+Left", -1)]
        for name, role in [
            (None, None), ("Timeline", "slider"), ("Show the Video", "push button"),
            ("Mute", "push button"), ("one.mp4", "label"),
        ]:
            if name:
                app.press(app.point(app.find(name, role)))
            app.action("seek", "5")
            app.wait_at(5)
            self.check_steps(*steps)
            app.keys("space")
            wait_for("playing", app.is_playing)
            app.keys("space")
            wait_for("standing still", lambda: not app.is_playing())

    def test_buttons(self):
        """What the keys do can be done with buttons too."""
        app = self.app
        for name, place in [("Next Frame", 5.1), ("Previous Frame", 5)]:
            app.click(name)
            app.wait_at(place)
        app.click("Play")
        wait_for("the video to move", lambda: app.seconds() > 5.2)
        app.click("Pause")
        wait_for("standing still", lambda: not app.is_playing())

    def test_next_file_and_back(self):
        """N shows the next video, with steps of its own rate, and behind the last the first."""
        app = self.app
        app.keys("n")
        app.find("two.mp4 — 8-cut")
        app.wait_for_text("/ 0:09.000")
        app.wait_at(0)
        app.keys("l")
        app.wait_at(0.04)
        app.keys("n")
        app.find("one.mp4 — 8-cut")
        # Where it was left.
        app.wait_at(5)

    def test_next_marker(self):
        """M goes from one clip that was cut to the next, and around."""
        app = self.app
        for place in [1, 3, 1]:
            app.keys("m")
            app.wait_at(place)

    def test_marker_is_a_button(self):
        """Each clip has a button on the timeline that goes to where it was cut."""
        app = self.app
        names = ["Clip a_001.mp4 at 0:01.000", "Clip a_002.mp4 at 0:03.000"]
        wait_for("the markers", lambda: app.markers() == names)
        app.click(names[1])
        app.wait_at(3)
        left, _, width, _ = app.box(app.find("Timeline", "slider"))
        for name, start in zip(names, [1, 3]):
            x, _, button, _ = app.box(app.find(name, "push button"))
            self.assertAlmostEqual(left + width * start / 12, x + button / 2, delta=3)

    def test_click_on_the_timeline(self):
        """A click moves the cursor to the time there, to the nearest frame."""
        app = self.app
        timeline = app.find("Timeline", "slider")
        for part in [0.25, 0.6, 0.9]:
            app.press(app.point(timeline, part, 0.8))
            wait_for("the cursor", lambda: abs(app.seconds() - 12 * part) < 0.1)

    def test_drag_on_the_timeline(self):
        """A drag takes the cursor along."""
        app = self.app
        timeline = app.find("Timeline", "slider")
        app.drag(app.point(timeline, 0.1, 0.8), app.point(timeline, 0.75, 0.8), steps=20)
        wait_for("the cursor", lambda: abs(app.seconds() - 9) < 0.1)

    def test_wheel_looks_closer(self):
        """Ctrl and the wheel look closer around the pointer, which stays at its time."""
        app = self.app
        timeline = app.find("Timeline", "slider")
        self.assertFalse(app.can_use("Show All"))
        place = app.point(timeline, 0.5, 0.8)
        app.focus()
        app.x("mousemove", *place)
        app.x("keydown", "ctrl", "click", "--repeat", 3, "--delay", 40, 4, "keyup", "ctrl")
        app.wait_sensitive("Show All")
        span = 12 / 1.35**3
        for part in [0.5, 0.9]:
            app.press(app.point(timeline, part, 0.8))
            wanted = 6 + (part - 0.5) * span
            wait_for("the cursor", lambda: abs(app.seconds() - wanted) < 0.1)
        # Markers that are out of sight are no buttons; the others have moved.
        wait_for("the markers", lambda: len(app.markers()) < 2)
        app.x("keydown", "ctrl", "click", "--repeat", 4, "--delay", 40, 5, "keyup", "ctrl")
        wait_for("all", lambda: not app.can_use("Show All"))
        wait_for("the markers", lambda: len(app.markers()) == 2)
        app.keys("plus")
        app.wait_sensitive("Show All")
        app.keys("minus")
        wait_for("all", lambda: not app.can_use("Show All"))

    def test_windows(self):
        """? shows the keys, Ctrl+comma the settings; both close again."""
        app = self.app
        for key, text, title in [
            ("question", "Export the clip at the cursor", "Shortcuts"),
            ("ctrl+comma", "Checkpoints", "Settings"),
        ]:
            with self.subTest(key):
                app.keys(key)
                window = app.dialog(text)
                app.focus(title)
                app.x("key", "Escape")
                wait_for("the end of it", lambda: len(app.windows()) == 1)
                self.assertIsNotNone(window)


if __name__ == "__main__":
    unittest.main()
