"""Runs tests of the desktop app and records each result. Started by scripts/run-tests.

usage: run.py RESULTS [TEST…]
"""

import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "scripts")]

from testing import results  # noqa: E402


class RecordingResult(unittest.TestResult):
    """Shows each result and writes it into a file at once: a crash must not take it along."""

    path = None
    planned = []

    def record(self, test, outcome, reason=""):
        # When the set-up of a class fails or is skipped, none of its tests runs.
        hit = [
            name for name in self.planned
            if test.id() == f"setUpClass ({name.rpartition('.')[0]})"
        ]
        for name in hit or [test.id()]:
            results.append(self.path, name, outcome, reason)
            print(f"{outcome} {name}", *reason.splitlines(), sep="\n    ", flush=True)

    def startTest(self, test):
        super().startTest(test)
        self.record(test, results.STARTED)

    def addSuccess(self, test):
        super().addSuccess(test)
        self.record(test, results.PASSED)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.record(test, results.SKIPPED, reason)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.record(test, results.FAILED, self._reason(test, err))

    def addError(self, test, err):
        super().addError(test, err)
        self.record(test, results.FAILED, self._reason(test, err))

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self.record(test, results.FAILED, self._reason(test, err))

    def _reason(self, test, err):
        """Where it failed and why: the end of the traceback."""
        return "\n".join(self._exc_info_to_string(err, test).rstrip().splitlines()[-8:])


def tests_in(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from tests_in(test)
        else:
            yield test


def main(path, names):
    loader = unittest.defaultTestLoader
    suite = loader.loadTestsFromNames(names) if names else loader.discover(str(HERE))
    RecordingResult.path = path
    RecordingResult.planned = [test.id() for test in tests_in(suite)]
    for name in RecordingResult.planned:
        results.append(path, name, results.PLANNED)
    result = RecordingResult()
    suite.run(result)
    return 0 if result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
