"""Finds things by their names on every frame of a video, with OWLv2.

This is the reference that 8cut's own engine is compared with: OpenCV reads the frames,
Owlv2Processor and Owlv2ForObjectDetection of transformers do the rest. Every frame gives a file
frame_NNNN.f32 with a row of float32 for each box that the model proposes: left, top, right and
bottom in pixels, the objectness, and a logit for each query.
"""

import argparse
import json
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path

# Before, boxes were scaled by both sides, and the padding was grey.
LEAST_VERSION = 5


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--input", type=Path, required=True, help="the video")
    parser.add_argument("--output", type=Path, required=True, help="the folder for the boxes")
    parser.add_argument("--model", required=True, help="a name on the hub, or a folder")
    parser.add_argument(
        "--texts",
        type=Path,
        required=True,
        help="a JSON file with a list of texts for each query, whose logits are averaged",
    )
    parser.add_argument(
        "--timings",
        action="store_true",
        help="print seconds and peak memory as JSON at the end",
    )
    return parser.parse_args()


def read_frames(capture) -> Iterator:
    """The frames that decode, as images of red, green and blue."""
    import cv2
    from PIL import Image

    while True:
        is_read, frame = capture.read()
        if not is_read:
            return
        yield Image.fromarray(cv2.cvtColor(frame, cv2.COLOR_BGR2RGB))


def rows(answer, groups: list[list[str]], size: tuple[int, int]):
    """A row for each box, from what the model answers for all texts of all groups."""
    import torch

    centre, extent = answer.pred_boxes[0].split(2, dim=-1)
    # Boxes are parts of a square, which the frame is padded to.
    corners = torch.cat([centre - extent / 2, centre + extent / 2], dim=-1) * max(size)
    parts = answer.logits[0].split([len(group) for group in groups], dim=-1)
    logits = torch.stack([part.mean(dim=-1) for part in parts], dim=-1)
    return torch.cat([corners, answer.objectness_logits[0].reshape(-1, 1), logits], dim=-1)


def run(arguments: argparse.Namespace) -> None:
    start = time.monotonic()
    import cv2
    import torch
    import transformers

    if int(transformers.__version__.split(".")[0]) < LEAST_VERSION:
        raise OSError(
            f"transformers {transformers.__version__} gives other boxes; "
            f"{LEAST_VERSION}.0 is needed at least"
        )
    groups = json.loads(arguments.texts.read_text())
    capture = cv2.VideoCapture(str(arguments.input))
    if not capture.isOpened():
        raise OSError(f"OpenCV cannot open {arguments.input}")
    total = max(int(capture.get(cv2.CAP_PROP_FRAME_COUNT)), 0)
    arguments.output.mkdir(parents=True, exist_ok=True)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    processor = transformers.Owlv2Processor.from_pretrained(arguments.model)
    model = transformers.Owlv2ForObjectDetection.from_pretrained(
        arguments.model, dtype=torch.float32
    )
    model = model.eval().to(device)
    texts = [text for group in groups for text in group]
    load_seconds = time.monotonic() - start

    start = time.monotonic()
    count = 0
    for image in read_frames(capture):
        inputs = processor(text=[texts], images=[image], return_tensors="pt").to(device)
        with torch.no_grad():
            answer = model(**inputs)
        found = rows(answer, groups, image.size).cpu().numpy()
        found.astype("<f4").tofile(arguments.output / f"frame_{count:04d}.f32")
        count += 1
        print(f"frame {count}/{max(total, count)}", flush=True)
    if count == 0:
        raise OSError(f"OpenCV decodes no frame of {arguments.input}")

    if arguments.timings:
        timings = {
            "load_seconds": load_seconds,
            "seconds_per_frame": (time.monotonic() - start) / count,
            "peak_rss_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        }
        print(json.dumps(timings), flush=True)


def main() -> int:
    arguments = parse_arguments()
    try:
        run(arguments)
    except Exception as error:
        message = " ".join(str(error).split()) or type(error).__name__
        print(f"text_boxes.py: error: {message}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
