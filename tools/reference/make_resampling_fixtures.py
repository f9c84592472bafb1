"""Makes Tests/Fixtures/resampling: images and planes resized by torch.

Needs numpy and torch, as `8cut tools install --reference` installs them.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch

SEED = 8
IMAGES = [((64, 37), (28, 14)), ((45, 31), (42, 56)), ((9, 70), (14, 28)), ((1, 1), (3, 2))]
PLANES = [((37, 21), (53, 40)), ((30, 24), (13, 7)), ((1, 5), (4, 9))]
# Up, down, both, by whole factors, and from next to nothing.
LINEAR_PLANES = [
    ((16, 16), (64, 64)),
    ((16, 16), (53, 30)),
    ((40, 24), (13, 9)),
    ((31, 7), (8, 50)),
    ((64, 64), (16, 16)),
    ((1, 3), (5, 2)),
]


def image(rng: np.random.Generator, width: int, height: int) -> np.ndarray:
    """Noise of full contrast: the rounding of every value matters."""
    return rng.integers(0, 256, (height, width, 3), dtype=np.uint8)


def resized(source: np.ndarray, target: tuple[int, int], kind: str) -> np.ndarray:
    """Resizes with torch's kernel for 8-bit images, which torchvision calls."""
    result = torch.nn.functional.interpolate(
        torch.from_numpy(source).permute(2, 0, 1)[None],
        size=(target[1], target[0]),
        mode=kind,
        align_corners=False,
        antialias=True,
    )
    return result[0].permute(1, 2, 0).contiguous().numpy()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("Tests/Fixtures/resampling"))
    output: Path = parser.parse_args().output
    output.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(SEED)
    cases = []

    def add(kind: str, source: np.ndarray, result: np.ndarray) -> None:
        name = f"{len(cases):02d}-{kind}"
        source.tofile(output / f"{name}.source")
        result.tofile(output / f"{name}.result")
        cases.append(
            {
                "name": name,
                "kind": kind,
                "from": [source.shape[1], source.shape[0]],
                "to": [result.shape[1], result.shape[0]],
            }
        )

    for size, target in IMAGES:
        for kind in ("bilinear", "bicubic"):
            source = image(rng, *size)
            add(kind, source, resized(source, target, kind))
    for (width, height), (new_width, new_height) in PLANES:
        source = rng.normal(10, 5, (height, width)).astype("<f4")
        result = torch.nn.functional.interpolate(
            torch.from_numpy(source)[None, None],
            size=(new_height, new_width),
            mode="bicubic",
            align_corners=False,
        )
        add("plane", source, result[0, 0].numpy().astype("<f4"))
    for (width, height), (new_width, new_height) in LINEAR_PLANES:
        source = rng.normal(0, 10, (height, width)).astype("<f4")
        for kind, antialias in (("linear", False), ("triangle", True)):
            result = torch.nn.functional.interpolate(
                torch.from_numpy(source)[None, None],
                size=(new_height, new_width),
                mode="bilinear",
                align_corners=False,
                antialias=antialias,
            )
            add(kind, source, result[0, 0].numpy().astype("<f4"))

    versions = {"torch": torch.__version__, "numpy": np.__version__}
    description = {"seed": SEED, "versions": versions, "cases": cases}
    (output / "cases.json").write_text(json.dumps(description, indent=2) + "\n")


if __name__ == "__main__":
    main()
