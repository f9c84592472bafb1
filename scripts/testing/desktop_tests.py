"""Runs the tests of the desktop app, each run on a display and a bus of its own."""

import os
import pathlib
import re
import tempfile

from . import processes
from .results import Results, with_second_try

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "DesktopTests"
# What X, D-Bus and AT-SPI write about themselves.
NOISE = re.compile(r"dbind-WARNING|^dbus-daemon|^SpiRegistry|^$")


def run(names):
    """Runs tests by name, all of them without names, and returns the results."""
    return with_second_try(names, run_once)


def run_once(names):
    """Runs tests without a second try."""
    # The system's Python: pyatspi comes with it. Cairo draws without a graphics card.
    environment = os.environ | {"GSK_RENDERER": "cairo", "PYTHONDONTWRITEBYTECODE": "1"}
    environment.pop("GTK_A11Y", None)
    results = Results()
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder, "results.jsonl")
        status, lines = processes.run(
            [
                "xvfb-run", "--auto-servernum",
                "--server-args=-noreset -screen 0 1600x1000x24",
                "dbus-run-session", "--", "/usr/bin/python3", FOLDER / "run.py", file, *names,
            ],
            environment,
            NOISE.search,
        )
        results.read(file)
    results.close("the desktop tests", status, "\n".join(lines[-20:]))
    return results
