"""What the reference implementation makes of whole videos, frame by frame."""

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

sys.path.append(str(Path(__file__).parents[1]))

from sam_masks import Prompt, Prompts, Tracker, full_size  # noqa: E402


@dataclass
class Look:
    """What the model said on the way to one object's mask on one frame."""

    logits: torch.Tensor
    mask: np.ndarray
    # Of the object being there.
    score: float
    # The predicted IoU of the mask that was taken.
    iou: float
    # Which of the four masks was taken; -1 for a prompt that is a mask itself.
    choice: int
    # Of the first mask, where it was asked for alone.
    stability: float | None
    # Whether the frame is an anchor of distractor-aware memory.
    is_anchor: bool = False


class Observer:
    """Sees what the decoder offers, before one of its masks is taken."""

    def __init__(self, model) -> None:
        """Watch a model from now on."""
        self.stability: float | None = None
        self.output: tuple[torch.Tensor, ...] = ()
        self.decoder = model.mask_decoder
        self.decoder.register_forward_pre_hook(self._start)
        self.decoder.register_forward_hook(self._end)
        measure = self.decoder._get_stability_scores

        def noted(logits: torch.Tensor) -> torch.Tensor:
            scores = measure(logits)
            self.stability = scores.item()
            return scores

        self.decoder._get_stability_scores = noted

    def _start(self, _module: object, _inputs: object) -> None:
        self.stability = None

    def _end(self, _module: object, _inputs: object, output: tuple[torch.Tensor, ...]) -> None:
        self.output = output

    def choice(self, ious: torch.Tensor) -> int:
        """Which of the four masks was taken, given what is predicted of all four."""
        best = 1 + int(ious[1:].argmax())
        is_stable = self.stability is not None and self.stability >= self.threshold
        return 0 if is_stable else best

    @property
    def threshold(self) -> float:
        """Below it the first mask is not taken."""
        return self.decoder.dynamic_multimask_stability_thresh


class Runner:
    """Carries prompts through videos."""

    def __init__(self, model, processor) -> None:
        """Take a model as it is loaded for use."""
        self.model = model
        self.processor = processor
        self.observer = Observer(model)
        self.ious: torch.Tensor = torch.zeros(0)
        head = model.mask_decoder.iou_prediction_head
        head.register_forward_hook(lambda _module, _inputs, output: self._note(output))

    def _note(self, ious: torch.Tensor) -> None:
        self.ious = ious.flatten()

    def run(self, video: np.ndarray, prompts: Prompts) -> dict[int, list[Look]]:
        """For every object what is seen on every frame."""
        return {number: self._run(video, number, prompts[number]) for number in prompts}

    def _tracker(self, size: tuple[int, int], is_reverse: bool) -> Tracker:
        return Tracker(self.model, self.processor, size, is_reverse)

    def _run(self, video: np.ndarray, number: int, prompts: dict[int, Prompt]) -> list[Look]:
        size = (video.shape[2], video.shape[1])
        start = min(prompts)
        looks: dict[int, Look] = {}
        with torch.inference_mode():
            for is_reverse in [True, False]:
                tracker = self._tracker(size, is_reverse)
                way = range(start, -1, -1) if is_reverse else range(start, len(video))
                for frame in way:
                    is_known = frame == start or not is_reverse
                    prompt = prompts.get(frame) if is_known else None
                    tracker.see(frame, video[frame])
                    looks[frame] = self._look(tracker, number, prompt, size)
        return [looks[frame] for frame in range(len(video))]

    def _look(
        self, tracker: Tracker, number: int, prompt: Prompt | None, size: tuple[int, int]
    ) -> Look:
        logits = tracker.step(number, prompt)
        mask = full_size(self.processor, logits, size)
        score = self._score(tracker, number)
        if prompt is not None and prompt.mask is not None:
            return Look(logits[0, 0].clone(), mask, score, 1.0, -1, None)
        choice = self.observer.choice(self.ious)
        return Look(
            logits=logits[0, 0].clone(),
            mask=mask,
            score=score,
            iou=self.ious[choice].item(),
            choice=choice,
            stability=self.observer.stability,
        )

    @staticmethod
    def _score(tracker: Tracker, number: int) -> float:
        session = tracker.session
        kinds = session.output_dict_per_obj[session.obj_id_to_idx(number)]
        [output] = [kind[tracker.frame] for kind in kinds.values() if tracker.frame in kind]
        return output["object_score_logits"].item()


def check(model, processor, runner: Runner, video: np.ndarray) -> None:
    """Make sure that the steps taken here are those of the model's own ways through a video,
    streamed forwards and as a whole backwards."""
    start = {"obj_ids": 1, "input_points": [[[[18, 30]]]], "input_labels": [[[1]]]}
    prompt = Prompt(points=[[18, 30]], labels=[1])
    with torch.inference_mode():
        looks = runner.run(video, {1: {0: prompt}})[1]
        session = processor.init_video_session()
        for frame, image in enumerate(video):
            inputs = processor(images=image, return_tensors="pt")
            if frame == 0:
                size = inputs["original_sizes"][0].tolist()
                processor.add_inputs_to_inference_session(
                    session, frame_idx=0, original_size=size, **start
                )
            output = model(inference_session=session, frame=inputs["pixel_values"][0])
            if not torch.equal(output.pred_masks[0, 0], looks[frame].logits):
                raise AssertionError(f"frame {frame} differs from the streamed one")

        last = len(video) - 1
        looks = runner.run(video, {1: {last: prompt}})[1]
        session = processor.init_video_session(video=list(video))
        processor.add_inputs_to_inference_session(session, frame_idx=last, **start)
        for output in model.propagate_in_video_iterator(session, last, reverse=True):
            if not torch.equal(output.pred_masks[0, 0], looks[output.frame_idx].logits):
                raise AssertionError(
                    f"frame {output.frame_idx} differs from the one of reverse propagation"
                )
