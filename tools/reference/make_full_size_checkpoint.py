#!/usr/bin/env python3
"""Write a checkpoint of a published size with random weights, to measure speed and memory."""

import argparse
import dataclasses
from pathlib import Path

from transformers import (
    DepthAnythingForDepthEstimation,
    EdgeTamVideoModel,
    Owlv2ForObjectDetection,
    Sam2VideoModel,
)

import depth_models
import edgetam_models
import edgetam_weights
import owlv2_models
import random_weights
import sam_models
import sam_videos
import sam_weights
from make_owlv2_fixtures import write_tokenizer

SIZES = {
    "depth-anything-v2": depth_models.PUBLISHED,
    "edgetam": {"published": edgetam_models.PUBLISHED},
    "sam2": sam_models.PUBLISHED,
    "sam2.0": sam_models.PUBLISHED,
    "owlv2": owlv2_models.PUBLISHED,
}


def main() -> None:
    """Read the command line and write the folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--model",
        choices=sorted(SIZES),
        default="depth-anything-v2",
        help="sam2 is SAM 2.1, sam2.0 its first version",
    )
    sizes = sorted({size for family in SIZES.values() for size in family})
    parser.add_argument("--size", choices=sizes, required=True)
    parser.add_argument("--output", type=Path, required=True, help="the folder; it is made")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    if arguments.size not in SIZES[arguments.model]:
        known = ", ".join(SIZES[arguments.model])
        parser.error(f"{arguments.model} has the sizes {known}")

    # One file, as the published checkpoints have it.
    options = {"save_directory": arguments.output, "max_shard_size": "50GB"}
    if arguments.model == "depth-anything-v2":
        size = depth_models.PUBLISHED[arguments.size]
        model = DepthAnythingForDepthEstimation(depth_models.configuration(size))
        random_weights.fill(model, arguments.seed)
        model.save_pretrained(**options)
        depth_models.image_processor(size.image).save_pretrained(arguments.output)
    elif arguments.model == "edgetam":
        size = edgetam_models.PUBLISHED
        model = EdgeTamVideoModel(edgetam_models.configuration(size))
        processor = sam_models.processor(size)
        frame = sam_videos.videos()["drifting"][0]
        pixels = processor(images=frame, return_tensors="pt")["pixel_values"]
        draw = sam_weights.Draw(arguments.seed, object_score=20.0)
        edgetam_weights.fill(model, draw, pixels)
        model.save_pretrained(**options)
        processor.save_pretrained(arguments.output)
    elif arguments.model == "owlv2":
        size = owlv2_models.PUBLISHED[arguments.size]
        model = Owlv2ForObjectDetection(owlv2_models.configuration(size))
        owlv2_models.fill(model, arguments.seed)
        model.save_pretrained(**options)
        owlv2_models.image_processor(size).save_pretrained(arguments.output)
        # The published vocabulary is not there: that of the fixtures is a part of it.
        write_tokenizer(arguments.output)
    else:
        size = dataclasses.replace(
            sam_models.PUBLISHED[arguments.size], is_first_version=arguments.model == "sam2.0"
        )
        model = Sam2VideoModel(sam_models.configuration(size))
        sam_weights.fill(model, sam_weights.Draw(arguments.seed, object_score=20.0))
        model.save_pretrained(**options)
        sam_models.processor(size).save_pretrained(arguments.output)


if __name__ == "__main__":
    main()
