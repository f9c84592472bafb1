"""Runs the tests written in Swift, which must have been built, and reads their event stream."""

import contextlib
import json
import os
import pathlib
import re
import tempfile

from . import processes
from .results import (
    FAILED, PASSED, PLANNED, SKIPPED, STARTED, Results, with_second_try,
)

# Tests that run at a time: each starts programs, and some measure time.
WIDTH = "6"
# Lines by which a crash is explained.
CRASH = re.compile(r"Program crashed|exited with unexpected|Fatal error")


def run(options):
    """Runs `swift test` with more options, and returns the results."""
    return with_second_try(
        options, run_once, lambda name: name.count("/") > 1,
        lambda name: ["--filter", filter_of(name)],
    )


def filter_of(name):
    """The option that selects one test: `Target.Suite/function(argument:)/File.swift:1:2`."""
    suite, function = name.split("/")[-3:-1]
    return f"{re.escape(suite)}/{re.escape(function.split('(')[0])}\\("


def run_once(options):
    """Runs tests without a second try."""
    with tempfile.TemporaryDirectory() as folder:
        events = pathlib.Path(folder, "events.jsonl")
        environment = os.environ | {
            # What tests move to the trash is not for the user's own.
            "XDG_DATA_HOME": str(pathlib.Path(folder, "data")),
            "SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH": WIDTH,
        }
        status, lines = processes.run(
            [
                "swift", "test", "-c", "release", "--skip-build", "--disable-xctest",
                "--event-stream-output-path", events, *options,
            ],
            environment,
        )
        results = read(events)
    end = [line for line in lines if CRASH.search(line)] or lines[-20:]
    results.close("swift test", status, "\n".join(end))
    return results


def read(path):
    """The results in Swift Testing's event stream: one JSON object a line.

    All tests are listed before the first starts. A parameterized test counts once.
    """
    results, stream = Results(), _Stream()
    with contextlib.suppress(FileNotFoundError), open(path, encoding="utf-8") as lines:
        for line in lines:
            # A crash may tear the last line.
            if line.endswith("\n"):
                stream.add(json.loads(line), results)
    return results


class _Stream:
    def __init__(self):
        self.tests = set()
        self.issues = {}

    def add(self, record, results):
        payload = record["payload"]
        if record["kind"] == "test":
            if payload["kind"] == "function":
                self.tests.add(payload["id"])
                results.record(payload["id"], PLANNED)
            return
        name, kind = payload.get("testID"), payload["kind"]
        if kind == "issueRecorded":
            self._add_issue(name, payload, results)
        elif kind == "testStarted" and name in self.tests:
            results.record(name, STARTED)
        elif kind == "testSkipped":
            # A suite that is skipped takes its tests along.
            for test in self.tests:
                if test == name or test.startswith(f"{name}/"):
                    results.record(test, SKIPPED, _text(payload))
        elif kind == "testEnded" and name in self.tests:
            self._end(name, payload, results)

    def _add_issue(self, name, payload, results):
        issue = payload["issue"]
        if not issue.get("isFailure", not issue.get("isKnown", False)):
            return
        # A suite's trait or no test at all may have an issue too.
        name = name or "an issue outside of tests"
        place = issue.get("sourceLocation", {})
        where = f"{place.get('fileID', '?')}:{place.get('line', '?')}"
        self.issues.setdefault(name, []).append(f"{where}: {_text(payload)}")
        results.record(name, FAILED, "\n".join(self.issues[name]))

    def _end(self, name, payload, results):
        symbols = {message["symbol"] for message in payload["messages"]}
        if name in self.issues:
            return
        if "fail" in symbols:
            results.record(name, FAILED, _text(payload))
        elif "skip" in symbols:
            results.record(name, SKIPPED, _text(payload))
        else:
            results.record(name, PASSED)


def _text(payload):
    return "\n".join(message["text"] for message in payload["messages"])
