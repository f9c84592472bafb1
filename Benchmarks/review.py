"""Measures the review of masks; run by Benchmarks/review. Prints Markdown."""

import argparse
import contextlib
import json
import os
import pathlib
import random
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Tests/DesktopTests"))

from desktop import PROGRAMS, Desktop, wait_for  # noqa: E402

# Clips that differ; all others are links to their files.
VARIANTS = 8
SIZE, RATE, SECONDS = "1280x720", 25, 8
LABELS = ["dog barking", "bell", "door", "hammer", "violin", "rain", "engine", "footsteps", "cat"]


def make_clips(folder, environment):
    """Cuts the clips that differ, and makes their masks."""
    for number in range(VARIANTS):
        video = folder / f"video_{number}.mp4"
        subprocess.run(
            [
                "ffmpeg", "-hide_banner", "-nostdin", "-loglevel", "error", "-f", "lavfi", "-i",
                f"testsrc2=size={SIZE}:rate={RATE}:duration={SECONDS + 2},hue=h={45 * number}",
                "-f", "lavfi", "-i", f"sine=frequency={200 + 50 * number}:duration={SECONDS + 2}",
                "-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-c:a", "aac",
                str(video),
            ],
            check=True,
        )
        for words in (
            ["export", "-i", video, "--start", 1, "--to", folder / "clips", "--name", f"v{number}_",
             "--label", LABELS[number]],
            ["masks", "saliency", "-i", folder / "clips" / f"v{number}__001.mp4", "--output",
             folder / "clips" / f"v{number}__001_masks"],
        ):
            subprocess.run([PROGRAMS / "8cut", *map(str, words), "--quiet"], check=True,
                           env=os.environ | environment, stdin=subprocess.DEVNULL)


def multiply(folder, library, count):
    """Makes many clips of them: links to the files, each with masks of a score of its own."""
    chance = random.Random(1)
    with contextlib.closing(sqlite3.connect(library)) as database:
        columns = [row[1] for row in database.execute("PRAGMA table_info(clip)")]
        clips = database.execute("SELECT * FROM clip ORDER BY id").fetchall()
        masks = [
            json.loads(pathlib.Path(dict(zip(columns, clip))["path"].replace(".mp4", "_masks"),
                                    "masks.json").read_text())
            for clip in clips
        ]
        for number in range(count - len(clips)):
            clip = dict(zip(columns, clips[number % len(clips)]))
            path = pathlib.Path(clip["path"])
            copy = folder / "clips" / f"clip_{number:05d}.mp4"
            os.link(path, copy)
            source, target = path.with_name(f"{path.stem}_masks"), copy.with_name(
                f"{copy.stem}_masks")
            target.mkdir()
            for file in source.glob("*.png"):
                os.link(file, target / file.name)
            manifest = masks[number % len(clips)]
            manifest["score"] = round(chance.uniform(0.2, 0.98), 4)
            (target / "masks.json").write_text(json.dumps(manifest))
            clip |= {"id": None, "path": str(copy)}
            row = database.execute(
                f"INSERT INTO clip ({', '.join(clip)}) VALUES ({', '.join('?' * len(clip))})",
                list(clip.values()),
            ).lastrowid
            database.execute(
                "INSERT INTO clipText (clipId, text) VALUES (?, ?)", [row, copy.name])
            database.execute(
                "INSERT INTO maskRun (clipId, method, path, settings, frameCount, madeAt, score) "
                "VALUES (?, 'saliency', ?, '{}', ?, 0, ?)",
                [row, str(target), clip["frameCount"], manifest["score"]],
            )
        database.commit()


def memory(app):
    """Memory that is no part of a file, in MiB."""
    text = pathlib.Path(f"/proc/{app.process.pid}/status").read_text()
    return int(re.search(r"RssAnon:\s+(\d+)", text).group(1)) / 1024


def times(app):
    """Seconds from each key to the next clip on the screen."""
    return [float(n) for n in re.findall(r"^reviewed: ([\d.e-]+)", app.read_log(), re.M)]


def review(app, count, pause):
    """A person who takes a while for each clip; gives the memory at the start, half-way and at the end."""
    rows = [("at the start", memory(app))]
    chance = random.Random(2)
    for number in range(count):
        time.sleep(pause)
        app.x("key", "--window", app.window_id(), chance.choice("aaaxu"))
        wait_for("the next clip", lambda: len(times(app)) > number)
        if number + 1 in (count // 2, count):
            rows.append((f"after {number + 1} verdicts", memory(app)))
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clips", type=int, default=5000)
    parser.add_argument("--verdicts", type=int, default=500)
    parser.add_argument("--pause", type=float, default=0.7, help="seconds before each verdict")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        environment = {"EIGHTCUT_HOME": str(folder / "app" / "home")}
        make_clips(folder, environment)
        multiply(folder, folder / "app" / "home" / "library.sqlite", options.clips)
        start = time.monotonic()
        app = Desktop(folder / "app", "--review")
        wait_for("the first clip", lambda: [t for t in app.texts() if t.startswith("Frame of")])
        first = time.monotonic() - start
        app.focus()
        rows = review(app, options.verdicts, options.pause)
        found = sorted(times(app))
        stalls = len(app.stalls())
        app.close()
        with contextlib.closing(
                sqlite3.connect(folder / "app" / "home" / "library.sqlite")) as database:
            kept = database.execute("SELECT COUNT(*) FROM verdict").fetchone()[0]
    print(f"{options.clips} clips of {SIZE}, {SECONDS} s; {options.verdicts} verdicts, of which "
          f"{kept} are in the library\n")
    print("| start to the first clip | key to the next clip: median | 95 % | worst "
          "| main loop stood still for 100 ms |\n| --- | --- | --- | --- | --- |")
    print(f"| {first:.1f} s | {1000 * statistics.median(found):.0f} ms "
          f"| {1000 * found[int(0.95 * (len(found) - 1))]:.0f} ms | {1000 * found[-1]:.0f} ms "
          f"| {stalls or 'never'} |\n")
    print("| memory | MiB |\n| --- | --- |")
    for what, mebibytes in rows:
        print(f"| {what} | {mebibytes:.0f} |")


if __name__ == "__main__":
    main()
