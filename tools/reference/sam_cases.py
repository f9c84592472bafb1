"""What is asked about the short videos: prompts in the file's own words, and masks for them."""

from dataclasses import dataclass, field

import numpy as np

import sam_videos

Mask = np.ndarray


@dataclass(frozen=True)
class Case:
    """A file of prompts for a video, and the images that it names."""

    video: str
    prompts: list[dict[str, object]]
    masks: dict[str, Mask] = field(default_factory=dict)

    @property
    def content(self) -> dict[str, object]:
        """The file."""
        return {"v": 1, "prompts": self.prompts}


def disc(x: float, y: float, radius: float) -> Mask:
    """A round mask for the first video, 0 and 255."""
    _, height, width, _ = sam_videos.videos()["drifting"].shape
    rows, columns = np.mgrid[0:height, 0:width]
    return np.where((columns - x) ** 2 + (rows - y) ** 2 < radius**2, 255, 0).astype(np.uint8)


def cases() -> dict[str, Case]:
    """All of them by their names."""
    disc_at_start = {"point": [18, 30]}
    bar_at_start = {"point": ["0.85w", "0.5h"]}
    return {
        "point": Case("drifting", [disc_at_start]),
        "point-negative": Case("drifting", [disc_at_start, {**bar_at_start, "label": 0}]),
        "box": Case("drifting", [{"frame": 0, "object": 1, "box": [5, 17, 32, 44]}]),
        "box-negative": Case(
            "drifting", [{**bar_at_start, "label": 0}, {"box": [5.5, 17, 32, "0.75h"]}]
        ),
        "mask": Case("drifting", [{"mask": "mask.png"}], {"mask.png": disc(18, 30, 13)}),
        "two-objects": Case(
            "drifting", [{"object": 1, "point": [24, 25]}, {"object": 2, **bar_at_start}]
        ),
        "late-object": Case(
            "drifting",
            [
                {"object": 1, "point": [60.5, 12]},
                {"frame": 8, "object": 3, "box": [62, 27, 74, 55]},
            ],
        ),
        "correction": Case(
            "drifting",
            [
                disc_at_start,
                {"frame": 10, "point": [33, 27]},
                {"frame": 10, "point": [68, 37], "label": 0},
                {"frame": 16, "point": [42, 26]},
            ],
        ),
        "correction-mask": Case(
            "drifting",
            [disc_at_start, {"frame": 10, "mask": "correction-mask.png"}],
            {"correction-mask.png": disc(33, 27, 13)},
        ),
        "backwards": Case("drifting", [{"frame": 23, "point": [52, 24]}]),
        "both-ways": Case(
            "drifting", [{"frame": 12, "point": [35, 27]}, {"frame": 19, "point": [46, 25]}]
        ),
        "vanishing": Case("hiding", [{"point": [22, 34]}]),
        "vanishing-both-ways": Case("hiding", [{"frame": 18, "box": [14, 20, 42, 48]}]),
    }


def dam_cases() -> dict[str, Case]:
    """Those in which distractor-aware memory has anchors, by the names of small models."""
    return {
        "tiny": Case("beside", [{"point": [17, 37]}]),
        "edgetam": Case("beside-alike", [{"point": [51, 37]}]),
    }
