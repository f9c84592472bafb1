"""Measures the desktop app; run by Benchmarks/desktop. Prints Markdown."""

import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Tests/DesktopTests"))

from desktop import Desktop, wait_for  # noqa: E402

TICKS = os.sysconf("SC_CLK_TCK")


def make_video(path, seconds, size="1280x720", rate=30):
    subprocess.run(
        [
            "ffmpeg", "-hide_banner", "-nostdin", "-loglevel", "error", "-f", "lavfi", "-i",
            f"testsrc2=size={size}:rate={rate}:duration={seconds}", "-f", "lavfi", "-i",
            f"sine=frequency=330:duration={seconds}", "-c:v", "libx264", "-preset", "veryfast",
            "-pix_fmt", "yuv420p", "-c:a", "aac", str(path),
        ],
        check=True,
    )
    return path


def memory(app):
    """Memory that is no part of a file, in MiB."""
    text = pathlib.Path(f"/proc/{app.process.pid}/status").read_text()
    return int(re.search(r"RssAnon:\s+(\d+)", text).group(1)) / 1024


def processor_time(app):
    fields = pathlib.Path(f"/proc/{app.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def start_times(folder, rounds=5):
    times = []
    for number in range(rounds):
        app = Desktop(folder / f"start-{number}")
        line = wait_for(
            "the window", lambda: re.search(r"^window: ([\d.]+)", app.read_log(), re.M)
        )
        times.append(float(line.group(1)))
        app.close()
    return times


def playing(folder, video):
    app = Desktop(folder / "playing", video)
    app.wait_sensitive("Export")
    app.click("Play")
    wait_for("the frames", lambda: app.read_log().count("frames:") >= 3)
    before, clock = processor_time(app), time.monotonic()
    seen = app.read_log().count("frames:")
    wait_for("more", lambda: app.read_log().count("frames:") >= seen + 10)
    share = (processor_time(app) - before) / (time.monotonic() - clock)
    rates = [int(n) for n in re.findall(r"^frames: (\d+)", app.read_log(), re.M)][seen:seen + 10]
    stalls = len(app.stalls())
    app.close()
    return statistics.median(rates), min(rates), share, stalls


def long_use(folder):
    videos = folder / "videos"
    videos.mkdir()
    first = make_video(videos / "video_000.mp4", 10, "160x90", 10)
    for number in range(1, 100):
        (videos / f"video_{number:03}.mp4").write_bytes(first.read_bytes() + bytes([number]))
    app = Desktop(folder / "use", first)
    app.wait_sensitive("Export")
    rows = [("one video", memory(app))]
    app.action("open-file", str(videos))
    wait_for(
        "all videos",
        lambda: len([t for t in app.texts() if "0:10" in t and "clip" in t]) >= 100,
        600,
    )
    rows.append(("100 videos", memory(app)))
    clips = folder / "videos" / "clips"
    for count in (10, 55, 100):
        while (done := len(list(clips.glob("*.mp4")) if clips.exists() else [])) < count:
            app.action("seek", f"{(done % 10) / 10}")
            app.click("Export")
            wait_for("the clip", lambda: len(list(clips.glob("*.mp4"))) > done, 120)
            if done % 10 == 0:
                app.action("next-file")
        wait_for("rest", lambda: not app.has("Cancel Export", "push button"))
        rows.append((f"and {count} clips", memory(app)))
    app.close()
    return rows


def main(video=None):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        times = start_times(folder)
        print("| start to the window, s | median | most |\n| --- | --- | --- |")
        print(f"| | {statistics.median(times):.2f} | {max(times):.2f} |\n")
        video = video or make_video(folder / "video.mp4", 12)
        rate, least, share, stalls = playing(folder, video)
        print("| playing 1280x720 | frames per second | least | of one core | stalls |")
        print("| --- | --- | --- | --- | --- |")
        print(f"| | {rate:.0f} | {least} | {share:.0%} | {stalls} |\n")
        print("| long use | MiB |\n| --- | --- |")
        for what, mebibytes in long_use(folder):
            print(f"| {what} | {mebibytes:.0f} |")


main(*sys.argv[1:2])
