"""Measures the search for clips in the app; run by Benchmarks/find-app. Prints Markdown."""

import argparse
import pathlib
import re
import statistics
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "Tests/DesktopTests"))

from desktop import Desktop, wait_for  # noqa: E402

RECORDINGS = ROOT / ".build/recordings"


def times(app):
    """Seconds from each move of the limit to the list that follows from it."""
    return [float(n) for n in re.findall(r"^found: ([\d.e-]+)", app.read_log(), re.M)]


def by_keys(app, moves):
    for number in range(moves):
        before = len(times(app))
        app.x("key", "--window", app.window_id(), "Up" if number % 20 < 10 else "Down")
        wait_for("the list", lambda: len(times(app)) > before)
        time.sleep(0.1)


def by_dragging(app, moves):
    """Drags the line up and down, ten moves a second."""
    timeline = app.find("Timeline of the Clips That Were Found", "slider")
    left, top, width, _ = app.box(timeline)
    # The curve is 84 pixels high and begins 92 pixels below the top; the limit is -60 of -90 dBFS.
    line = top + 92 + 84 * 60 // 90
    app.x("mousemove", left + width // 2, line)
    app.x("mousedown", 1)
    for number in range(moves):
        app.x("mousemove", left + width // 2, line - 10 + number % 20)
        time.sleep(0.1)
    app.x("mouseup", 1)
    time.sleep(0.5)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--moves", type=int, default=60)
    options = parser.parse_args()
    video = RECORDINGS / "three-hours.mkv"
    if not video.exists():
        sys.exit(f"{video} is missing: run Benchmarks/find FOLDER long")
    with tempfile.TemporaryDirectory() as folder:
        environment = {"XDG_CACHE_HOME": str(RECORDINGS / "cache")}
        app = Desktop(pathlib.Path(folder) / "app", "--find", video, environment=environment)
        found = wait_for(
            "the clips", lambda: next((t for t in app.texts() if t.endswith(" found")), None))
        app.focus()
        print(f"{found}\n\n| limit moved by | moves | median, ms | 95 % | worst |")
        print("| --- | --- | --- | --- | --- |")
        for name, move in [("keys", by_keys), ("dragging", by_dragging)]:
            before = len(times(app))
            move(app, options.moves)
            taken = sorted(1000 * seconds for seconds in times(app)[before:])
            print(f"| {name} | {len(taken)} | {statistics.median(taken):.0f} "
                  f"| {taken[int(0.95 * (len(taken) - 1))]:.0f} | {taken[-1]:.0f} |")
        app.close()


if __name__ == "__main__":
    main()
