"""Runs the scripts that check what belongs to the program; each counts as one test."""

import pathlib

from . import processes
from .results import FAILED, PASSED, Results

SCRIPTS = pathlib.Path(__file__).resolve().parents[1]
NAMES = ["check-scripts", "check-docs", "check-desktop-data", "check-install"]


def run(names):
    """Runs checks by name, all of them without names, and returns the results."""
    results = Results()
    for name in names or NAMES:
        status, lines = processes.run([SCRIPTS / name])
        reason = "" if status == 0 else "\n".join(lines[-20:] or [f"status {status}"])
        results.record(name, FAILED if status else PASSED, reason)
    return results
