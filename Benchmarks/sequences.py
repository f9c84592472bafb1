"""Sequences with true masks, and programs in Swift that work on them, for the benchmarks beside this
file.

A folder has NAME.mkv and masks/NAME/00000.png, ... for each sequence, such as those of DAVIS.
"""

import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VISION = ROOT / "Sources/Vision"
# What a program of a benchmark is compiled with, as one module.
METHOD = [
    *(VISION / "OpticalFlow").glob("*.swift"),
    *(VISION / "Saliency").glob("*.swift"),
    *(VISION / "Imaging" / name
      for name in ("VideoFrame.swift", "Images.swift", "OtsuThreshold.swift")),
]


def build(main, sources, cache):
    """Compiles sources and a main file as one module; returns the program's path."""
    folder = cache / "sources"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*"):
        old.unlink()
    own = {f"import {source.parent.name}" for source in sources}
    copies = []
    for source in sources:
        copies.append(folder / f"{source.parent.name}-{source.name}")
        copies[-1].write_text("".join(
            line for line in source.read_text().splitlines(keepends=True)
            if line.strip() not in own))
    for name in (main, "sequence.swift"):
        copies.append(folder / ("main.swift" if name == main else name))
        copies[-1].write_text((ROOT / "Benchmarks" / name).read_text())
    program = cache / Path(main).stem
    subprocess.run(["swiftc", "-O", "-wmo", "-swift-version", "6", "-package-name", "8cut",
                    "-module-name", "Benchmark", *copies, "-o", program], check=True)
    return program


def decode(folder, cache):
    """Writes the frames and the true masks of each sequence as bytes; returns the names."""
    names = sorted(path.stem for path in folder.glob("*.mkv"))
    if not names:
        sys.exit(f"{folder} has no sequences (NAME.mkv)")
    cache.mkdir(parents=True, exist_ok=True)
    for name in names:
        video = folder / f"{name}.mkv"
        stream = json.loads(subprocess.run(
            ["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries",
             "stream=width,height,avg_frame_rate", "-of", "json", video],
            check=True, capture_output=True).stdout)["streams"][0]
        shape = {"width": stream["width"], "height": stream["height"],
                 "rate": float(Fraction(stream["avg_frame_rate"]))}
        quiet = ["ffmpeg", "-v", "error", "-nostdin", "-y"]
        subprocess.run([*quiet, "-i", video, "-fps_mode", "passthrough", "-pix_fmt", "yuv420p",
                        "-f", "rawvideo", cache / f"{name}.frames"], check=True)
        subprocess.run([*quiet, "-pattern_type", "glob", "-i", folder / "masks" / name / "*.png",
                        "-fps_mode", "passthrough", "-pix_fmt", "gray", "-f", "rawvideo",
                        cache / f"{name}.truth"], check=True)
        (cache / f"{name}.json").write_text(json.dumps(shape))
    return names
