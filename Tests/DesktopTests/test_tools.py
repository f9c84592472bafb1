"""The settings' page of ML tools: installing them, and the checkpoints."""

import json
import os
import signal
import subprocess
import sys
import unittest

from desktop import (
    FIXTURES, DesktopTest, SharedAppTest, export_form, make_video, mask_form, put_tools, read_json,
    wait_for, write_session,
)

SMALL = "depth-anything-v2-small"


class InstallerTest(SharedAppTest):
    """An app with a clip and no ML tools."""

    @classmethod
    def begin(cls):
        clips = cls.folder / "clips"
        write_session(cls.folder / "shared" / "home",
                      masks=mask_form(method="depth"), export=export_form(folder=str(clips)))
        app = cls.start_shared(make_video(cls.folder / "video.mp4"))
        app.click("Export")
        app.wait_for_text("of clip_001.mp4")

    def log(self):
        """The output of the installer so far."""
        nodes = self.app.all(name="Output of the Installer")
        return self.app.read_text(nodes[0]) if nodes else ""

    def start_installing(self):
        """Starts an installation, and waits until pip works."""
        app = self.app
        app.click("Install")
        app.wait_for_text("Installing…")
        app.wait_for_text("Installing the ML tools")
        wait_for("pip", lambda: app.helpers("-m pip") and self.log())


class NoToolsTests(InstallerTest):
    def test_methods_that_need_the_tools(self):
        """Without the tools only the built-in method can be used."""
        app = self.app
        app.wait_sensitive("Install…")
        for place, can_be_used in [(1, False), (2, True), (0, False)]:
            app.choose("Method", place)
            wait_for("the button", lambda: app.can_use("Generate Masks") == can_be_used)
            self.assertEqual(not can_be_used, app.has("Install…", "push button"))

    def test_cancel(self):
        """The button beside the method leads to the settings; cancelling there leaves nothing."""
        app = self.app
        app.click("Install…")
        app.dialog("Inference")
        app.wait_for_text("Not installed")
        self.start_installing()
        app.click("Cancel Installation")
        app.wait_for_text("Not installed")
        app.wait_sensitive("Install")
        wait_for("the end of pip", lambda: not app.helpers("pip"), 3)
        self.assertEqual([], list((app.home / "home").glob("venv*")))
        # The main window and the settings, but no dialog.
        self.assertEqual(2, len(app.windows()))
        app.focus("Settings")
        app.x("key", "Escape")
        wait_for("the settings to close", lambda: len(app.windows()) == 1)


class InstallationTests(InstallerTest):
    def test_installation_after_one_that_was_killed(self):
        """An installer that is killed is reported, and takes pip along; the next one succeeds.

        It shows the output of pip, and makes the methods usable.
        """
        app = self.app
        app.action("settings")
        app.dialog("Inference")
        self.start_installing()
        os.kill(app.child("tools install"), signal.SIGKILL)
        app.answer("Cannot finish 8cut tools install", "Close")
        wait_for("the end of pip", lambda: not app.helpers("pip"), 5)
        self.assertFalse(app.has("Installed", "label"))
        app.click("Install" if app.can_use("Install") else "Reinstall")
        app.wait_for_text("Installing…")
        wait_for("lines of pip", lambda: "onnxruntime" in self.log())
        wait_for("the end", lambda: app.has("Installed", "label"), 240)
        app.wait_sensitive("Reinstall")
        app.wait_for_text("ONNX Runtime 1.")
        app.click("Generate Masks")
        path = self.folder / "clips" / "clip_001_masks" / "masks.json"
        wait_for("the masks", lambda: read_json(path).get("complete"))


class CheckpointTests(DesktopTest):
    def start_hub(self, **behaviour):
        """Starts a stand-in for the hub; returns its address."""
        behaviour["repository"] = "depth-anything/Depth-Anything-V2-Small-hf"
        hub = subprocess.Popen(
            [
                sys.executable, "-I", FIXTURES / "hub_server.py", FIXTURES / "depth" / "tiny",
                self.folder / "requests.jsonl", json.dumps(behaviour),
            ],
            stdout=subprocess.PIPE,
            text=True,
        )
        self.addCleanup(hub.stdout.close)
        self.addCleanup(hub.wait)
        self.addCleanup(hub.kill)
        return f"http://127.0.0.1:{hub.stdout.readline().split()[0]}"

    def row(self, name):
        """What is said of a checkpoint."""
        for row in self.app.all("list item", root=self.app.dialog("Checkpoints")):
            labels = [node.name for node in self.app.all("label", root=row)]
            if name in labels:
                return " ".join(labels)
        return ""

    def test_download_cancel_and_remove(self):
        """Checkpoints are listed with size and licence, downloaded, gone on with, and removed."""
        size = (FIXTURES / "depth" / "tiny" / "model.safetensors").stat().st_size
        address = self.start_hub(rate=size // 4)
        app = self.start(environment={
            "HF_ENDPOINT": address, "no_proxy": "127.0.0.1,localhost", "HF_HUB_OFFLINE": "",
            "HF_HUB_CACHE": "", "HF_TOKEN": "", "HF_TOKEN_PATH": "",
        })
        app.action("settings")
        app.find(f"Download {SMALL}", "push button")
        wait_for("the row", lambda: "99.0 MB · Apache-2.0" in self.row(SMALL))
        self.assertIn("CC-BY-NC-4.0", self.row("depth-anything-v2-large"))
        for name in ["base", "large"]:
            self.assertTrue(app.has(f"Download depth-anything-v2-{name}", "push button"))
        self.assertTrue(app.has("Download sam2.1-hiera-tiny", "push button"))
        # A licence that not everybody can use is asked about first.
        app.click("Download depth-anything-v2-large")
        app.answer("Accept the licence CC-BY-NC-4.0?", "Cancel")
        app.click(f"Download {SMALL}")
        app.wait_for_text(f"Downloading {SMALL}")
        wait_for("weights", lambda: [t for t in app.texts() if "/s" in t])
        app.click(f"Cancel downloading {SMALL}")
        app.click(f"Resume downloading {SMALL}")
        app.find(f"Remove {SMALL}", "push button")
        self.assertIn("downloaded", self.row(SMALL))
        app.cli("models", "verify", SMALL)
        app.click(f"Remove {SMALL}")
        app.answer(f"Remove {SMALL}?", "Cancel")
        self.assertTrue(app.has(f"Remove {SMALL}", "push button"))
        app.click(f"Remove {SMALL}")
        app.answer(f"Remove {SMALL}?", "Remove")
        app.find(f"Download {SMALL}", "push button")
        left = [p for p in (app.home / "hf").rglob("*.safetensors")]
        self.assertEqual([], left)

    def test_hub_that_is_not_there(self):
        """A download that fails is reported."""
        app = self.start(home="offline", environment={"HF_ENDPOINT": "http://127.0.0.1:9"})
        app.action("settings")
        app.click(f"Download {SMALL}")
        app.answer("127.0.0.1:9", "Close")
        app.wait_sensitive(f"Download {SMALL}")


class ReadyToolsTests(DesktopTest):
    def test_tools_that_are_there(self):
        """Tools that were installed before are found."""
        put_tools(self.folder / "app" / "home")
        app = self.start()
        app.action("settings")
        app.find("Installed", "label")
        app.wait_sensitive("Reinstall")
        app.wait_for_text("ONNX Runtime 1.")
        self.assertFalse(app.has("Output of the Installer"))


if __name__ == "__main__":
    unittest.main()
