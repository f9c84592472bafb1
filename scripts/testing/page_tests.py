"""Runs the tests of the page for reviewing masks, in a browser without a window."""

import os
import pathlib
import sys
import tempfile

from . import processes
from .results import AGAIN_LIMIT, FAILED, FLAKY, NO_RESULT, PASSED, Results

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "PageTests"


def run(names):
    """Runs tests by name, all of them without names, and returns the results.

    A test that fails runs once more, alone: when it passes then, it is flaky.
    """
    results = run_once(names)
    failed = [
        name for name in results.names(FAILED)
        if name.startswith("test_") and results.reason(name) != NO_RESULT
    ]
    for name in failed if len(failed) <= AGAIN_LIMIT else []:
        print(f"Once more, alone: {name}", flush=True)
        if run_once([name]).outcome(name) == PASSED:
            results.record(name, FLAKY, results.reason(name))
    return results


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
