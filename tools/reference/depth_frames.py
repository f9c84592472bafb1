"""Frames with slopes, shapes, edges and noise, the same in every run."""

import numpy as np

# Width and height. The tiny models aim at 70x70, so these cover both ways of keeping the form,
# a frame that is not resized at all, one that is made smaller and one that is made larger.
SIZES = {
    "landscape": (128, 72),
    "portrait": (54, 96),
    "square": (70, 70),
    "wide": (160, 60),
    "large": (200, 150),
    "small": (40, 30),
}


def frame(width: int, height: int, seed: int) -> np.ndarray:
    """An image as bytes, height x width x 3, RGB."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    image = np.stack(
        [
            40 + 120 * x / width,
            180 - 130 * y / height,
            90 + 60 * np.sin(x / 5) * np.cos(y / 7),
        ],
        axis=2,
    )
    radius = 0.3 * min(width, height)
    disc = (x - 0.4 * width) ** 2 + (y - 0.55 * height) ** 2 < radius**2
    image[disc] = [230, 200, 60]
    left, top = int(0.65 * width), int(0.2 * height)
    image[top : top + height // 3, left : left + width // 5] = [20, 40, 220]
    # Thin lines, which only a resize with antialiasing keeps.
    image[:, :: max(9, width // 9)] = 255
    image += random.normal(0, 12, image.shape)
    return np.clip(np.rint(image), 0, 255).astype(np.uint8)


def frames() -> dict[str, np.ndarray]:
    """All frames by their names."""
    return {
        f"{name}-{width}x{height}": frame(width, height, seed)
        for seed, (name, (width, height)) in enumerate(SIZES.items())
    }
