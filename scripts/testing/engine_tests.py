"""Runs the tests with engines that others have made, in namespaces of their own."""

import os
import pathlib
import sys
import tempfile

from . import processes
from .results import Results

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "EngineTests"


def run(names):
    """Runs tests by name, all of them without names, and returns the results."""
    results = Results()
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder, "results.jsonl")
        status, lines = processes.run(
            [
                sys.executable, "-B", FOLDER / "namespace.py",
                sys.executable, "-B", FOLDER / "run.py", file, *names,
            ],
            os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        )
        results.read(file)
    results.close("the tests of engines", status, "\n".join(lines[-20:]))
    return results
