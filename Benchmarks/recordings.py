"""Recordings of sounds, backgrounds, speech and music from packages of Debian, for the benchmarks beside
this file. Each package is downloaded once and unpacked below .build/recordings: nothing is installed."""

import subprocess
import tempfile
from pathlib import Path

import numpy

FOLDER = Path(__file__).resolve().parent.parent / ".build/recordings"
RATE = 48_000
# A package of Debian, its recordings, and words in the paths of those that are something else. Licences: GPL-2
# (Tux Paint, Wesnoth, Frozen Bubble), GPL-2 or later and CC0 (Extreme Tux Racer), CC BY and BY-SA 3.0
# (Asterisk).
KINDS = {
    # Animals, tools and vehicles, without letters and numbers that are read and without music.
    "sounds": (
        "tuxpaint-stamps-default", "usr/share/tuxpaint/stamps/**/*.ogg",
        ("_desc", "/symbols/", "/seasonal/", "/people/", "/music/", "/flags/", "roll-call")),
    # Birds, a morning, a night, a fire and a ship.
    "backgrounds": (
        "wesnoth-1.16-data", "usr/share/games/wesnoth/*/data/core/sounds/ambient/*.ogg", ("wardrums",)),
    # Sentences of a telephone system.
    "speech": (
        "asterisk-core-sounds-en-g722", "usr/share/asterisk/sounds/**/*.g722",
        ("beep", "silence", "tone")),
    "orchestra": ("extremetuxracer-data", "usr/share/games/etr/music/*.ogg", ()),
    "electronic music": ("frozen-bubble-data", "usr/share/games/frozen-bubble/snd/*zik*.ogg", ()),
}


def package(name):
    """The folder with the content of a package."""
    folder = FOLDER / name
    if not folder.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=FOLDER) as part:
            subprocess.run(["apt-get", "download", "-q", name], cwd=part, check=True)
            (file,) = Path(part).glob("*.deb")
            subprocess.run(["dpkg-deb", "-x", file, f"{part}/content"], check=True)
            Path(part, "content").rename(folder)
    return folder


def samples(path):
    """[samples] in one channel at RATE, without silence at the ends; None where there are none."""
    data = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", path, "-ac", "1", "-ar", str(RATE), "-f", "f32le", "-"],
        capture_output=True).stdout
    values = numpy.frombuffer(data, numpy.float32)
    loud = numpy.flatnonzero(numpy.abs(values) > 0.02)
    return values[loud[0]:loud[-1] + 1] if len(loud) > RATE // 20 else None


def recordings(kind, least=0.0):
    """All recordings of a kind that last so many seconds."""
    name, pattern, others = KINDS[kind]
    paths = [
        path for path in sorted(package(name).glob(pattern))
        if not any(word in str(path) for word in others)
    ]
    found = [values for values in map(samples, paths) if values is not None]
    return [values for values in found if len(values) >= least * RATE]


def background(loops, seconds, generator):
    """[samples]: one of the loops for so long, its copies faded into each other at random places."""
    loop = loops[int(generator.integers(len(loops)))]
    fade = RATE // 4
    ramp = numpy.linspace(0, 1, fade, dtype=numpy.float32)
    result = numpy.zeros(seconds * RATE, numpy.float32)
    place = 0
    while place < len(result):
        part = loop[int(generator.integers(len(loop) // 2)):].copy()
        part[:fade] *= ramp
        part[-fade:] *= ramp[::-1]
        end = min(place + len(part), len(result))
        result[place:end] += part[:end - place]
        place += len(part) - fade
    return result


def level(values):
    """The root of the mean square."""
    return float(numpy.sqrt(numpy.mean(values.astype(numpy.float64) ** 2))) or 1e-9


def decibels(value):
    """A factor of amplitudes."""
    return 10 ** (value / 20)
