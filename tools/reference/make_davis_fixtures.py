"""Write Tests/Fixtures/davis/scores.json: what DAVIS's evaluation gives for drawn masks.

The formulas are those of the benchmark's toolkit (github.com/fperazzi/davis: db_eval_iou,
db_eval_boundary, db_statistics), with NumPy and the disk and the dilation of scikit-image.
"""

import json
from pathlib import Path

import numpy as np
from skimage.morphology import dilation, disk

OUTPUT = Path(__file__).resolve().parents[2] / "Tests/Fixtures/davis/scores.json"

# Width, height and number of frames; the reach of contours is 1, 2, 4 and 7 pixels.
SIZES = [(64, 48, 5), (120, 90, 23), (320, 240, 9), (640, 480, 4)]


def drawn(ellipses: list[list[int]], width: int, height: int) -> np.ndarray:
    """The union of ellipses, each with its centre and its half axes."""
    y, x = np.mgrid[0:height, 0:width]
    mask = np.zeros((height, width), bool)
    for cx, cy, a, b in ellipses:
        mask |= ((x - cx) * b) ** 2 + ((y - cy) * a) ** 2 <= (a * b) ** 2
    return mask


def region(mask: np.ndarray, truth: np.ndarray) -> float:
    """J: the intersection over union."""
    union = (mask | truth).sum()
    return float((mask & truth).sum() / union) if union else 1.0


def boundary(mask: np.ndarray) -> np.ndarray:
    """The pixels that differ from the one to the right, below, or below to the right."""
    edge = np.zeros_like(mask)
    edge[:, :-1] |= mask[:, :-1] ^ mask[:, 1:]
    edge[:-1] |= mask[:-1] ^ mask[1:]
    edge[:-1, :-1] |= mask[:-1, :-1] ^ mask[1:, 1:]
    return edge


def contour(mask: np.ndarray, truth: np.ndarray) -> float:
    """F: the harmonic mean of the precision and the recall of the boundary."""
    own, other = boundary(mask), boundary(truth)
    if not own.any() or not other.any():
        return float(own.any() == other.any())
    reach = disk(int(np.ceil(0.008 * np.linalg.norm(mask.shape))))
    precision = (own & dilation(other, reach)).sum() / own.sum()
    recall = (other & dilation(own, reach)).sum() / other.sum()
    return float(2 * precision * recall / (precision + recall)) if precision + recall else 0.0


def statistics(values: list[float]) -> dict[str, float]:
    """Mean, recall and decay over the frames."""
    edges = np.round(np.linspace(1, len(values), 5) + 1e-10).astype(int) - 1
    first, last = values[edges[0] : edges[1] + 1], values[edges[3] : edges[4] + 1]
    return {
        "mean": float(np.mean(values)),
        "recall": float(np.mean(np.array(values) > 0.5)),
        "decay": float(np.mean(first) - np.mean(last)),
    }


def sequence(width: int, height: int, count: int, random: np.random.Generator) -> dict:
    """Masks that lose an object little by little, some without object, some full."""
    frames = []
    size = min(width, height)
    for index in range(count):
        centre = [int(v) for v in random.integers(0, [width, height])]
        axes = [int(v) for v in random.integers(size // 8, size // 3, 2)]
        truth = [centre + axes]
        drift = size * index // (4 * count)
        offset = random.integers(-drift - 2, drift + 3, 2)
        mask = [[centre[0] + int(offset[0]), centre[1] + int(offset[1]), axes[0], axes[1]]]
        if index % 3 == 1:
            mask.append([int(v) for v in random.integers(1, [width, height, 12, 12])])
        full = [width // 2, height // 2, 2 * width, 2 * height]
        truth, mask = {
            7: ([], mask), 9: (truth, []), 12: ([], []), 15: ([full], mask), 17: ([full], [full]),
        }.get(index, (truth, mask))
        frames.append({"truth": truth, "mask": mask})
    pairs = [[drawn(frame[kind], width, height) for kind in ("mask", "truth")] for frame in frames]
    scores = {"J": [region(*pair) for pair in pairs], "F": [contour(*pair) for pair in pairs]}
    for place, frame in enumerate(frames):
        frame |= {name: values[place] for name, values in scores.items()}
    return {
        "width": width,
        "height": height,
        "frames": frames,
        "all": {name: statistics(values) for name, values in scores.items()},
        "official": {name: statistics(values[1:-1]) for name, values in scores.items()},
    }


def main() -> None:
    """Write the file."""
    random = np.random.default_rng(2016)
    text = json.dumps([sequence(*size, random) for size in SIZES])
    # One frame a line.
    for start in ['{"truth"', '"all"', '{"width"']:
        text = text.replace(" " + start, "\n" + start).replace("[" + start, "[\n" + start)
    OUTPUT.write_text(text + "\n")


if __name__ == "__main__":
    main()
