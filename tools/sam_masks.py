"""Follows objects through a video with SAM 2 or EdgeTAM and makes a mask for every frame.

This is the reference that 8cut's own engine is compared with: OpenCV reads the frames, and
Sam2VideoModel or EdgeTamVideoModel of transformers, fed frame by frame, carries the prompts
through them. Without prompts it follows what is in the middle of the first frame.

An object is tracked both ways from the first frame that it is prompted on. A prompt on a later
frame corrects it the way the official predictor does: the frame is tracked, decoded once more
with the prompt and its own mask, and its memory is kept for the rest of the video. Earlier frames
stay.

A file of prompts is JSON:

  {"v": 1, "prompts": [
    {"frame": 0, "object": 1, "point": [640, "0.5h"], "label": 0},
    {"frame": 12, "object": 2, "box": [10, 20, 200, 180]},
    {"frame": 30, "object": 3, "mask": "mask.png"}]}

Numbers are pixels of the video, "0.5w" and "0.5h" shares of its sides. A label of 0 means that
the point is not on the object; 1 is the default. Masks are beside the file, are grey, of the
video's size, and the object where they are 128 or more. Frames are counted from 0, objects from
1; those are the defaults.
"""

import argparse
import json
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

MODEL = "facebook/sam2.1-hiera-large"
# How far logits may go into the decoder for a second look; the official predictor's figure.
LOGIT_LIMIT = 32.0
# Frames that are held at once where a video is read backwards.
PIECE = 16
SHARED = "prompt_encoder.shared_embedding.positional_embedding"


class PromptError(Exception):
    """A prompts file with an impossible value."""


@dataclass
class Prompt:
    """What is said about one object on one frame, in pixels of the video."""

    points: list[list[float]] = field(default_factory=list)
    labels: list[int] = field(default_factory=list)
    box: list[float] | None = None
    mask: object = None  # An array of booleans, height x width.


# By object and frame.
Prompts = dict[int, dict[int, Prompt]]


class PromptReader:
    """Reads prompts for a video of a known size and length."""

    FIELDS = {"frame", "object", "point", "label", "box", "mask"}

    def __init__(self, size: tuple[int, int], total: int, folder: Path = Path()) -> None:
        """Take the video's width and height, its number of frames, and where masks are."""
        self.size = size
        self.total = total
        self.folder = folder
        self.prompts: Prompts = {}

    def read(self, content: object) -> Prompts:
        """All prompts of a file's content."""
        if not isinstance(content, dict) or set(content) != {"v", "prompts"}:
            raise PromptError('it must be an object with "v" and "prompts"')
        if content["v"] != 1 or isinstance(content["v"], bool):
            raise PromptError(f'"v" must be 1, not {json.dumps(content["v"])}')
        if not isinstance(content["prompts"], list) or not content["prompts"]:
            raise PromptError('"prompts" must be a list of at least one')
        for number, entry in enumerate(content["prompts"], 1):
            try:
                self._add(entry)
            except PromptError as error:
                raise PromptError(f"prompt {number}: {error}") from None
        return {key: self.prompts[key] for key in sorted(self.prompts)}

    def _add(self, entry: object) -> None:
        if not isinstance(entry, dict):
            raise PromptError("it must be an object")
        if unknown := sorted(set(entry) - self.FIELDS):
            raise PromptError(f'unknown field "{unknown[0]}"')
        kinds = [name for name in ("point", "box", "mask") if name in entry]
        if len(kinds) != 1:
            raise PromptError('it must have one of "point", "box" and "mask"')
        if "label" in entry and kinds != ["point"]:
            raise PromptError('"label" belongs to a point')
        frame = self._count(entry, "frame", 0, self.total - 1)
        number = self._count(entry, "object", 1, sys.maxsize)
        prompt = self.prompts.setdefault(number, {}).setdefault(frame, Prompt())
        place = f"of object {number} on frame {frame}"
        if (prompt.mask is not None) or (kinds == ["mask"] and (prompt.points or prompt.box)):
            raise PromptError(f"a mask {place} allows nothing else")
        if kinds == ["point"]:
            self._add_point(prompt, entry, place)
        elif kinds == ["box"]:
            if prompt.box is not None:
                raise PromptError(f"a second box {place}")
            prompt.box = self._box(entry["box"])
        else:
            prompt.mask = self._mask(entry["mask"])

    def _add_point(self, prompt: Prompt, entry: dict[str, object], place: str) -> None:
        point, label = self._numbers(entry["point"], "point", 2), self._count(entry, "label", 1, 1)
        width, height = self.size
        if not (0 <= point[0] < width and 0 <= point[1] < height):
            raise PromptError(f'"point" {point} is outside {width}x{height}')
        if point in prompt.points and prompt.labels[prompt.points.index(point)] != label:
            raise PromptError(f"a point {place} is both on the object and not")
        prompt.points.append(point)
        prompt.labels.append(label)

    @staticmethod
    def _count(entry: dict[str, object], name: str, default: int, most: int) -> int:
        value = entry.get(name, default)
        least = 0 if name == "label" else default
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            limit = f"from {least}" + (f" to {most}" if most < sys.maxsize else "")
            raise PromptError(f'"{name}" must be a whole number {limit}, not {json.dumps(value)}')
        return value

    def _numbers(self, values: object, name: str, count: int) -> list[float]:
        """Pixels, x and y in turn, from numbers and from shares of a side."""
        if not isinstance(values, list) or len(values) != count:
            raise PromptError(f'"{name}" must be {count} numbers')
        found = []
        for index, value in enumerate(values):
            side, unit = self.size[index % 2], "wh"[index % 2]
            try:
                is_share = isinstance(value, str) and value.endswith(unit)
                number = float(value[:-1]) * side if is_share else value
                if not isinstance(number, int | float) or isinstance(number, bool):
                    raise ValueError
                if not abs(number) < 1e6:
                    raise ValueError
            except ValueError:
                said = json.dumps(value)
                raise PromptError(
                    f'"{name}" must have pixels or shares like "0.5{unit}", not {said}'
                ) from None
            found.append(float(number))
        return found

    def _box(self, values: object) -> list[float]:
        box = self._numbers(values, "box", 4)
        width, height = self.size
        if not (0 <= box[0] and box[2] <= width and 0 <= box[1] and box[3] <= height):
            raise PromptError(f'"box" {box} reaches outside {width}x{height}')
        if not (box[0] < box[2] and box[1] < box[3]):
            raise PromptError(f'"box" {box} has no area; it is left, top, right, bottom')
        return box

    def _mask(self, name: object):
        import cv2

        if not isinstance(name, str):
            raise PromptError('"mask" must be the name of a file')
        path = self.folder / name
        grey = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
        if grey is None:
            raise PromptError(f'"mask": cannot read {path}')
        if grey.ndim != 2 or grey.dtype.name != "uint8":
            raise PromptError(f'"mask": {path} must be grey with 8 bits')
        height, width = grey.shape
        if (width, height) != self.size:
            wanted = "{}x{}".format(*self.size)
            raise PromptError(f'"mask": {path} is {width}x{height}, the video {wanted}')
        return grey >= 128


class Video:
    """Frames as OpenCV decodes them, in both directions, few of them at a time."""

    def __init__(self, path: Path) -> None:
        """Count the frames."""
        self.path = path
        capture = self._open()
        is_read, frame = capture.read()
        if not is_read:
            raise OSError(f"OpenCV decodes no frame of {path}")
        self.size: tuple[int, int] = (frame.shape[1], frame.shape[0])
        self.total = 1
        while capture.grab():
            self.total += 1

    def _open(self):
        import cv2

        capture = cv2.VideoCapture(str(self.path))
        if not capture.isOpened():
            raise OSError(f"OpenCV cannot open {self.path}")
        return capture

    def forwards(self, start: int, end: int) -> Iterator:
        """Numbers and RGB images from one frame to before another."""
        import cv2

        capture = self._open()
        for _ in range(start):
            capture.grab()
        for index in range(start, end):
            is_read, frame = capture.read()
            if not is_read:
                raise OSError(f"OpenCV cannot decode frame {index} of {self.path} again")
            yield index, cv2.cvtColor(frame, cv2.COLOR_BGR2RGB)

    def backwards(self, start: int, end: int) -> Iterator:
        """The same frames, the last one first. They are decoded in pieces."""
        while end > start:
            piece = max(end - PIECE, start)
            yield from reversed(list(self.forwards(piece, end)))
            end = piece


class Tracker:
    """Objects on their way through a video in one direction, each with a memory of its own.

    The memory holds every prompted frame and what the model looks at of the others.
    """

    def __init__(self, model, processor, size: tuple[int, int], is_reverse: bool = False) -> None:
        """Start without objects, for a video of that width and height."""
        self.model = model
        self.processor = processor
        self.is_reverse = is_reverse
        # EdgeTAM's frames come with their memory, SAM 2's are encoded in a second step.
        self.gives_memory = not hasattr(model, "_batch_encode_memories")
        self.frame = 0
        self.session = processor.init_video_session(
            inference_device=model.device, dtype=model.dtype
        )
        self.session.video_width, self.session.video_height = size

    def see(self, frame: int, image) -> None:
        """Go to a frame; the ones before it are forgotten."""
        pixels = self.processor(images=image, return_tensors="pt")["pixel_values"][0]
        self.frame = frame
        self.session.processed_frames = {frame: pixels.to(self.model.device, self.model.dtype)}
        self.session.cache.clear_all()

    def step(self, number: int, prompt: Prompt | None):
        """Find an object on the frame. The first time it needs a prompt.

        Returns logits of a quarter of the model's input size, 1 x 1 x height x width.
        """
        index = self.session.obj_id_to_idx(number)
        is_first = not self.session.output_dict_per_obj[index]["cond_frame_outputs"]
        points, mask = self._inputs(number, index, prompt)
        if is_first or mask is not None:
            output = self._infer(index, is_first, points, mask)
        else:
            output = self._infer(index)
            if points is not None:
                logits = output["pred_masks"].clamp(-LOGIT_LIMIT, LOGIT_LIMIT)
                output = self._infer(index, points=points, logits=logits)
        self._encode_memory(index, output, is_prompted=prompt is not None)
        return output["pred_masks"]

    def _inputs(self, number: int, index: int, prompt: Prompt | None):
        """A prompt's points and box, or its mask, as the model takes them."""
        if prompt is None:
            return None, None
        given = {}
        if prompt.points:
            given = {"input_points": [[prompt.points]], "input_labels": [[prompt.labels]]}
        if prompt.box is not None:
            given["input_boxes"] = [[prompt.box]]
        if prompt.mask is not None:
            given = {"input_masks": prompt.mask}
        self.processor.add_inputs_to_inference_session(
            inference_session=self.session, frame_idx=self.frame, obj_ids=number, **given
        )
        points = self.session.point_inputs_per_obj[index].pop(self.frame, None)
        return points, self.session.mask_inputs_per_obj[index].pop(self.frame, None)

    def _infer(self, index: int, is_first: bool = False, points=None, mask=None, logits=None):
        return self.model._run_single_frame_inference(
            inference_session=self.session,
            frame_idx=self.frame,
            obj_idx=index,
            batch_size=1,
            is_init_cond_frame=is_first,
            point_inputs=points,
            mask_inputs=mask,
            reverse=self.is_reverse,
            prev_sam_mask_logits=logits,
            # So that the number of pointers does not depend on the frames seen so far.
            streaming=True,
            **({"run_mem_encoder": True} if self.gives_memory else {}),
        )

    def _encode_memory(self, index: int, output, is_prompted: bool) -> None:
        """Encode what was found, and keep what somebody will ask for again."""
        self.session.store_output(
            index, self.frame, output_value=output, is_conditioning_frame=is_prompted
        )
        if not self.gives_memory:
            self.model._batch_encode_memories(
                inference_session=self.session,
                frame_idx=self.frame,
                objects_needing_memory_encoding=[index],
                high_res_masks_for_memory=[output["high_res_masks"]],
                object_score_logits_for_memory=[output["object_score_logits"]],
                is_mask_from_pts_per_obj=[is_prompted],
            )
        kinds = self.session.output_dict_per_obj[index]
        kept = kinds["cond_frame_outputs" if is_prompted else "non_cond_frame_outputs"][self.frame]
        for name in ["pred_masks", "high_res_masks"]:
            kept.pop(name, None)
        self._forget(kinds)

    def _forget(self, kinds) -> None:
        """Drop what is too old to be looked at."""
        config = self.model.config
        reach = max(config.max_object_pointers_in_encoder, config.num_maskmem)
        for frame in [at for at in kinds["non_cond_frame_outputs"] if abs(at - self.frame) > reach]:
            del kinds["non_cond_frame_outputs"][frame]


class Output:
    """Where masks go: into the folder, or aside until the other direction is done."""

    def __init__(self, folder: Path, aside: Path, numbers: list[int], arguments) -> None:
        """Make the folders."""
        self.folder = folder
        self.aside = aside
        self.first = arguments.skip
        self.saves_logits = arguments.save_logits
        self.is_separate = arguments.objects == "separate"
        self.kept: set[tuple[int, int]] = set()
        folder.mkdir(parents=True, exist_ok=True)
        for number in numbers if self.saves_logits or self.is_separate else []:
            (folder / f"object_{number}").mkdir(exist_ok=True)

    def save_logits(self, number: int, frame: int, logits) -> None:
        """Write logits as numbers of four bytes, row by row."""
        if self.saves_logits and frame >= self.first:
            path = self.folder / f"object_{number}" / f"frame_{frame:04d}.f32"
            logits[0, 0].cpu().numpy().astype("<f4").tofile(path)

    def keep(self, number: int, frame: int, mask) -> None:
        """Put one object's mask aside."""
        write_png(self.aside / f"{number}_{frame}.png", mask)
        self.kept.add((number, frame))

    def write(self, frame: int, masks: dict) -> None:
        """Write a frame's masks, together with those that were put aside."""
        import cv2
        import numpy as np

        for number, at in sorted(key for key in self.kept if key[1] == frame):
            path = self.aside / f"{number}_{at}.png"
            masks[number] = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
            path.unlink()
            self.kept.remove((number, at))
        if frame < self.first:
            return
        if self.is_separate:
            for number, mask in masks.items():
                write_png(self.folder / f"object_{number}" / f"frame_{frame:04d}.png", mask)
        union = np.maximum.reduce(list(masks.values()))
        write_png(self.folder / f"frame_{frame:04d}.png", union)


def write_png(path: Path, mask) -> None:
    """Write 0 and 255 as a grey image."""
    import cv2

    if not cv2.imwrite(str(path), mask):
        raise OSError(f"cannot write {path}")


def full_size(processor, logits, size: tuple[int, int]):
    """The mask at the video's size, 0 and 255."""
    sizes = [[size[1], size[0]]]
    mask = processor.post_process_masks([logits], original_sizes=sizes, binarize=True)[0]
    return mask[0, 0].cpu().numpy().astype("uint8") * 255


def load(name: str):
    """A checkpoint's model and processor, in numbers of 32 bits."""
    import torch
    import transformers

    is_edgetam = transformers.AutoConfig.from_pretrained(name).model_type == "edgetam_video"
    kind = transformers.EdgeTamVideoModel if is_edgetam else transformers.Sam2VideoModel
    model, loaded = kind.from_pretrained(
        name, dtype=torch.float32, output_loading_info=True
    )
    missing = set(loaded["missing_keys"])
    if SHARED in missing:
        # Files of transformers 4 have this tensor once, under its other name.
        shared = model.shared_image_embedding.positional_embedding
        model.prompt_encoder.shared_embedding.positional_embedding.data.copy_(shared)
    if others := sorted(missing - {SHARED}):
        raise ValueError(f"{name} is no checkpoint of its model: {others[0]} is missing")
    device = "cuda" if torch.cuda.is_available() else "cpu"
    return model.to(device).eval(), transformers.Sam2VideoProcessor.from_pretrained(name)


def find_prompts(path: Path | None, video: Video) -> Prompts:
    """The prompts of a file, or the default."""
    width, height = video.size
    if path is None:
        return {1: {0: Prompt(points=[[width // 2, height // 2]], labels=[1])}}
    reader = PromptReader(video.size, video.total, path.parent)
    try:
        return reader.read(json.loads(path.read_text(encoding="utf-8")))
    except (PromptError, ValueError) as error:
        raise PromptError(f"{path}: {error}") from error


def track(video: Video, prompts: Prompts, model, processor, output: Output) -> None:
    """Carry all prompts through the video: first back to the start, then to the end."""
    starts = {number: min(frames) for number, frames in prompts.items()}

    def masks(tracker: Tracker, frame: int, image, numbers: list[int]) -> dict:
        """The masks of objects on one frame."""
        tracker.see(frame, image)
        found = {}
        for number in numbers:
            # In reverse propagation only the first prompt counts.
            is_known = not tracker.is_reverse or frame == starts[number]
            logits = tracker.step(number, prompts[number].get(frame) if is_known else None)
            if not (tracker.is_reverse and frame == starts[number]):
                output.save_logits(number, frame, logits)
                found[number] = full_size(processor, logits, video.size)
        return found

    tracker = Tracker(model, processor, video.size, is_reverse=True)
    last = max(starts.values())
    for frame, image in video.backwards(output.first, last + 1) if last else []:
        numbers = [number for number in starts if frame <= starts[number] > 0]
        for number, mask in masks(tracker, frame, image, numbers).items():
            output.keep(number, frame, mask)

    tracker = Tracker(model, processor, video.size)
    for frame, image in video.forwards(0, video.total):
        numbers = [number for number in starts if frame >= starts[number]]
        output.write(frame, masks(tracker, frame, image, numbers) if numbers else {})
        if frame >= output.first:
            print(f"frame {frame + 1}/{video.total}", flush=True)


def run(arguments: argparse.Namespace) -> None:
    """Run the command line."""
    start = time.monotonic()
    import torch

    video = Video(arguments.input)
    prompts = find_prompts(arguments.prompts, video)
    model, processor = load(arguments.model)
    load_seconds = time.monotonic() - start

    start = time.monotonic()
    with tempfile.TemporaryDirectory() as aside, torch.inference_mode():
        output = Output(arguments.output, Path(aside), list(prompts), arguments)
        track(video, prompts, model, processor, output)
    if arguments.timings:
        timings = {
            "load_seconds": load_seconds,
            "seconds_per_frame": (time.monotonic() - start) / video.total,
            "peak_rss_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        }
        print(json.dumps(timings), flush=True)


def parse_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--input", type=Path, required=True, help="the video")
    parser.add_argument("--output", type=Path, required=True, help="the folder for the masks")
    parser.add_argument("--model", default=MODEL, help="a name on the hub, or a folder")
    parser.add_argument("--prompts", type=Path, help="a prompts file")
    parser.add_argument(
        "--skip",
        type=int,
        default=0,
        help="write nothing for this many frames at the start; they are tracked all the same",
    )
    parser.add_argument(
        "--objects",
        choices=["union", "separate"],
        default="union",
        help="separate: also write each object's masks into object_K",
    )
    parser.add_argument(
        "--save-logits",
        action="store_true",
        help="also write object_K/frame_NNNN.f32: the model's logits, float32, row by row",
    )
    parser.add_argument(
        "--timings",
        action="store_true",
        help="print seconds and peak memory as JSON at the end",
    )
    return parser.parse_args()


def main() -> int:
    """Run, and tell in one line what went wrong."""
    arguments = parse_arguments()
    try:
        run(arguments)
    except Exception as error:
        message = " ".join(str(error).split()) or type(error).__name__
        print(f"sam_masks.py: error: {message}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
