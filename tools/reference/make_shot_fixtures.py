"""Makes Tests/Fixtures/shots: what PySceneDetect measures of drawn frames, and the cuts it finds.

Needs scenedetect 0.7 and OpenCV only: `pip install 'scenedetect==0.7.2' opencv-python-headless`.
Frames are drawn with whole numbers, so that the tests draw the same ones.
"""

import argparse
import json
import random
from pathlib import Path

import cv2
import numpy as np
import scenedetect
from scenedetect import FrameTimecode
from scenedetect.detectors import AdaptiveDetector, ContentDetector, HistogramDetector
from scenedetect.detector import FlashFilter

WIDTH, HEIGHT = 64, 36
SEED = 8
MODES = {"merge": FlashFilter.Mode.MERGE, "suppress": FlashFilter.Mode.SUPPRESS}


def draw(scene: list[list[int]], time: int) -> np.ndarray:
    """Waves of triangles in each channel, and a little noise: [height, width, 3], 0…255."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    channels = []
    for across, down, speed, start in scene:
        wave = (x * across + y * down + time * speed + start) % 512
        wave = np.where(wave > 255, 511 - wave, wave)
        noise = (x * 7 + y * 13 + time * 5 + start) * 97 % 11 - 5
        channels.append(np.clip(wave + noise, 0, 255))
    return np.stack(channels, -1)


def frame(scenes: list, parts: list[list[int]]) -> np.ndarray:
    """A sum of scenes: [scene, time, weight of 256]. RGB."""
    total = sum(draw(scenes[scene], time) * weight for scene, time, weight in parts)
    return np.clip(total >> 8, 0, 255).astype(np.uint8)


def cuts_video(chance: random.Random, scenes: int) -> list:
    """Hard cuts, some shots shorter than the shortest one, and flashes of 1 to 4 frames."""
    frames, last = [], -1
    for length in [30, 9, 22, 4, 16, 15, 14, 40, 6, 6, 6, 30, 17, 25]:
        scene = chance.choice([s for s in range(scenes) if s != last])
        last, start = scene, chance.randrange(400)
        flash = chance.randrange(3, length)
        count = chance.randrange(1, 5)
        for index in range(length):
            bright = length > 14 and flash <= index < flash + count
            frames.append([[scene, start + index, 700 if bright else 256]])
    return frames


def gradual_video(chance: random.Random, scenes: int) -> list:
    """Dissolves, fades through black, and a cut to black."""
    frames = []
    for first, length in enumerate([8, 16, 24, 30]):
        a, b = first % scenes, (first + 1) % scenes
        frames += [[[a, t, 256]] for t in range(20)]
        for index in range(1, length + 1):
            weight = 256 * index // (length + 1)
            frames.append([[a, 20 + index, 256 - weight], [b, index, weight]])
    for scene in range(3):
        frames += [[[scene, t, 256 - 21 * max(0, t - 20)]] for t in range(32)]
        frames += [[[scene, t, 0]] for t in range(5)]
        frames += [[[scene + 1, t, min(256, 21 * (t + 1))]] for t in range(30)]
    frames += [[[0, 0, 0]] for _ in range(20)] + [[[4 % scenes, 3, 256]] for _ in range(20)]
    return frames


def measured(images: list[np.ndarray]) -> list[list[float]]:
    """Differences of hue, saturation and value, and correlations in 128 and 256 bins."""
    rows, last = [], None
    for image in images:
        planes = cv2.split(cv2.cvtColor(image, cv2.COLOR_BGR2HSV))
        histograms = [HistogramDetector.calculate_histogram(image, bins) for bins in (128, 256)]
        row = [0.0, 0.0, 0.0, 1.0, 1.0]
        if last is not None:
            row = [
                float(np.mean(np.abs(a.astype(int) - b.astype(int))))
                for a, b in zip(planes, last[0])
            ]
            row += [
                cv2.compareHist(b, a, cv2.HISTCMP_CORREL) for a, b in zip(histograms, last[1])
            ]
        rows.append([round(value, 8) for value in row])
        last = planes, histograms
    return rows


def found(detector, images: list[np.ndarray]) -> list[int]:
    cuts = []
    for number, image in enumerate(images):
        cuts += detector.process_frame(FrameTimecode(number, 24.0), image)
    cuts += detector.post_process(FrameTimecode(len(images) - 1, 24.0))
    return [cut.frame_num for cut in cuts]


def all_cuts(images: list[np.ndarray]) -> list[dict]:
    results = []
    for threshold, window, shortest, content in [
        (3.0, 2, 15, 15.0), (3.0, 2, 5, 15.0), (2.0, 2, 5, 15.0), (3.5, 3, 10, 10.0),
        (1.5, 1, 1, 5.0),
    ]:
        detector = AdaptiveDetector(threshold, shortest, window, content)
        results.append({
            "detector": "adaptive", "threshold": threshold, "window": window,
            "shortestShot": shortest, "smallestContent": content,
            "cuts": found(detector, images),
        })
    for threshold, shortest, mode in [
        (27.0, 15, "merge"), (27.0, 15, "suppress"), (20.0, 10, "merge"), (35.0, 5, "suppress"),
        (10.0, 0, "merge"),
    ]:
        detector = ContentDetector(threshold, shortest, filter_mode=MODES[mode])
        results.append({
            "detector": "content", "threshold": threshold, "shortestShot": shortest,
            "filter": mode, "cuts": found(detector, images),
        })
    for threshold, bins, shortest in [(0.2, 128, 15), (0.05, 256, 15), (0.5, 256, 5)]:
        detector = HistogramDetector(threshold, bins, shortest)
        results.append({
            "detector": "histogram", "threshold": threshold, "bins": bins,
            "shortestShot": shortest, "cuts": found(detector, images),
        })
    return results


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("Tests/Fixtures/shots"))
    output: Path = parser.parse_args().output
    output.mkdir(parents=True, exist_ok=True)
    chance = random.Random(SEED)
    scenes = [
        [
            [chance.randrange(1, 12), chance.randrange(1, 12), chance.randrange(0, 4),
             chance.randrange(512)]
            for _ in range(3)
        ]
        for _ in range(6)
    ]
    videos = []
    for name, frames in [
        ("cuts", cuts_video(chance, len(scenes))),
        ("more-cuts", cuts_video(chance, len(scenes))),
        ("gradual", gradual_video(chance, len(scenes))),
    ]:
        images = [np.ascontiguousarray(frame(scenes, parts)[..., ::-1]) for parts in frames]
        videos.append({
            "name": name, "frames": frames, "measures": measured(images),
            "detectors": all_cuts(images),
        })
        print(name, len(frames), [len(d["cuts"]) for d in videos[-1]["detectors"]])
    document = {
        "scenedetect": scenedetect.__version__, "opencv": cv2.__version__, "seed": SEED,
        "width": WIDTH, "height": HEIGHT, "scenes": scenes, "videos": videos,
    }
    (output / "expected.json").write_text(json.dumps(document, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
