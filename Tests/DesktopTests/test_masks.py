"""Making masks, with each method, and what happens to masks that are there."""

import json
import time
import unittest

from desktop import (
    DesktopTest, SharedAppTest, export_form, make_video, mask_form, put_tools, read_json,
    wait_for, write_session, written_at,
)

# As the drop-down lists them.
DEPTH, SAM, SALIENCY = 0, 1, 2


class MaskTests(SharedAppTest):
    @classmethod
    def begin(cls):
        home = cls.folder / "shared" / "home"
        put_tools(home)
        cls.clips = cls.folder / "clips"
        write_session(home, masks=mask_form(), export=export_form(folder=str(cls.clips)))
        app = cls.start_shared(make_video(cls.folder / "video.mp4"))
        app.click("Export")
        wait_for("the clip", app.clips)
        app.wait_for_text("of clip_001.mp4")

    def masks(self):
        """The masks on the disk: their names, and the content of masks.json."""
        folder = self.clips / "clip_001_masks"
        manifest = read_json(folder / "masks.json")
        return sorted(p.name for p in folder.glob("frame_*.png")), manifest

    def time(self):
        """When masks.json was written; 0 for never."""
        return written_at(self.clips / "clip_001_masks" / "masks.json")

    def has_chosen(self, method):
        return self.app.session().get("masks", {}).get("method") == method

    def make(self, method, place):
        """Makes masks with a method of the drop-down, and checks that they are all there."""
        app = self.app
        app.choose("Method", place)
        wait_for("the method", lambda: self.has_chosen(method))
        before = self.time()
        app.click("Generate Masks")
        if before:
            app.answer("Replace the masks?", "Replace")
        wait_for("the masks", lambda: self.time() != before and self.masks()[1].get("complete"))
        wait_for("the end", lambda: app.can_use("Generate Masks"))
        self.assertEqual([], app.windows()[1:])
        names, manifest = self.masks()
        self.assertEqual(method, manifest["method"]["name"])
        self.assertTrue(manifest["complete"])
        self.assertEqual([f"frame_{n:04d}.png" for n in range(80)], names)
        self.assertEqual(80, manifest["input"]["frameCount"])
        self.assertEqual(80, len(manifest["frames"]))
        return manifest["method"]["settings"]

    def test_saliency(self):
        """The built-in method makes one mask a frame; the clip is shown with them then."""
        self.make("saliency", SALIENCY)
        self.app.wait_for_text("· frame ")
        self.app.wait_for_text(f"confidence {round(self.masks()[1]['confidence'], 2)}")

    def test_depth(self):
        """Depth Anything does, with the model that is chosen."""
        self.assertEqual("tiny", self.make("depth", DEPTH)["model"])

    def test_sam(self):
        """SAM does; without marks it finds the object by itself."""
        self.assertEqual("automatic", self.make("sam", SAM)["prompts"])

    def test_masks_that_are_there(self):
        """Masks are replaced only after a yes."""
        app = self.app
        if not self.time():
            self.make("saliency", SALIENCY)
        before = {p: p.stat().st_mtime_ns for p in (self.clips / "clip_001_masks").iterdir()}
        app.choose("Method", SALIENCY)
        wait_for("the method", lambda: self.has_chosen("saliency"))
        app.click("Generate Masks")
        app.answer("Replace the masks?", "Cancel")
        wait_for("the end", lambda: app.can_use("Generate Masks"))
        after = {p: p.stat().st_mtime_ns for p in (self.clips / "clip_001_masks").iterdir()}
        self.assertEqual(before, after)
        self.make("saliency", SALIENCY)

    def test_library_knows_the_masks(self):
        """The library knows the masks of the clip; they are listed in dataset.json."""
        self.make("saliency", SALIENCY)
        entry = json.loads((self.clips / "dataset.json").read_text())[0]
        self.assertEqual("clip_001_masks", entry["masks"][0]["path"])
        self.assertEqual(self.masks()[1]["confidence"], entry["masks"][0]["confidence"])
        self.assertEqual(0, self.app.cli("library", "check", check=False).returncode)


class ProgressTests(DesktopTest):
    def test_progress_cancel_and_going_on(self):
        """A run reports progress; a cancelled one stops within a second, and can be resumed."""
        video = make_video(self.folder / "large.mp4", "640x360", 30, 9)
        write_session(self.folder / "app" / "home", masks=mask_form(),
                      export=export_form(folder=str(self.folder)))
        app = self.start(video)
        self.assertFalse(app.can_use("Generate Masks"))
        app.click("Export")
        app.click("Generate Masks")
        app.wait_for_text("Making masks of clip_001.mp4")
        wait_for("progress", lambda: any(
            bar.queryValue().currentValue > 0.05 for bar in app.all("progress bar", "Progress")
        ))
        wait_for("how long it takes", lambda: [t for t in app.texts() if "240" in t])
        child = app.child("masks saliency")
        begin = time.monotonic()
        app.click("Cancel Masks")
        wait_for("its end", lambda: child not in app.helpers(), 2)
        self.assertLess(time.monotonic() - begin, 1.5)
        wait_for("the button", lambda: app.can_use("Generate Masks"))
        self.assertEqual(1, len(app.windows()))
        folder = self.folder / "clip_001_masks"
        done = {p.name: p.stat().st_mtime_ns for p in folder.glob("frame_*.png")}
        # Nothing is drawn before the first seconds are analysed.
        self.assertLess(len(done), 240)
        app.click("Generate Masks")
        app.wait_for_text("The masks of clip_001.mp4 are done")
        names = sorted(p.name for p in folder.glob("frame_*.png"))
        self.assertEqual(240, len(names))
        kept = [name for name in done if (folder / name).stat().st_mtime_ns == done[name]]
        self.assertGreaterEqual(len(kept), len(done) - 2)


if __name__ == "__main__":
    unittest.main()
