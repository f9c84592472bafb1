"""Reviewing masks: the queue with keys alone, and that no verdict is lost."""

import contextlib
import json
import os
import pathlib
import sqlite3
import subprocess
import unittest

from desktop import Desktop, DesktopTest, make_video, put_tools, read_json, wait_for, write_session
from desktop import export_form, mask_form

# How good the masks of the clips are, as they are cut: the second is the worst.
SCORES = [0.9, 0.2, 0.7, 0.4, 0.8]
FRAMES = 20
# The frame whose mask is empty, which is the worst of each clip.
WORST = 13
REVIEWER = "anna"


def set_score(masks, score):
    """Writes a score into a folder of masks, and makes one frame of it the worst."""
    path = masks / "masks.json"
    manifest = json.loads(path.read_text())
    manifest["score"] = score
    for frame in manifest["frames"]:
        frame["score"] = score
        frame["flags"] = []
    manifest["frames"][WORST]["flags"] = ["empty"]
    manifest["frames"][WORST]["score"] = 0
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
        from desktop import PROGRAMS
        return subprocess.run(
            [str(PROGRAMS / "8cut"), *map(str, words)],
            env=os.environ | {"EIGHTCUT_HOME": str(self.home)},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True,
        ).stdout

    def review(self, *words, name=REVIEWER):
        """Starts the app with the review, for a person of that name."""
        app = self.start("--review", *words)
        wait_for("the review", lambda: app.has("Keep (A)", "push button"))
        if name:
            self.set_reviewer(app, name)
        return app

    def set_reviewer(self, app, name):
        app.toggle_popover(self.reviewer_button(app).name)
        entry = app.find("Your Name", "text")
        entry.queryEditableText().setTextContents(name)
        app.click("Change")
        wait_for("the name", lambda: app.has(f"Reviewer: {name}"))

    def reviewer_button(self, app):
        return next((n for n in app.all() if n.name.startswith("Reviewer: ")), None)

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
        """The verdicts in the library: by clip."""
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


if __name__ == "__main__":
    unittest.main()
