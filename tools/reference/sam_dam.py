"""Distractor-aware memory (Videnovic, Lukezic and Kristan, arXiv 2411.17576 and 2509.13864) for the
reference implementation: which frames it remembers, and which of them it looks at.

Everything is kept, and chosen for every frame anew.
"""

from dataclasses import replace
from types import MethodType

import cv2
import numpy as np
import torch

from sam_tracks import Look, Observer, Runner

from sam_masks import Prompt, Tracker

# Prompted frames and anchors that are looked at.
CONDITIONING = 4
# Every so many frames are looked at, besides the latest one.
INTERVAL = 5
GAP = 5
IOU = 0.8
AREA = (0.8, 1.2)
AREAS = 10
AREA_FRAMES = 300
BOX_IOU = 0.7


class DamTracker(Tracker):
    """A tracker whose anchors are outputs of a kind of their own, and frames without the object as
    well. All are kept."""

    def __init__(self, model, processor, size, is_reverse: bool, observer: Observer) -> None:
        """Start without objects."""
        super().__init__(model, processor, size, is_reverse)
        self.observer = observer
        self.areas: dict[int, int] = {}

    def step(self, number: int, prompt: Prompt | None):
        """Find the only object on the frame."""
        logits = super().step(number, prompt)
        mask = (logits[0, 0] > 0).cpu().numpy()
        self.areas[self.frame] = int(mask.sum())
        kinds = self.session.output_dict_per_obj[self.session.obj_id_to_idx(number)]
        for kind in ["anchors", "absent"]:
            kinds.setdefault(kind, {})
        others = kinds["non_cond_frame_outputs"]
        if prompt is None and not mask.any():
            kinds["absent"][self.frame] = others.pop(self.frame)
        elif prompt is None and self._is_anchor(mask, kinds):
            kinds["anchors"][self.frame] = others.pop(self.frame)
        return logits

    def _is_anchor(self, mask: np.ndarray, kinds) -> bool:
        masks, ious = self.observer.output[0][0, 0], self.observer.output[1][0, 0]
        known = [*kinds["cond_frame_outputs"], *kinds["anchors"]]
        seen = [
            area
            for frame, area in self.areas.items()
            if abs(frame - self.frame) < AREA_FRAMES and area > 0
        ]
        ratio = mask.sum() / np.median(seen[-AREAS:])
        best = int(ious.argmax())
        boxes = [
            box_iou(mask, (other > 0).cpu().numpy())
            for index, other in enumerate(masks)
            if index != best
        ]
        return (
            ious[best].item() > IOU
            and AREA[0] <= ratio <= AREA[1]
            and min(abs(frame - self.frame) for frame in known) > GAP
            and min(boxes) <= BOX_IOU
        )

    def _forget(self, kinds) -> None:
        pass


class DamRunner(Runner):
    """Carries prompts through videos with distractor-aware memory."""

    def __init__(self, model, processor) -> None:
        """Take a model, whose memory is another from now on."""
        super().__init__(model, processor)
        model._gather_memory_frame_outputs = MethodType(gather, model)
        model._get_object_pointers = MethodType(pointers, model)

    def _tracker(self, size: tuple[int, int], is_reverse: bool) -> Tracker:
        return DamTracker(self.model, self.processor, size, is_reverse, self.observer)

    def _look(self, tracker: DamTracker, *others: object) -> Look:
        look = super()._look(tracker, *others)
        [kinds] = tracker.session.output_dict_per_obj.values()
        return replace(look, is_anchor=tracker.frame in kinds["anchors"])


def box_iou(mask: np.ndarray, other: np.ndarray) -> float:
    """How much of the mask's box there is in that of the mask joined with the largest component of
    what the other mask has beyond it."""
    beyond = (other & ~mask).astype(np.uint8)
    count, labels, figures, _ = cv2.connectedComponentsWithStats(beyond, connectivity=8)
    joined = mask
    if count > 1:
        joined = mask | (labels == 1 + figures[1:, cv2.CC_STAT_AREA].argmax())
    return _box_area(mask) / _box_area(joined)


def _box_area(mask: np.ndarray) -> int:
    rows, columns = np.nonzero(mask)
    return int((np.ptp(rows) + 1) * (np.ptp(columns) + 1))


def _choose(model, kinds, frame: int) -> tuple[dict, dict, dict]:
    """What is looked at: prompted frames and anchors, recent frames from the latest on, and
    everything that is not one of the first."""
    prompted = kinds["cond_frame_outputs"]
    anchors = kinds["anchors"]
    everything = prompted | anchors | kinds["non_cond_frame_outputs"]
    nearest = sorted(everything, key=lambda other: abs(other - frame))
    places = max(CONDITIONING - len(prompted), 0)
    near = [other for other in nearest if other in anchors][:places]
    attended = prompted | {other: anchors[other] for other in near}
    start = next(iter(prompted))
    rest = {other: everything[other] for other in nearest if other not in attended}
    count = model.num_maskmem - min(CONDITIONING, len(attended))
    recent = [
        other for other in rest if other == nearest[0] or (other - start) % INTERVAL == 0
    ][:count]
    return attended, {other: rest[other] for other in recent}, rest


def gather(model, session, obj_idx: int, frame: int, _is_reverse: bool = False):
    """Take the place of `_gather_memory_frame_outputs`."""
    attended, recent, _ = _choose(model, session.output_dict_per_obj[obj_idx], frame)
    found = [(0, output) for output in attended.values()]
    return found + [(1 + rank, output) for rank, output in enumerate(recent.values())]


def pointers(model, session, obj_idx: int, frame: int, _total, device: torch.device, *_: object):
    """Take the place of `_get_object_pointers`."""
    attended, _, rest = _choose(model, session.output_dict_per_obj[obj_idx], frame)
    most = model.config.max_object_pointers_in_encoder
    found = attended | {
        other: output for other, output in rest.items() if abs(other - frame) < most
    }
    tokens = [output["object_pointer"].to(device) for output in found.values()]
    return [abs(other - frame) for other in found], tokens, most
