"""Short videos with something that moves, the same in every run."""

from dataclasses import dataclass

import numpy as np

FRAMES = 24


def drifting(width: int = 80, height: int = 60) -> np.ndarray:
    """A disc crosses a pattern from left to right, a bar goes up and down on the right."""
    frames = []
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    for index in range(FRAMES):
        share = index / (FRAMES - 1)
        image = np.stack(
            [
                40 + 110 * x / width + 20 * np.sin((x + index) / 6),
                170 - 120 * y / height,
                90 + 50 * np.sin(x / 5) * np.cos(y / 7),
            ],
            axis=2,
        )
        disc = (x - (18 + 34 * share)) ** 2 + (y - (30 - 6 * share)) ** 2 < 13**2
        image[disc] = [230, 200, 60]
        bar = (np.abs(x - 68) < 6) & (np.abs(y - 30 - 12 * np.sin(index / 4)) < 14)
        image[bar] = [20, 40, 220]
        frames.append(image)
    return _noisy(np.stack(frames), 1)


def hiding(width: int = 48, height: int = 64) -> np.ndarray:
    """A square comes closer, is hidden from frame 9 to 14, when all is blue, and is there again."""
    frames = []
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    for index in range(FRAMES):
        image = np.stack(
            [200 - 90 * y / height, 120 + 60 * np.cos(x / 4), 60 + 120 * x / width], axis=2
        )
        side = 9 + index / 4
        square = (np.abs(x - 22 - index / 3) < side) & (np.abs(y - 34) < side)
        image[square] = [30, 60, 40]
        if 9 <= index < 15:
            image[:] = [10, 20, 230]
        frames.append(image)
    return _noisy(np.stack(frames), 2)


@dataclass(frozen=True)
class Shape:
    """A disc or a square: half its size, its centre on the first frame, its colour."""

    half: float
    x: float
    y: float
    colour: list[int]


def beside(
    background: list[int],
    slope: list[int],
    disc: Shape,
    square: Shape,
    width: int = 64,
    height: int = 48,
) -> np.ndarray:
    """A disc goes down to the right, and a square the other way, over a plain background that may
    change from left to right. There is no noise: small models then make masks of one component."""
    frames = []
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    for index in range(FRAMES):
        image = np.array(background) + (x / width)[..., None] * np.array(slope)
        step = np.array([0.4, 0.2]) * index
        from_disc = np.stack([x, y]) - (np.array([disc.x, disc.y]) + step)[:, None, None]
        image[(from_disc**2).sum(0) < disc.half**2] = disc.colour
        from_square = np.stack([x, y]) - (np.array([square.x, square.y]) - step)[:, None, None]
        image[(np.abs(from_square) < square.half).all(0)] = square.colour
        frames.append(image)
    return np.clip(np.rint(np.stack(frames)), 0, 255).astype(np.uint8)


def videos() -> dict[str, np.ndarray]:
    """All of them by their names: bytes, frames x height x width x 3, RGB."""
    return {
        "drifting": drifting(),
        "hiding": hiding(),
        "beside": beside(
            [170, 31, 209],
            [-30, -50, 56],
            Shape(7, 17, 37, [219, 4, 41]),
            Shape(5, 24, 21, [173, 187, 157]),
        ),
        "beside-alike": beside(
            [245, 129, 193],
            [0, 0, 0],
            Shape(7, 51, 37, [247, 157, 80]),
            Shape(7, 38, 18, [246, 141, 90]),
        ),
    }


def enlarged(frame: np.ndarray, size: int) -> np.ndarray:
    """A frame as a square of that size, pixels repeated."""
    rows = np.arange(size) * frame.shape[0] // size
    columns = np.arange(size) * frame.shape[1] // size
    return np.ascontiguousarray(frame[rows][:, columns])


def _noisy(frames: np.ndarray, seed: int) -> np.ndarray:
    """As bytes, with a little noise that differs from frame to frame."""
    frames = frames + np.random.default_rng(seed).normal(0, 4, frames.shape)
    return np.clip(np.rint(frames), 0, 255).astype(np.uint8)
