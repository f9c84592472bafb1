"""The results of all tests, and the lines that report them."""

import contextlib
import json

PLANNED, STARTED, PASSED, FAILED, SKIPPED, FLAKY = (
    "planned", "started", "passed", "failed", "skipped", "flaky",
)
# When more tests of a runner than this have failed, it is no matter of chance.
AGAIN_LIMIT = 6
# More flaky tests than this fail the run.
FLAKY_LIMIT = 2
# Why tests have failed whose runner ended before them, and how many of them are listed.
NO_RESULT = "no result: its runner ended early"
LISTED = 10


class Results:
    """The outcome of each test by name. A later outcome of the same test replaces the earlier."""

    def __init__(self):
        self._outcomes = {}

    def record(self, name, outcome, reason=""):
        self._outcomes[name] = (outcome, reason)

    def outcome(self, name):
        return self._outcomes.get(name, ("", ""))[0]

    def reason(self, name):
        return self._outcomes.get(name, ("", ""))[1]

    def names(self, outcome):
        return [name for name, (found, _) in self._outcomes.items() if found == outcome]

    def merge(self, other):
        self._outcomes.update(other._outcomes)

    def read(self, path):
        """Reads what a runner has written with `append`; a torn last line is left out."""
        with contextlib.suppress(FileNotFoundError), open(path, encoding="utf-8") as lines:
            for line in lines:
                if line.endswith("\n"):
                    self.record(*json.loads(line))

    def close(self, runner, status, output=""):
        """Turns what has no result into failures once the runner has ended.

        A test without an end has failed. A runner has failed when it ends early, when it ends
        badly without naming a failure, and when it runs no test at all.
        """
        open_tests = self.names(PLANNED) + self.names(STARTED)
        for name in open_tests:
            self.record(name, FAILED, NO_RESULT)
        if not self._outcomes or open_tests or (status != 0 and not self.names(FAILED)):
            how = "signal" if status < 0 else "status"
            self.record(runner, FAILED, f"ended with {how} {abs(status)}\n{output}".strip())

    @property
    def is_success(self):
        return not self.names(FAILED) and len(self.names(FLAKY)) <= FLAKY_LIMIT

    def report(self):
        """The closing lines: what failed and why, what was flaky, and the count as the last."""
        lines = self._failures()
        for name in self.names(FLAKY):
            lines += self._described(name, "FLAKY")
        flaky = len(self.names(FLAKY))
        if flaky > FLAKY_LIMIT:
            lines.append(f"The run fails: at most {FLAKY_LIMIT} tests may be flaky.")
        passed = len(self.names(PASSED)) + flaky
        failed, skipped = len(self.names(FAILED)), len(self.names(SKIPPED))
        lines.append(f"{flaky} flaky")
        lines.append(f"{passed} passed, {failed} failed, {skipped} skipped")
        return lines

    def _failures(self):
        failed = self.names(FAILED)
        without = [name for name in failed if self.reason(name) == NO_RESULT]
        lines = []
        for name in failed:
            if name not in without[LISTED:]:
                lines += self._described(name, "FAILED")
        if without[LISTED:]:
            lines.append(f"FAILED {len(without[LISTED:])} more tests: {NO_RESULT}")
        return lines

    def _described(self, name, word):
        return [f"{word} {name}", *(f"    {line}" for line in self.reason(name).splitlines())]


def append(path, name, outcome, reason=""):
    """Adds one result to a file, so that it survives a crash of the runner."""
    with open(path, "a", encoding="utf-8") as file:
        file.write(json.dumps([name, outcome, reason]) + "\n")


def with_second_try(
    options, run_once, is_test=lambda name: name.startswith("test_"), only=lambda name: [name],
):
    """Runs tests by `run_once`, and returns the results.

    A test that fails runs once more, alone: when it passes then, it is flaky. `is_test` tells tests
    from runners by their names, and `only` are the options that select one.
    """
    results = run_once(options)
    failed = [
        name for name in results.names(FAILED)
        if is_test(name) and results.reason(name) != NO_RESULT
    ]
    for name in failed if len(failed) <= AGAIN_LIMIT else []:
        print(f"Once more, alone: {name}", flush=True)
        if run_once(only(name)).outcome(name) == PASSED:
            results.record(name, FLAKY, results.reason(name))
    return results
