"""Makes Tests/Fixtures/depth-masks: depth maps, and the reference implementation's masks of them.

Needs torch, numpy and OpenCV, as `8cut tools install --reference` installs them.
"""

import argparse
import json
from pathlib import Path

import cv2
import numpy as np
import torch

SEED = 12
SIZES = [((42, 28), (101, 57)), ((28, 56), (45, 90)), ((66, 37), (40, 22))]


def depth_map(rng: np.random.Generator, width: int, height: int) -> np.ndarray:
    """A floor with noise, and a box that stands on it."""
    rows = np.linspace(2, 4, height)[:, None]
    depth = rows + rng.normal(0, 0.2, (height, width))
    depth[height // 4 : height * 3 // 4, width // 3 : width // 2] += 3
    return depth.astype("<f4")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("Tests/Fixtures/depth-masks"))
    output: Path = parser.parse_args().output
    output.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(SEED)
    cases = []
    for number, (size, (width, height)) in enumerate(SIZES):
        source = depth_map(rng, *size)
        resized = torch.nn.functional.interpolate(
            torch.from_numpy(source)[None, None],
            size=(height, width),
            mode="bicubic",
            align_corners=False,
        )
        depth = resized[0, 0].numpy()
        part = (depth - depth.min()) / (depth.max() - depth.min())
        levels = (part * 255).astype("uint8")
        level, mask = cv2.threshold(levels, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
        name = f"{number:02d}"
        source.tofile(output / f"{name}.source")
        mask.tofile(output / f"{name}.result")
        kind = f"level {int(level)}"
        cases.append({"name": name, "kind": kind, "from": size, "to": [width, height]})
    versions = {"torch": torch.__version__, "opencv": cv2.__version__}
    description = {"seed": SEED, "versions": versions, "cases": cases}
    (output / "cases.json").write_text(json.dumps(description, indent=2) + "\n")


if __name__ == "__main__":
    main()
