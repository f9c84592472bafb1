"""Runs the tests of the page for reviewing masks, in a browser without a window."""

import os
import pathlib
import sys
import tempfile

from . import processes
from .results import Results, with_second_try

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "PageTests"


def run(names):
    """Runs tests by name, all of them without names, and returns the results."""
    return with_second_try(names, run_once)


def run_once(names):
    """Runs tests without a second try."""
    results = Results()
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder, "results.jsonl")
        status, lines = processes.run(
            [sys.executable, "-B", FOLDER / "run.py", file, *names],
            os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        )
        results.read(file)
    results.close("the tests of the page", status, "\n".join(lines[-20:]))
    return results
