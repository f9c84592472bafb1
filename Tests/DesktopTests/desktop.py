"""Drives 8cut-desktop as a user does: through accessibility, keys, the pointer and D-Bus."""

import contextlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

import pyatspi

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = pathlib.Path(os.environ.get("EIGHTCUT_PROGRAMS", ROOT / ".build" / "release"))
BUS_NAME = "io.github.eightcut.EightCut"
WINDOW_PATH = "/io/github/eightcut/EightCut/window/1"
# How long a state may take to come while other tests keep the machine busy.
PATIENCE = 60


class Missing(AssertionError):
    """Something that had to come did not."""


def wait_for(what, look, patience=PATIENCE):
    """Waits until `look` gives something that is true, and returns it."""
    end = time.monotonic() + patience
    while True:
        try:
            found = look()
        except Exception as error:  # Widgets come and go while they are looked at.
            found, last = None, error
        else:
            last = None
        if found:
            return found
        if time.monotonic() > end:
            raise Missing(f"{what} did not come within {patience} s ({last})")
        time.sleep(0.05)


class Desktop:
    """A running 8cut-desktop with a home folder of its own."""

    def __init__(self, home, *files, environment=None, stalls="0.1"):
        self.home = pathlib.Path(home)
        self.log_path = self.home / "app.log"
        self.home.mkdir(parents=True, exist_ok=True)
        variables = dict(os.environ)
        variables.update(
            EIGHTCUT_HOME=str(self.home / "home"),
            HF_HOME=str(self.home / "hf"),
            XDG_DATA_HOME=str(self.home / "data"),
            XDG_CONFIG_HOME=str(self.home / "config"),
            GSETTINGS_BACKEND="memory",
            EIGHTCUT_STALLS=stalls,
            LC_ALL="C.UTF-8",
        )
        variables.update(environment or {})
        self.log = open(self.log_path, "ab")
        self.process = subprocess.Popen(
            [str(PROGRAMS / "8cut-desktop"), *map(str, files)],
            env=variables,
            stderr=self.log,
            stdout=self.log,
        )
        self.application = wait_for("the application", self._find_application)
        wait_for("the window", lambda: self.application.childCount > 0)

    def _find_application(self):
        if self.process.poll() is not None:
            raise AssertionError(f"the app has ended: {self.read_log()}")
        for application in pyatspi.Registry.getDesktop(0):
            if application is not None and application.get_process_id() == self.process.pid:
                return application
        return None

    # What is on the screen

    def all(self, role=None, name=None, root=None):
        """All widgets of a role or a name. Hidden ones are not there for GTK's accessibility."""
        found = []

        def walk(node):
            if node is None:
                return
            try:
                is_it = (role is None or node.getRoleName() == role) and (
                    name is None or node.name == name
                )
                if is_it:
                    found.append(node)
                for place in range(node.childCount):
                    walk(node.getChildAtIndex(place))
            except Exception:  # Gone meanwhile.
                return

        start = root or self.application
        for place in range(start.childCount):
            walk(start.getChildAtIndex(place))
        return found

    def find(self, name, role=None, root=None):
        """The widget of a name, as soon as it is there."""

        def look():
            found = self.all(role, name, root)
            return found[0] if found else None

        return wait_for(f"“{name}”", look)

    def has(self, name, role=None):
        return bool(self.all(role, name))

    def texts(self):
        """All that is written in the window."""
        return [node.name for node in self.all() if node.name]

    def wait_for_text(self, part, patience=PATIENCE):
        return wait_for(
            f"a text with “{part}”",
            lambda: [text for text in self.texts() if part in text],
            patience,
        )

    def is_sensitive(self, node):
        return node.getState().contains(pyatspi.STATE_SENSITIVE)

    def wait_sensitive(self, name, role="push button"):
        return wait_for(
            f"“{name}” to be usable",
            lambda: next((n for n in self.all(role, name) if self.is_sensitive(n)), None),
        )

    # What a user does

    def click(self, name, role="push button"):
        """Presses a button as soon as it can be pressed."""
        node = self.wait_sensitive(name, role)
        node.queryAction().doAction(0)
        return node

    def action(self, name, text=None):
        """Starts an action of the window."""
        parameters = "[]" if text is None else f"[<{json.dumps(text)}>]"
        subprocess.run(
            [
                "gdbus", "call", "--session", "--dest", BUS_NAME, "--object-path", WINDOW_PATH,
                "--method", "org.gtk.Actions.Activate", name, parameters, "{}",
            ],
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def x(self, *words):
        """Moves the pointer or presses keys."""
        return subprocess.run(
            ["xdotool", *map(str, words)], check=True, capture_output=True, text=True
        ).stdout

    def window_id(self):
        ids = self.x("search", "--pid", self.process.pid, "--onlyvisible", "--name", "8-cut")
        return ids.split()[-1]

    def keys(self, *keys):
        """Presses keys in the main window."""
        window = self.window_id()
        self.x("windowfocus", "--sync", window)
        for key in keys:
            self.x("key", key)

    def set_text(self, name, text):
        node = self.find(name, "text")
        node.queryEditableText().setTextContents(text)

    def choose(self, drop_down, place):
        """Takes a word of a drop-down by its place."""
        node = self.find(drop_down, "combo box")
        self.all("push button", root=node)[0].queryAction().doAction(0)
        wait_for("the list", lambda: self.all("list", root=node))
        self.x("key", "--delay", 30, "Home", *["Down"] * place, "Return")

    # What became of it

    def read_log(self):
        return self.log_path.read_text(errors="replace")

    def stalls(self):
        return [line for line in self.read_log().splitlines() if line.startswith("stall")]

    def session(self):
        path = self.home / "home" / "session.json"
        return json.loads(path.read_text()) if path.exists() else {}

    def children(self):
        """Processes that the app has started, and theirs."""
        found = []
        for folder in pathlib.Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                fields = (folder / "stat").read_text().rsplit(")", 1)[1].split()
                if int(fields[1]) == self.process.pid and fields[0] != "Z":
                    found.append((int(folder.name), (folder / "cmdline").read_text()))
        return found

    def close(self):
        """Closes the window and waits for the end."""
        self.action("close")
        self.process.wait(PATIENCE)

    def kill(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
        self.log.close()

    def screenshot(self, path):
        subprocess.run(["import", "-window", "root", str(path)], check=True)
