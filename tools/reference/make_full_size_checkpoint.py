#!/usr/bin/env python3
"""Write a checkpoint of a published size with random weights, to measure speed and memory."""

import argparse
from pathlib import Path

from transformers import DepthAnythingForDepthEstimation

import depth_models
import random_weights


def main() -> None:
    """Read the command line and write the folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=sorted(depth_models.PUBLISHED), required=True)
    parser.add_argument("--output", type=Path, required=True, help="the folder; it is made")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()

    size = depth_models.PUBLISHED[arguments.size]
    model = DepthAnythingForDepthEstimation(depth_models.configuration(size))
    random_weights.fill(model, arguments.seed)
    # One file, as the published checkpoints have it.
    model.save_pretrained(arguments.output, max_shard_size="50GB")
    depth_models.image_processor(size.image).save_pretrained(arguments.output)


if __name__ == "__main__":
    main()
