"""Runs the tests of packages, which install each where nothing else is."""

import pathlib
import sys
import tempfile

from . import processes
from .results import Results

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "InstallTests"


def run(names):
    """Runs tests by name, all of them without names, and returns the results."""
    results = Results()
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder, "results.jsonl")
        status, lines = processes.run([sys.executable, "-B", FOLDER / "run.py", file, *names])
        results.read(file)
    results.close("the tests of packages", status, "\n".join(lines[-20:]))
    return results
