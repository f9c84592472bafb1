"""Takes screenshots of every page of the app. Run by scripts/make-screenshots."""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

from desktop import ROOT, Desktop, wait_for


def make_video(path):
    subprocess.run([ROOT / "scripts/render-scene", str(path), "14"], check=True)


class Stage:
    """A home folder with a video, on which one app after the other starts."""

    def __init__(self, home):
        self.home = pathlib.Path(home)
        self.video = self.home / "bouncing-ball.mp4"
        make_video(self.video)
        (self.home / "home").mkdir()

    def start(self, appearance, width, height, files=(), method="saliency"):
        path = self.home / "home" / "session.json"
        state = json.loads(path.read_text()) if path.exists() else {}
        state.update(appearance=appearance, windowWidth=width, windowHeight=height)
        state.setdefault("masks", {
            "depthModel": "", "device": "auto", "isInverted": False, "isSteady": True,
            "samModel": str(ROOT / "Tests/Fixtures/sam2/tiny"),
        })["method"] = method
        path.write_text(json.dumps(state))
        cache = {"XDG_CACHE_HOME": str(self.home / "cache")}
        return Desktop(self.home, *files, environment=cache)


class Screenshots(Stage):
    """One app after the other on the same home, each with other colours or another size."""

    def __init__(self, folder, home):
        super().__init__(home)
        self.folder = pathlib.Path(folder)
        shutil.copytree(
            ROOT / ".build/test-tools/venv", self.home / "home" / "venv", symlinks=True
        )

    def take(self, app, name):
        """Waits until nothing moves any more, and takes a screenshot of the front window."""
        before = None
        while True:
            path = self.folder / f"{name}.png"
            subprocess.run(["import", "-window", app.window_id(), str(path)], check=True)
            now = path.read_bytes()
            if now == before:
                return
            before = now
            time.sleep(0.6)

    def take_dialog(self, app, title, name):
        window = app.x("search", "--pid", app.process.pid, "--name", title).split()[-1]
        time.sleep(1)
        subprocess.run(
            ["import", "-window", window, str(self.folder / f"{name}.png")], check=True
        )


def main(folder):
    with tempfile.TemporaryDirectory() as home:
        screenshots = Screenshots(folder, home)
        app = screenshots.start("light", 1180, 800)
        screenshots.take(app, "empty")
        app.close()
        app = screenshots.start("light", 1180, 800, [screenshots.video])
        app.wait_sensitive("Export")
        app.set_text("Name", "ball")
        app.set_text("Label", "ball bouncing")
        for number, second in ((1, 0.5), (2, 4)):
            app.action("seek", str(second))
            app.click("Export")
            app.wait_for_text(f"ball_00{number}.mp4 was cut")
        app.click("Generate Masks")
        app.wait_for_text("The masks of")
        app.click("Pause")
        app.action("seek", "3")
        # Messages cover the frame for some seconds.
        wait_for("the message to go", lambda: not app.has("The masks of ball_002.mp4 are done"))
        screenshots.take(app, "clip-light")
        app.click("Show the Video")
        app.action("seek", "4")
        screenshots.take(app, "video-light")
        app.close()
        for appearance, width in (("dark", 1180), ("light", 720), ("dark", 720)):
            size = "narrow-" if width == 720 else ""
            app = screenshots.start(appearance, width, 800)
            app.wait_sensitive("Export")
            screenshots.take(app, f"video-{size}{appearance}")
            app.click("Show the Clip")
            app.wait_for_text("frame 0 of")
            app.action("seek", "3")
            screenshots.take(app, f"clip-{size}{appearance}")
            app.close()
        for appearance, width in (("light", 1180), ("dark", 1180), ("light", 720), ("dark", 720)):
            size = "narrow-" if width == 720 else ""
            app = screenshots.start(appearance, width, 800, ["--review"])
            app.find("Keep (A)")
            app.keys("w")
            app.find("Play")
            screenshots.take(app, f"review-{size}{appearance}")
            app.close()
        for appearance, width in (("light", 1180), ("dark", 1180), ("light", 720), ("dark", 720)):
            size = "narrow-" if width == 720 else ""
            app = screenshots.start(appearance, width, 800, ["--find"])
            if (appearance, width) == ("light", 1180):
                app.find("Scan the Video")
                screenshots.take(app, "find-unscanned-light")
                app.click("Scan the Video")
            app.find("Keep (A)")
            app.find("Pause")
            app.keys("space")
            app.find("Play")
            screenshots.take(app, f"find-{size}{appearance}")
            app.close()
        for appearance in ("light", "dark"):
            app = screenshots.start(appearance, 1180, 800, method="sam")
            app.wait_sensitive("Export")
            app.click("Show the Clip")
            app.wait_for_text("Click the sounding object")
            app.wait_for_text("frame 0 of")
            app.action("seek", "3")
            app.action("mark-point", "157,233,+")
            app.action("mark-point", "320,330,-")
            app.action("mark-box", "110,186,204,280")
            app.wait_for_text("Click the sounding object")
            screenshots.take(app, f"sam-{appearance}")
            for page in ("tools", "export", "appearance"):
                app.action("settings-page", page)
                screenshots.take_dialog(app, "Settings", f"settings-{page}-{appearance}")
            app.action("shortcuts")
            time.sleep(1)
            app.screenshot(screenshots.folder / f"shortcuts-{appearance}.png")
            app.kill()
    print(f"The screenshots are in {folder}.")


if __name__ == "__main__":
    main(sys.argv[1])
