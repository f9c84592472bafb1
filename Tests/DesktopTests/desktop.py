"""Drives 8cut-desktop as a user does: through accessibility, keys, the pointer and D-Bus."""

import contextlib
import json
import math
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
import warnings

import pyatspi
from gi.repository import GLib

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
FIXTURES = ROOT / "Tests" / "Fixtures"
PROGRAMS = pathlib.Path(os.environ.get("EIGHTCUT_PROGRAMS", ROOT / ".build" / "release"))
TOOLS = ROOT / ".build" / "test-tools" / "venv"
BUS_NAME = "io.github.eightcut.EightCut"
WINDOW_PATH = "/io/github/eightcut/EightCut/window/1"
# How often the widgets are read while they change.
READINGS = 10
# How long a state may take to come while other tests keep the machine busy.
PATIENCE = float(os.environ.get("EIGHTCUT_PATIENCE", 40))


class Missing(AssertionError):
    """Something that had to come did not."""


class Ended(AssertionError):
    """The app has ended although it should run."""


def wait_for(what, look, patience=PATIENCE):
    """Waits until `look` gives something that is true, and returns it.

    Widgets go while they are read, which AT-SPI reports as a GLib.Error: then they are read again.
    Any other error is a mistake in the test, and fails it at once.
    """
    end = time.monotonic() + patience
    while True:
        try:
            found, last = look(), None
        except GLib.Error as error:
            found, last = None, error
        if found:
            return found
        if time.monotonic() > end:
            reason = f" ({last!r})" if last else ""
            raise Missing(f"{what} did not come within {patience} s{reason}")
        time.sleep(0.03)


def process_fields(pid):
    """The kernel's fields of a process: its state, its parent's number, and more; or nothing."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return []


def is_alive(pid):
    """Whether a process runs; one that only waits to be reaped does not."""
    return process_fields(pid)[:1] not in ([], ["Z"])


def parent_of(pid):
    """The number of a process's parent, 0 when it has ended."""
    fields = process_fields(pid)
    return int(fields[1]) if fields else 0


def read_json(path, otherwise=None):
    """The content of a file that the app replaces as a whole, or another value without one."""
    try:
        return json.loads(pathlib.Path(path).read_text())
    except FileNotFoundError:
        return {} if otherwise is None else otherwise


def written_at(path):
    """When a file was written, in nanoseconds; 0 without one."""
    try:
        return pathlib.Path(path).stat().st_mtime_ns
    except FileNotFoundError:
        return 0


class Desktop:
    """A running 8cut-desktop with a home folder of its own."""

    def __init__(self, home, *files, environment=None, stalls="0.1"):
        self.home = pathlib.Path(home)
        self.log_path = self.home / "app.log"
        self.home.mkdir(parents=True, exist_ok=True)
        self.variables = dict(os.environ)
        self.variables.update(
            EIGHTCUT_HOME=str(self.home / "home"),
            HF_HOME=str(self.home / "hf"),
            XDG_DATA_HOME=str(self.home / "data"),
            XDG_CONFIG_HOME=str(self.home / "config"),
            GSETTINGS_BACKEND="memory",
            EIGHTCUT_STALLS=stalls,
            LC_ALL="C.UTF-8",
        )
        self.variables.update(environment or {})
        self.log = open(self.log_path, "ab")
        self.process = subprocess.Popen(
            [str(PROGRAMS / "8cut-desktop"), *map(str, files)],
            env=self.variables,
            stdin=subprocess.DEVNULL,
            stderr=self.log,
            stdout=self.log,
        )
        self.application = wait_for("the application", self._find_application)
        wait_for("the window", lambda: self.application.childCount > 0)
        self._window_id = None
        # Found now: a small window that opens later has the same title.
        self.window_id()

    def _find_application(self):
        if self.process.poll() is not None:
            raise Ended(f"the app has ended: {self.read_log()}")
        for application in pyatspi.Registry.getDesktop(0):
            if application is not None and application.get_process_id() == self.process.pid:
                return application
        return None

    # Reading the screen

    def all(self, role=None, name=None, root=None):
        """All widgets of a role or a name. Hidden ones are not there for GTK's accessibility.

        A tree that changes while it is read is read again, so that no part of it is missing.
        """
        for _ in range(READINGS):
            with contextlib.suppress(GLib.Error):
                return self._read(role, name, root or self.application)
            time.sleep(0.02)
        return self._read(role, name, root or self.application)

    def _read(self, role, name, root):
        found = []

        def walk(node):
            if (role is None or node.getRoleName() == role) and (name is None or node.name == name):
                found.append(node)
            walk_below(node)

        def walk_below(node):
            for place in range(node.childCount):
                child = node.getChildAtIndex(place)
                if child is not None:
                    walk(child)

        walk_below(root)
        return found

    def find(self, name, role=None, root=None):
        """The widget of a name, as soon as it is there."""

        def look():
            found = self.all(role, name, root)
            return found[0] if found else None

        return wait_for(f"“{name}”", look)

    def has(self, name, role=None):
        return bool(self.all(role, name))

    def texts(self, root=None):
        """All texts of the window."""
        return [name for name in self.names(self.all(root=root)) if name]

    def names(self, nodes):
        """The names of widgets, without those that have gone since they were found."""
        found = []
        for node in nodes:
            with contextlib.suppress(GLib.Error):
                found.append(node.name)
        return found

    def wait_for_text(self, part, patience=PATIENCE):
        return wait_for(
            f"a text with “{part}”",
            lambda: [text for text in self.texts() if part in text],
            patience,
        )

    def is_sensitive(self, node):
        """Whether a widget can be used, which none can that has gone."""
        with contextlib.suppress(GLib.Error):
            return node.getState().contains(pyatspi.STATE_SENSITIVE)
        return False

    def can_use(self, name, role="push button"):
        """Whether a button is there and can be pressed."""
        return any(self.is_sensitive(node) for node in self.all(role, name))

    def wait_sensitive(self, name, role="push button", root=None):
        return wait_for(
            f"“{name}” to be usable",
            lambda: next((n for n in self.all(role, name, root) if self.is_sensitive(n)), None),
        )

    def windows(self):
        """The windows of the app; the main one is the first."""
        return [self.application.getChildAtIndex(n) for n in range(self.application.childCount)]

    def dialog(self, part, patience=PATIENCE):
        """The dialog in which some words are written, as soon as it is there."""

        def look():
            for window in self.windows()[1:]:
                if any(part in text for text in self.texts(window)):
                    return window
            return None

        return wait_for(f"a dialog with “{part}”", look, patience)

    def answer(self, part, button):
        """Presses a button of the dialog in which some words are written."""
        dialog = self.dialog(part)
        count = len(self.windows())
        # libadwaita repeats the label of such a button in its name.
        self.click(f"{button} {button}", root=dialog)
        wait_for("the dialog to close", lambda: len(self.windows()) < count)

    def answer_last(self, part, button):
        """Presses a button of a dialog with which the app ends."""
        self.click(f"{button} {button}", root=self.dialog(part))

    def player_text(self):
        """The label with the time."""
        pattern = re.compile(r"[\d:]+\.\d{3} (/|·) ")
        return next((name for name in self.names(self.all("label")) if pattern.match(name)), "")

    def seconds(self):
        """The time of the frame that is shown, which is near no time while none is."""
        text = self.player_text()
        if not text:
            return math.nan
        hours = 0.0
        for part in text.split(" ")[0].split(":"):
            hours = hours * 60 + float(part)
        return hours

    def wait_at(self, seconds, tolerance=0.002):
        """Waits until the frame of a time is shown."""
        return wait_for(
            f"the frame at {seconds} s",
            lambda: abs(self.seconds() - seconds) <= tolerance and self.player_text(),
        )

    def is_playing(self):
        return self.has("Pause", "push button")

    def markers(self):
        """Names of the markers on the timeline."""
        names = self.names(self.all("push button"))
        return [name for name in names if re.match(r"Clip .* at ", name)]

    def rows(self):
        """The texts of each video's row in the playlist."""
        rows = self.all("list item", root=self.find("Playlist", "list"))
        return [self.names(self.all("label", root=row)) for row in rows]

    def box(self, node):
        """Where a widget is on the screen: x, y, width, height."""
        extents = node.queryComponent().getExtents(pyatspi.WINDOW_COORDS)
        frame = self.windows()[0].queryComponent().getExtents(pyatspi.WINDOW_COORDS)
        place = dict(
            line.split("=") for line in self.x("getwindowgeometry", "--shell", self.window_id())
            .split()
        )
        # GTK leaves a border around the window, which the widgets' places do not count.
        across = int(place["X"]) + (int(place["WIDTH"]) - frame.width) // 2
        down = int(place["Y"]) + (int(place["HEIGHT"]) - frame.height) // 2
        return extents.x + across, extents.y + down, extents.width, extents.height

    # Acting as a user

    def click(self, name, role="push button", root=None):
        """Presses a button as soon as it can be pressed.

        GTK acts a quarter of a second later: wait for what the button does before going on.
        """
        wait_for(f"“{name}” to be pressed", lambda: self._click_now(name, role, root))

    def _click_now(self, name, role, root):
        for node in self.all(role, name, root):
            if self.is_sensitive(node):
                node.queryAction().doAction(0)
                return True
        return False

    def toggle_popover(self, name):
        """Opens or closes the popover of a button: a key would get lost while it resizes."""
        self._press_inside(name, "push button")

    def _press_inside(self, name, role):
        """Presses the button inside of a menu button or a drop-down."""

        def press():
            for node in self.all("push button", root=self.find(name, role)):
                return node.queryAction().doAction(0) or True
            return False

        wait_for(f"the button inside of “{name}”", press)

    def action(self, name, text=None):
        """Starts an action of the window."""
        parameters = "[]" if text is None else f"[<{json.dumps(str(text))}>]"
        subprocess.run(
            [
                "gdbus", "call", "--session", "--dest", BUS_NAME, "--object-path", WINDOW_PATH,
                "--method", "org.gtk.Actions.Activate", name, parameters, "{}",
            ],
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def is_on(self, name):
        """Whether an action of the window can be started."""
        answer = subprocess.run(
            [
                "gdbus", "call", "--session", "--dest", BUS_NAME, "--object-path", WINDOW_PATH,
                "--method", "org.gtk.Actions.Describe", name,
            ],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        return answer.startswith("((true")

    def x(self, *words):
        """Moves the pointer or presses keys."""
        return subprocess.run(
            ["xdotool", *map(str, words)], check=True, capture_output=True, text=True
        ).stdout

    def window_id(self, title="8-cut"):
        """The X server's number of the main window, or of one with another title."""
        if title == "8-cut" and self._window_id:
            return self._window_id
        found = wait_for(
            f"the window “{title}”", lambda: self.window_ids(title, "--pid", self.process.pid)
        )[-1]
        if title == "8-cut":
            self._window_id = found
        return found

    def window_ids(self, title, *conditions):
        """The X server's numbers of all visible windows with a title."""
        words = ["xdotool", "search", *map(str, conditions), "--onlyvisible", "--name", title]
        # Without such a window xdotool fails.
        return subprocess.run(words, capture_output=True, text=True).stdout.split()

    def focus(self, title="8-cut"):
        """Gives a window the keyboard, as a window manager would."""
        self.x("windowfocus", "--sync", self.window_id(title))

    def keys(self, *keys):
        """Presses keys in the main window."""
        self.focus()
        for key in keys:
            self.x("key", key)

    def type(self, text):
        """Types into whatever has the keyboard."""
        self.x("type", "--delay", 15, text)

    def point(self, node, across=0.5, down=0.5):
        """The place on the screen at a part of a widget's width and height."""
        left, top, width, height = self.box(node)
        return round(left + across * width), round(top + down * height)

    def press(self, place, button=1):
        """Clicks with the pointer at a place of the screen."""
        self.x("mousemove", *place, "click", button)

    def drag(self, start, end, steps=8):
        """Drags with the pointer from one place of the screen to another."""
        self.x("mousemove", *start, "mousedown", 1)
        for step in range(1, steps + 1):
            part = step / steps
            place = [round(a + (b - a) * part) for a, b in zip(start, end)]
            self.x("mousemove", *place)
        self.x("mouseup", 1)

    def set_text(self, name, text):
        node = self.find(name, "text")
        node.queryEditableText().setTextContents(text)

    def text(self, name):
        """What is in an entry."""
        return self.read_text(self.find(name, "text"))

    def read_text(self, node):
        text = node.queryText()
        return text.getText(0, text.characterCount)

    def choose(self, drop_down, place):
        """Chooses an entry of a drop-down by its place."""
        self.focus()
        self._press_inside(drop_down, "combo box")
        wait_for("the list", lambda: self.all("list", root=self.find(drop_down, "combo box")))
        self.x("key", "--delay", 30, "Home", *["Down"] * place, "Return")

    # Reading the results

    def read_log(self):
        return self.log_path.read_text(errors="replace")

    def stalls(self):
        return [line for line in self.read_log().splitlines() if line.startswith("stall")]

    def session(self):
        return read_json(self.home / "home" / "session.json")

    def cli(self, *words, check=True):
        """Runs the command line with the app's home."""
        return subprocess.run(
            [str(PROGRAMS / "8cut"), *map(str, words)],
            env=self.variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=check,
        )

    def clips(self):
        """All clips of the library, the oldest first."""
        return sorted(json.loads(self.cli("library", "list", "--json").stdout),
                      key=lambda clip: clip["id"])

    def helpers(self, words=""):
        """Processes that belong to this app beside itself, by number, with their command lines.

        All that the app starts inherits its home folder, even when its parent is gone.
        """
        mark = f"EIGHTCUT_HOME={self.variables['EIGHTCUT_HOME']}\0".encode()
        found = {}
        for folder in pathlib.Path("/proc").glob("[0-9]*"):
            pid = int(folder.name)
            with contextlib.suppress(OSError):
                if pid != self.process.pid and mark in (folder / "environ").read_bytes():
                    line = (folder / "cmdline").read_text().replace("\0", " ").strip()
                    if words in line and is_alive(pid):
                        found[pid] = line
        return found

    def child(self, words):
        """The number of the process `8cut …` whose command line holds some words."""

        def look():
            for pid, line in self.helpers(words).items():
                if "8cut" in line and parent_of(pid) == self.process.pid:
                    return pid
            return None

        return wait_for(f"the process 8cut {words}", look)

    def close(self):
        """Closes the window and waits for the end."""
        self.action("close")
        return self.process.wait(PATIENCE)

    def kill(self):
        """Ends the app and all that belongs to it."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
        for pid in self.helpers():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.log.close()

    def screenshot(self, path):
        subprocess.run(["import", "-window", "root", str(path)], check=True)


class DesktopTest(unittest.TestCase):
    """Tests with a folder and an app of their own.

    Only one app runs at a time: a second start would only tell the first to come to the front.
    """

    app = None

    @classmethod
    def setUpClass(cls):
        # Its own calls are outdated, not ours.
        warnings.filterwarnings("ignore", category=DeprecationWarning, module="pyatspi")

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="8cut-desktop-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def run(self, result=None):
        self._result, self._count = result, count_of_failures(result)
        return super().run(result)

    @property
    def has_failed(self):
        return count_of_failures(self._result) > self._count

    def start(self, *files, environment=None, home="app"):
        """Starts an app, which ends with the test."""
        self.app = Desktop(self.folder / home, *files, environment=environment)
        self.addCleanup(self.app.kill)
        # Before it is ended, since cleanups run from the last to the first.
        self.addCleanup(self.keep_what_helps)
        return self.app

    def keep_what_helps(self):
        """Keeps a screenshot and the app's log when the test has failed."""
        if not self.has_failed or not self.app or self.app.process.poll() is not None:
            return
        place = pathlib.Path(tempfile.gettempdir()) / "8cut-desktop-failures"
        place.mkdir(exist_ok=True)
        shutil.copy(self.app.log_path, place / f"{self.id()}.log")
        with contextlib.suppress(subprocess.CalledProcessError):
            self.app.screenshot(place / f"{self.id()}.png")


class SharedAppTest(DesktopTest):
    """Tests that share an app, since a start takes seconds.

    Each test runs alone too. After one that fails, the next gets another app and folder.
    """

    @classmethod
    def begin(cls):
        """Makes the files that the tests need, and starts the app with `start_shared`."""
        raise NotImplementedError

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.app = None
        cls.addClassCleanup(cls.end_shared)

    @classmethod
    def start_shared(cls, *files, environment=None):
        cls.app = Desktop(cls.folder / "shared", *files, environment=environment)
        return cls.app

    @classmethod
    def end_shared(cls):
        if cls.app:
            cls.app.kill()
            shutil.rmtree(cls.folder, ignore_errors=True)
        cls.app = None

    def setUp(self):
        self.addCleanup(self.keep_what_helps)
        if self.app is None:
            type(self).folder = pathlib.Path(tempfile.mkdtemp(prefix="8cut-desktop-test-"))
            self.begin()

    def run(self, result=None):
        returned = super().run(result)
        if self.has_failed:
            self.end_shared()
        return returned


def count_of_failures(result):
    return len(result.failures) + len(result.errors)


def make_video(path, size="160x90", rate=10, seconds=12):
    """Makes a small video in which every frame is another, with a tone."""
    path = pathlib.Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        [
            "ffmpeg", "-v", "error", "-y",
            "-f", "lavfi", "-i", f"testsrc2=size={size}:rate={rate}:duration={seconds}",
            "-f", "lavfi", "-i", f"sine=frequency=440:duration={seconds}",
            "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac",
            "-shortest", str(path),
        ],
        check=True,
        stdin=subprocess.DEVNULL,
    )
    return path


def write_session(home, **changes):
    """Writes the session file, as if an earlier start had been set up so."""
    home = pathlib.Path(home)
    home.mkdir(parents=True, exist_ok=True)
    (home / "session.json").write_text(json.dumps(changes))


def export_form(**changes):
    """The settings of the export row; the app needs every key."""
    form = {
        "name": "clip", "folder": "", "label": "", "category": "", "count": 1, "spread": 1,
        "preset": "", "crop": "", "cropCenter": 0.5, "shortSide": 0, "allowsShort": False,
    }
    return form | changes


def mask_form(**changes):
    """The settings of the mask row, with models small enough for tests."""
    form = {
        "method": "saliency",
        "depthModel": str(FIXTURES / "depth" / "tiny"),
        "samModel": str(FIXTURES / "sam2" / "tiny"),
        "device": "cpu", "isInverted": False, "isSteady": True,
    }
    return form | changes


def put_tools(home):
    """Puts the ML tools into a home folder: a tree of links, since a link alone does not count."""
    if not (TOOLS / "8cut.json").exists():
        raise unittest.SkipTest("run scripts/install-test-tools first")
    home = pathlib.Path(home)
    home.mkdir(parents=True, exist_ok=True)
    how = ["cp", "-al"] if os.stat(home).st_dev == os.stat(TOOLS).st_dev else ["cp", "-a"]
    subprocess.run([*how, str(TOOLS), str(home / "venv")], check=True)
