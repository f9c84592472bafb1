"""Runs tests of Python's unittest and writes each result into a file at once."""

import unittest

from . import results


class RecordingResult(unittest.TestResult):
    """Shows each result and writes it down: a crash must not take it along."""

    def __init__(self, path, planned):
        super().__init__()
        self.path, self.planned = path, planned

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


def _tests_in(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from _tests_in(test)
        else:
            yield test


def run(folder, path, names):
    """Runs the tests of a folder, or those of the names, and returns the exit status."""
    loader = unittest.defaultTestLoader
    suite = loader.loadTestsFromNames(names) if names else loader.discover(str(folder))
    planned = [test.id() for test in _tests_in(suite)]
    for name in planned:
        results.append(path, name, results.PLANNED)
    result = RecordingResult(path, planned)
    suite.run(result)
    return 0 if result.wasSuccessful() else 1
