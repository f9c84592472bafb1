"""Reviewing masks: the queue with keys alone, and that no verdict is lost."""

import contextlib
import json
import os
import re
import sqlite3
import subprocess
import unittest

from desktop import (
    PROGRAMS, Desktop, DesktopTest, export_form, make_video, mask_form, put_tools, read_json,
    wait_for, write_session,
)

# How good the masks of the clips are, as they are cut: the second is the worst.
SCORES = [0.9, 0.2, 0.7, 0.4, 0.8]
# The frame of each clip whose mask is the worst.
WORST = 13
FRAMES = 20
REVIEWER = "anna"


def set_score(masks, score):
    """Writes a score into a folder of masks, and makes one frame of it the worst."""
    path = masks / "masks.json"
    manifest = json.loads(path.read_text())
    manifest["score"] = score
    for frame in manifest["frames"]:
        frame["score"] = score
        frame["flags"] = []
    manifest["frames"][WORST] |= {"flags": ["empty"], "score": 0}
    path.write_text(json.dumps(manifest))


class ReviewTest(DesktopTest):
    """An app, and clips with masks."""

    def setUp(self):
        super().setUp()
        self.clips = self.folder / "clips"
        self.home = self.folder / "app" / "home"
        write_session(self.home, masks=mask_form(), export=export_form(folder=str(self.clips)))

    def make_clips(self, scores=SCORES):
        """Cuts clips and makes masks of them."""
        video = make_video(self.folder / "video.mp4")
        for number, score in enumerate(scores, 1):
            self.cli("export", "--input", video, "--start", number, "--duration", 2, "--to",
                     self.clips, "--name", "clip", "--label", "dog" if number < 4 else "bell")
            name = f"clip_{number:03d}"
            self.cli("masks", "saliency", "--input", self.clips / f"{name}.mp4",
                     "--output", self.clips / f"{name}_masks")
            set_score(self.clips / f"{name}_masks", score)

    def cli(self, *words):
        """Runs the command line with the app's home."""
        subprocess.run(
            [str(PROGRAMS / "8cut"), *map(str, words)],
            env=os.environ | {"EIGHTCUT_HOME": str(self.home)},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True,
        )

    def review(self, *words, name=REVIEWER):
        """Starts the app with the review, for a person of that name."""
        app = self.start("--review", *words)
        self.begin(app, name)
        return app

    def begin(self, app, name):
        """Waits for the review, and enters the name of the person."""
        app.find("Keep (A)", "push button")
        before = self.reviewer(app)
        if before == f"Reviewer: {name}":
            return
        app.toggle_popover(before)
        app.find("Your Name", "text").queryEditableText().setTextContents(name)
        app.click("Change")
        app.find(f"Reviewer: {name}")
        wait_for("the clip", lambda: self.shown(app))

    def reviewer(self, app):
        """The name of the button with the person's name."""
        return wait_for("the reviewer", lambda: next(
            (name for name in app.names(app.all()) if name.startswith("Reviewer: ")), None
        ))

    def shown(self, app):
        """The name of the clip that is shown."""
        for name in app.names(app.all("image")):
            if name.startswith("Frame of the clip "):
                return name.removeprefix("Frame of the clip ")
        return None

    def wait_shown(self, app, number):
        wait_for(f"clip {number}", lambda: self.shown(app) == f"clip_{number:03d}.mp4")

    def judge(self, app, key, text):
        """Presses a key, and waits until the app says what it has done."""
        app.keys(key)
        app.wait_for_text(text)

    def verdicts(self, reviewer=REVIEWER):
        """The verdicts in the library, by clip."""
        with contextlib.closing(sqlite3.connect(self.home / "library.sqlite")) as database:
            rows = database.execute(
                "SELECT clipId, verdict FROM verdict WHERE reviewer = ? ORDER BY clipId",
                [reviewer],
            ).fetchall()
        return dict(rows)

class QueueTests(ReviewTest):
    def test_queue_with_keys_alone(self):
        """From the first clip to the last: worst first, one key a clip, and one taken back."""
        self.make_clips()
        app = self.review()
        self.wait_shown(app, 2)
        app.wait_for_text("5 left")
        app.find("Keep (A)", "push button")
        self.judge(app, "x", "Rejected, 4 left")
        self.wait_shown(app, 4)
        self.assertEqual({2: "reject"}, self.verdicts())
        self.judge(app, "Return", "Kept, 3 left")
        self.wait_shown(app, 3)
        self.judge(app, "BackSpace", "Taken back, 4 left")
        self.wait_shown(app, 4)
        self.assertEqual({2: "reject"}, self.verdicts())
        self.judge(app, "u", "Undecided, 3 left")
        self.wait_shown(app, 3)
        for left in [2, 1, 0]:
            self.judge(app, "a", f"Kept, {left} left")
        app.wait_for_text("Nothing Left to Review")
        app.wait_for_text("8cut dataset export --verdict keep")
        wanted = {1: "keep", 2: "reject", 3: "keep", 4: "undecided", 5: "keep"}
        self.assertEqual(wanted, self.verdicts())
        self.assertEqual([], app.stalls())
        self.assertEqual(0, app.close())
        # The list of the folder has them too.
        listed = {
            int(entry["path"][5:8]): entry["verdict"]
            for entry in read_json(self.clips / "dataset.json")
        }
        self.assertEqual(wanted, listed)
        # And a data set has what was kept, and nothing else.
        self.cli("dataset", "export", "--profile", "plain", "--to", self.folder / "set",
                 "--verdict", "keep")
        self.assertEqual(
            [f"clip_{number:03d}.mp4" for number in (1, 3, 5)],
            sorted(path.name for path in (self.folder / "set").glob("*.mp4")),
        )

    def test_words_choose_clips(self):
        """Words after --review choose clips, as those of library find do; a second start does too."""
        self.make_clips()
        app = self.review("bell")
        app.wait_for_text("2 left · bell")
        self.wait_shown(app, 4)
        again = [str(PROGRAMS / "8cut-desktop"), "--review", "dog", "clip_003"]
        subprocess.run(again, env=app.variables, check=True)
        app.wait_for_text("1 left · dog clip_003")
        self.wait_shown(app, 3)
        wrong = subprocess.run([*again, "--no-such"], env=app.variables, capture_output=True)
        self.assertEqual(64, wrong.returncode)

    def test_page_comes_by_key_and_goes(self):
        """Ctrl+R shows the review, where it was left; Escape goes back to the videos."""
        self.make_clips([0.3, 0.5])
        app = self.start()
        app.wait_for_text("Drop Videos Here")
        app.keys("ctrl+r")
        app.find("Keep (A)", "push button")
        self.wait_shown(app, 1)
        app.keys("Right")
        self.wait_shown(app, 2)
        app.keys("Escape")
        app.find("Export", "push button")
        self.assertFalse(app.has("Keep (A)"))
        app.click("Review")
        self.wait_shown(app, 2)
        app.keys("Left")
        self.wait_shown(app, 1)
        self.assertEqual({}, self.verdicts())

    def test_worst_frame_and_steps(self):
        """W shows the worst frame; comma and period step; the strip says which frame it is."""
        self.make_clips([0.3])
        app = self.review()
        app.wait_for_text(f"4 / {FRAMES}")
        for key, frame in [("w", WORST), ("comma", WORST - 1), ("period", WORST)]:
            app.keys(key)
            # While it plays, each frame comes by.
            app.find("Play", "push button")
            app.wait_for_text(f"{frame} / {FRAMES}")
        app.keys("space")
        app.find("Pause", "push button")
        strip = app.find("Scores", "slider")
        app.press(app.point(strip, 4.5 / FRAMES, 0.7))
        app.wait_for_text(f"4 / {FRAMES}")
        self.assertEqual({}, self.verdicts())

    def test_typing_gives_no_verdict(self):
        """Letters and digits in the entry of the name are text."""
        self.make_clips([0.3, 0.5])
        app = self.review()
        app.toggle_popover(self.reviewer(app))
        app.find("Your Name", "text")
        app.focus()
        app.x("key", "ctrl+a")
        app.type("axu 1")
        wait_for("the text", lambda: app.text("Your Name") == "axu 1")
        app.x("key", "Return")
        app.find("Reviewer: axu 1")
        self.wait_shown(app, 1)
        self.assertEqual(({}, {}), (self.verdicts(), self.verdicts("axu 1")))
        self.judge(app, "a", "Kept, 1 left")
        self.assertEqual({1: "keep"}, self.verdicts("axu 1"))

    def test_labels(self):
        """A digit gives the label that is shown beside it, and no verdict."""
        self.make_clips()
        app = self.review()
        app.find("Label 1: dog")
        self.wait_shown(app, 2)
        app.keys("2")
        app.wait_for_text("Label: bell")
        wait_for("the label", lambda: app.clips()[1]["label"] == "bell")
        self.wait_shown(app, 2)
        self.assertEqual({}, self.verdicts())
        app.keys("ctrl+z")
        wait_for("the old label", lambda: app.clips()[1]["label"] == "dog")

    def test_screen_reader(self):
        """What is shown and done is told: the clip, its score, the verdict, the keys."""
        self.make_clips()
        app = self.review()
        self.wait_shown(app, 2)
        frame = app.find("Frame of the clip clip_002.mp4", "image")
        self.assertEqual("Score 0.20", frame.description)
        self.judge(app, "a", "Kept, 4 left")
        message = app.find("Kept, 4 left")
        self.assertIn(message.getRoleName(), ("status bar", "notification", "statusbar"))
        app.keys("question")
        app.dialog("Keep, and show the next clip")


class SafetyTests(ReviewTest):
    def test_kill_loses_no_verdict(self):
        """A verdict of which the app says that it is given is there, whatever happens then."""
        self.make_clips()
        app = self.review()
        self.judge(app, "a", "Kept, 4 left")
        self.judge(app, "x", "Rejected, 3 left")
        app.kill()
        self.assertEqual({2: "keep", 4: "reject"}, self.verdicts())
        app = self.review()
        app.wait_for_text("3 left")
        self.wait_shown(app, 3)
        self.judge(app, "u", "Undecided, 2 left")
        self.assertEqual({2: "keep", 3: "undecided", 4: "reject"}, self.verdicts())
        # What the kill kept from dataset.json has got there at the next start.
        listed = {e["path"]: e.get("verdict") for e in read_json(self.clips / "dataset.json")}
        self.assertEqual(("keep", "reject"), (listed["clip_002.mp4"], listed["clip_004.mp4"]))

    def start_second(self):
        """Another window on the same library: on a bus of its own, since a bus has one app."""
        bus = subprocess.run(
            ["dbus-daemon", "--session", "--fork", "--print-address=1", "--print-pid=1"],
            check=True, capture_output=True, text=True,
        ).stdout.split()
        self.addCleanup(os.kill, int(bus[1]), 15)
        answer = subprocess.run(
            ["gdbus", "call", "--session", "--dest", "org.a11y.Bus", "--object-path",
             "/org/a11y/bus", "--method", "org.a11y.Bus.GetAddress"],
            check=True, capture_output=True, text=True,
        ).stdout
        second = Desktop(self.folder / "second", "--review", environment={
            "EIGHTCUT_HOME": str(self.home),
            "DBUS_SESSION_BUS_ADDRESS": bus[0],
            "AT_SPI_BUS_ADDRESS": re.search("'(.*)'", answer).group(1),
        })
        self.addCleanup(second.kill)
        return second

    def test_two_windows_of_one_person(self):
        """What one window has asked about, the other does not ask again; no verdict is lost."""
        self.make_clips()
        first = self.review()
        second = self.start_second()
        self.begin(second, REVIEWER)
        for app in (first, second):
            self.wait_shown(app, 2)
        for key, text in [("x", "Rejected, 4 left"), ("a", "Kept, 3 left"), ("u", "Undecided, 2")]:
            self.judge(first, key, text)
        # The second still shows the first clip: the later word counts.
        second.keys("a")
        wait_for("the verdict", lambda: self.verdicts().get(2) == "keep")
        wait_for("a clip that waits",
                 lambda: self.shown(second) in ("clip_001.mp4", "clip_005.mp4"))
        for left in (1, 0):
            self.judge(second, "a", f"Kept, {left} left")
        second.wait_for_text("Nothing Left to Review")
        wanted = {1: "keep", 2: "keep", 3: "undecided", 4: "keep", 5: "keep"}
        self.assertEqual(wanted, self.verdicts())
        wait_for("the end in the other", lambda: any("0 left" in t for t in first.texts()) or
                 first.has("Nothing Left to Review"))

    def test_two_people_at_once(self):
        """Each has all clips; what they say is kept apart and compared."""
        self.make_clips([0.3, 0.5, 0.7])
        first = self.review()
        second = self.start_second()
        self.begin(second, "bob")
        for left in (2, 1, 0):
            self.judge(first, "a", f"Kept, {left} left")
            self.judge(second, "x" if left else "a", f"{'Rejected' if left else 'Kept'}, {left}")
        for app in (first, second):
            app.wait_for_text("Nothing Left to Review")
        self.assertEqual({1: "keep", 2: "keep", 3: "keep"}, self.verdicts())
        self.assertEqual({1: "reject", 2: "reject", 3: "keep"}, self.verdicts("bob"))
        second.wait_for_text("You and anna agree on 1 of 3 clips")


class FixTests(ReviewTest):
    def test_fix_and_come_back(self):
        """F opens the marks editor on the worst frame; new masks are asked about at once."""
        put_tools(self.home)
        self.make_clips([0.3, 0.5])
        app = self.review()
        self.wait_shown(app, 1)
        app.keys("f")
        app.find("Marks", "push button")
        app.wait_for_text(f"frame {WORST} of {FRAMES}")
        app.wait_for_text("Click the sounding object")
        app.action("mark-point", "80,45,+")
        app.click("Generate Masks")
        app.answer("Replace the masks?", "Replace")
        app.find("Keep (A)", "push button")
        self.wait_shown(app, 1)
        manifest = read_json(self.clips / "clip_001_masks" / "masks.json")
        self.assertEqual("sam", manifest["method"]["name"])
        prompts = json.loads(manifest["method"]["settings"]["prompts"])["prompts"]
        self.assertEqual([WORST], [prompt["frame"] for prompt in prompts])
        self.judge(app, "a", "Kept, 1 left")
        self.wait_shown(app, 2)
        self.assertEqual({1: "keep"}, self.verdicts())


if __name__ == "__main__":
    unittest.main()
