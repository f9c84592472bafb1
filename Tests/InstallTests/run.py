"""Runs tests of packages and records each result. Started by scripts/run-tests.

usage: run.py RESULTS [TEST…]
"""

import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "scripts")]

from testing import recording  # noqa: E402

if __name__ == "__main__":
    sys.exit(recording.run(HERE, sys.argv[1], sys.argv[2:]))
