"""Makes a mask of what is near for every frame of a video, with Depth Anything V2.

This is the reference that 8cut's own engine is compared with: OpenCV reads the frames,
the depth-estimation pipeline of transformers estimates depth, Otsu's threshold cuts it.
What is nearer is white.
"""

import argparse
import json
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path

MODEL = "depth-anything/Depth-Anything-V2-Large-hf"
NEAREST_METRES = 0.1


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--input", type=Path, required=True, help="the video")
    parser.add_argument("--output", type=Path, required=True, help="the folder for the masks")
    parser.add_argument("--model", default=MODEL, help="a name on the hub, or a folder")
    parser.add_argument(
        "--skip", type=int, default=0, help="leave out this many frames at the start"
    )
    parser.add_argument(
        "--save-depth",
        action="store_true",
        help="also write the predicted depth as frame_NNNN.f32: float32, row by row",
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


def make_mask(depth, is_metric: bool):
    """Cuts a depth map, at 8 bits between its own limits, by Otsu's threshold."""
    import cv2
    import numpy as np

    if is_metric:
        # Larger is farther in metres; relative models predict inverse distances.
        depth = 1 / np.maximum(depth, NEAREST_METRES)
    least, most = depth.min(), depth.max()
    if not most > least:
        return np.zeros(depth.shape, np.uint8)
    levels = ((depth - least) / (most - least) * 255).astype(np.uint8)
    return cv2.threshold(levels, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[1]


def run(arguments: argparse.Namespace) -> None:
    start = time.monotonic()
    import cv2
    import numpy as np
    import torch
    from transformers import pipeline

    capture = cv2.VideoCapture(str(arguments.input))
    if not capture.isOpened():
        raise OSError(f"OpenCV cannot open {arguments.input}")
    total = max(int(capture.get(cv2.CAP_PROP_FRAME_COUNT)), 0)
    arguments.output.mkdir(parents=True, exist_ok=True)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    estimate = pipeline("depth-estimation", model=arguments.model, device=device)
    kind = getattr(estimate.model.config, "depth_estimation_type", "relative")
    load_seconds = time.monotonic() - start

    for _ in range(arguments.skip):
        capture.grab()
    start = time.monotonic()
    count = arguments.skip
    for image in read_frames(capture):
        depth = estimate(image)["predicted_depth"].detach().cpu().numpy()
        name = arguments.output / f"frame_{count:04d}"
        if arguments.save_depth:
            depth.astype("<f4").tofile(name.with_suffix(".f32"))
        mask = make_mask(depth.astype(np.float32), kind == "metric")
        if not cv2.imwrite(str(name.with_suffix(".png")), mask):
            raise OSError(f"cannot write {name}.png")
        count += 1
        print(f"frame {count}/{max(total, count)}", flush=True)
    if count == 0:
        raise OSError(f"OpenCV decodes no frame of {arguments.input}")

    if arguments.timings:
        frames = max(count - arguments.skip, 1)
        timings = {
            "load_seconds": load_seconds,
            "seconds_per_frame": (time.monotonic() - start) / frames,
            "peak_rss_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        }
        print(json.dumps(timings), flush=True)


def main() -> int:
    arguments = parse_arguments()
    try:
        run(arguments)
    except Exception as error:
        message = " ".join(str(error).split()) or type(error).__name__
        print(f"depth_masks.py: error: {message}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
