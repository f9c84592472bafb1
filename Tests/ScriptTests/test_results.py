"""The count of all tests: nothing is lost, and nothing is invented."""

import json
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))

from testing import results, swift_tests  # noqa: E402
from testing.results import FAILED, FLAKY, PASSED, PLANNED, SKIPPED, STARTED, Results  # noqa: E402


def filled(**outcomes):
    found = Results()
    for name, outcome in outcomes.items():
        found.record(name, outcome, "because")
    return found


class FilterTests(unittest.TestCase):
    def test_one_test_is_selected(self):
        name = "MediaTests.RateTests/isRead(of:in:)/RateTests.swift:12:6"
        self.assertEqual(r"MediaTests\.RateTests/isRead\(", swift_tests.filter_of(name))


class ResultTests(unittest.TestCase):
    def test_last_line_counts_everything(self):
        found = filled(a=PASSED, b=FAILED, c=SKIPPED, d=FLAKY)
        self.assertEqual(
            [
                "FAILED b", "    because", "FLAKY d", "    because",
                "1 flaky", "2 passed, 1 failed, 1 skipped",
            ],
            found.report(),
        )
        self.assertFalse(found.is_success)

    def test_more_than_two_flaky_tests_fail_the_run(self):
        self.assertTrue(filled(a=FLAKY, b=FLAKY).is_success)
        found = filled(a=FLAKY, b=FLAKY, c=FLAKY)
        self.assertFalse(found.is_success)
        self.assertEqual(["3 flaky", "3 passed, 0 failed, 0 skipped"], found.report()[-2:])

    def test_runner_that_ends_early(self):
        found = filled(a=PASSED, b=STARTED, c=PLANNED)
        found.close("the runner", -11, "a crash")
        self.assertEqual({"b", "c", "the runner"}, set(found.names(FAILED)))
        self.assertEqual("ended with signal 11\na crash", found.reason("the runner"))
        self.assertEqual("1 passed, 3 failed, 0 skipped", found.report()[-1])

    def test_runner_that_ends_badly_without_a_failure(self):
        found = filled(a=PASSED)
        found.close("the runner", 1)
        self.assertEqual(["the runner"], found.names(FAILED))

    def test_runner_that_runs_nothing(self):
        found = Results()
        found.close("the runner", 0)
        self.assertEqual(["the runner"], found.names(FAILED))

    def test_runner_that_names_its_failures(self):
        found = filled(a=PASSED, b=FAILED)
        found.close("the runner", 1)
        self.assertEqual(["b"], found.names(FAILED))

    def test_many_tests_without_a_result_are_listed_in_part(self):
        found = filled(**{f"t{n}": PLANNED for n in range(200)})
        found.close("the runner", 1)
        self.assertLess(len(found.report()), 40)
        self.assertEqual("0 passed, 201 failed, 0 skipped", found.report()[-1])

    def test_torn_file(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "results.jsonl")
            results.append(path, "a", STARTED)
            results.append(path, "a", PASSED)
            with open(path, "a", encoding="utf-8") as file:
                file.write('["b", "pas')
            found = Results()
            found.read(path)
        self.assertEqual(["a"], found.names(PASSED))
        self.assertEqual("", found.outcome("b"))


def test(name, kind="function"):
    return {"kind": "test", "payload": {"kind": kind, "id": name}}


def event(kind, name=None, symbol=None, text="", **more):
    messages = [{"symbol": symbol, "text": text}] if symbol else []
    return {
        "kind": "event",
        "payload": {"kind": kind, "testID": name, "messages": messages, **more},
    }


def issue(name, is_failure, text):
    place = {"fileID": "A/B.swift", "line": 7}
    return event("issueRecorded", name, "fail", text,
                 issue={"isFailure": is_failure, "sourceLocation": place})


class SwiftTests(unittest.TestCase):
    def read(self, *records):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "events.jsonl")
            path.write_text("".join(json.dumps(record) + "\n" for record in records) + '{"ki')
            return swift_tests.read(path)

    def test_each_outcome(self):
        found = self.read(
            test("S", "suite"), *[test(f"S/{name}") for name in "abcde"],
            event("runStarted"), event("testStarted", "S"),
            event("testStarted", "S/a"), event("testEnded", "S/a", "pass"),
            event("testStarted", "S/b"), issue("S/b", True, "1 == 2"),
            event("testEnded", "S/b", "fail"),
            event("testSkipped", "S/c", "skip", "no GPU"),
            event("testStarted", "S/d"), issue("S/d", False, "known"),
            event("testEnded", "S/d", "passWithKnownIssue"),
            event("testStarted", "S/e"), event("testEnded", "S/e", "skip", "cancelled"),
            event("testEnded", "S", "fail"), event("runEnded"),
        )
        self.assertEqual(["S/a", "S/d"], found.names(PASSED))
        self.assertEqual(["S/b"], found.names(FAILED))
        self.assertEqual("A/B.swift:7: 1 == 2", found.reason("S/b"))
        self.assertEqual(["S/c", "S/e"], found.names(SKIPPED))

    def test_parameterized_test_counts_once(self):
        found = self.read(
            test("a"), event("testStarted", "a"), event("testCaseStarted", "a"),
            event("testCaseEnded", "a"), event("testCaseStarted", "a"), issue("a", True, "no"),
            event("testCaseEnded", "a"), event("testEnded", "a", "fail"),
        )
        self.assertEqual("0 passed, 1 failed, 0 skipped", found.report()[-1])

    def test_crash(self):
        found = self.read(test("a"), test("b"), event("testStarted", "a"))
        self.assertEqual(["a"], found.names(STARTED))
        self.assertEqual(["b"], found.names(PLANNED))

    def test_skipped_suite(self):
        found = self.read(test("S", "suite"), test("S/a"), event("testSkipped", "S", "skip", "off"))
        self.assertEqual(["S/a"], found.names(SKIPPED))

    def test_issue_of_no_test(self):
        self.assertEqual(1, len(self.read(issue(None, True, "late")).names(FAILED)))


if __name__ == "__main__":
    unittest.main()
