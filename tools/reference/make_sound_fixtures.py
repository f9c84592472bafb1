"""Makes Tests/Fixtures/sound: the SuperFlux of short sounds, and the onsets in them.

The formulas are those of the paper (Böck, Widmer: "Maximum Filter Vibrato Suppression for Onset
Detection", DAFx 2013) and of the constants of its reference implementation, written down with
SciPy's filters for whole spectrograms in double precision.

Needs numpy and scipy.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from scipy.ndimage import maximum_filter, maximum_filter1d, uniform_filter1d

SEED = 8
SIZE, FRAMES_PER_SECOND, BANDS, LOWEST, HIGHEST = 2048, 200, 24, 30, 17000
MAXIMUM, RATIO, THRESHOLD = 3, 0.5, 1.1


def band_filters(rate: int) -> np.ndarray:
    """Triangles between the bins of a scale of quarter-tones, [bins, bands]."""
    bins = SIZE // 2
    factor = 2 ** (1 / BANDS)
    above = np.arange(0, np.ceil(np.log(HIGHEST / 440) / np.log(factor)) + 1)
    below = np.arange(1, np.ceil(np.log(440 / LOWEST) / np.log(factor)) + 1)
    frequencies = np.concatenate([440 / factor**below[::-1], 440 * factor**above])
    edges = np.unique(np.round(frequencies / (rate / 2 / bins)).astype(int))
    edges = edges[edges < bins]
    filters = np.zeros((bins, len(edges) - 2))
    for band, (start, middle, stop) in enumerate(zip(edges, edges[1:], edges[2:])):
        filters[start:middle, band] = np.arange(middle - start) / (middle - start)
        filters[middle:stop, band] = 1 - np.arange(stop - middle) / (stop - middle)
    return filters


def superflux(samples: np.ndarray, rate: int) -> np.ndarray:
    """A value every 1/200 s; 0 where a window is not within the samples."""
    hop = rate / FRAMES_PER_SECOND
    window = np.hanning(SIZE)
    starts = [int(frame * hop) - SIZE // 2 for frame in range(int(np.ceil(len(samples) / hop)))]
    padded = np.concatenate([np.zeros(SIZE), samples, np.zeros(SIZE)])
    pieces = np.stack([padded[start + SIZE : start + 2 * SIZE] for start in starts])
    magnitudes = np.abs(np.fft.rfft(pieces * window))[:, : SIZE // 2]
    bands = np.log10(1 + magnitudes @ band_filters(rate))
    distance = max(1, round((SIZE / 2 - np.argmax(window > RATIO)) / hop))
    widened = maximum_filter(bands, size=[1, MAXIMUM])
    flux = np.zeros(len(bands))
    flux[distance:] = np.maximum(bands[distance:] - widened[:-distance], 0).sum(axis=1)
    whole = np.array([start >= 0 and start + SIZE <= len(samples) for start in starts])
    known = whole.copy()
    known[distance:] &= whole[:-distance]
    known[:distance] = False
    return np.where(known, flux, 0)


def onsets(flux: np.ndarray) -> list[int]:
    """Frames that are the largest of 2 before and 10 after, and above the mean of 30 before."""
    largest = maximum_filter1d(flux, 13, mode="constant", origin=-4)
    mean = uniform_filter1d(flux, 31, mode="constant", origin=15)
    found = (flux == largest) & (flux > 0) & (flux >= mean + THRESHOLD)
    return [int(frame) for frame in np.nonzero(found)[0]]


def sound(rng: np.random.Generator, rate: int) -> np.ndarray:
    """A glide with vibrato, two knocks, a tone that begins, and noise."""
    times = np.arange(int(0.9 * rate)) / rate
    vibrato = 0.1 * np.sin(2 * np.pi * (300 * times + 90 * times**2) + np.sin(40 * times))
    tone = 0.2 * np.sin(2 * np.pi * 1234.5 * times) * (times > 0.61)
    noise = rng.uniform(-1, 1, len(times))
    knocks = sum((times >= at) * np.exp(-np.maximum(times - at, 0) / 0.012) for at in (0.2, 0.43))
    return np.round(32767 * (vibrato + tone + noise * (0.002 + 0.3 * knocks))).astype("<i2")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("Tests/Fixtures/sound"))
    output: Path = parser.parse_args().output
    output.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(SEED)
    cases = []
    for rate in (44100, 48000):
        samples = sound(rng, rate)
        flux = superflux(samples / 32768, rate)
        samples.tofile(output / f"{rate}.samples")
        cases.append(
            {
                "rate": rate,
                "flux": [round(float(value), 5) for value in flux],
                "onsets": onsets(flux),
            }
        )
    (output / "superflux.json").write_text(json.dumps(cases, indent=None) + "\n")


if __name__ == "__main__":
    main()
