#!/usr/bin/env python3
"""Write Tests/Fixtures/sam2/edgetam: what the reference implementation makes of a small EdgeTAM
model; and published/edgetam, names and shapes of the published one.

The folder's README says what the files contain. Videos and prompts are those of
make_sam_fixtures.py.
"""

import argparse
import dataclasses
import json
import shutil
from importlib.metadata import version
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import EdgeTamVideoModel

import edgetam_models
import edgetam_weights
import sam_models
import sam_videos
from make_sam_fixtures import (
    OTHER_SIDE,
    PACKAGES,
    contiguous,
    resized,
    write_json,
    write_tracks,
)
from make_sam_published import write_list
from sam_cases import cases
from sam_expectations import Parts
from sam_memories import EdgeMemories
from sam_weights import Draw

from sam_masks import load

SEED = 4
CASES = ["point", "box", "mask", "two-objects", "correction", "backwards", "vanishing"]
OTHER_CASES = ["box-negative", "mask"]
# Every so many rows and columns of the logits are kept.
SAMPLE = 4


def write_model(folder: Path, draw: Draw) -> None:
    """A checkpoint with random weights of 16 bits: they take half the space."""
    size = edgetam_models.TINY
    model = EdgeTamVideoModel(edgetam_models.configuration(size))
    processor = sam_models.processor(size)
    frame = sam_videos.videos()["drifting"][0]
    pixels = processor(images=frame, return_tensors="pt")["pixel_values"]
    edgetam_weights.fill(model, draw, pixels)
    model.to(torch.float16).save_pretrained(folder)
    processor.save_pretrained(folder)


def write_parts(folder: Path) -> None:
    """What each part answers alone, on the frame that the SAM 2 models have seen as well."""
    video = sam_videos.videos()["drifting"]
    parts = Parts(*load(str(folder)))
    encoded = parts.encoder(sam_videos.enlarged(video[5], edgetam_models.TINY.image))
    features = parts.levels[2]
    memories = EdgeMemories(parts.model, parts.processor, features, parts.position)
    attention = memories.attention(video, 17, 1, 1)
    conditioned = attention["attention.all"].T.reshape(features.shape)
    fresh = features + parts.model.no_memory_embedding[0, 0][:, None, None]
    tensors = {
        **{name: encoded[name] for name in [f"encoder.stage.{index}" for index in [1, 2, 3]]},
        "encoder.level.2": features,
        **parts.decoder(fresh, "point", "point", False),
        **parts.decoder(conditioned, "tracked", "none", False),
        **attention,
    }
    best = parts.figures["tracked"]["best_of_three"]
    remembered = memories.encoder(tensors["decoder.tracked.masks"][best])
    for name in ["binary", "absent"]:
        del remembered[f"memory.{name}.spatial"]
    save_file(contiguous(tensors | remembered), folder / "expected.safetensors")
    packages = {package: version(package) for package in [*PACKAGES, "timm"]}
    write_json(
        folder / "expected.json", {"seed": SEED, "packages": packages, "decoder": parts.figures}
    )


def main() -> None:
    """Make everything anew."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("Tests/Fixtures/sam2"))
    output: Path = parser.parse_args().output
    torch.set_num_threads(1)
    prompts = output / "prompts"
    tiny = output / "edgetam"
    shutil.rmtree(tiny, ignore_errors=True)
    tiny.mkdir(parents=True)
    write_model(tiny, Draw(SEED, object_score=2.35, spread=6.0))
    write_parts(tiny)
    asked = cases()
    write_tracks(tiny, {name: asked[name] for name in CASES}, prompts, sample=SAMPLE)
    smaller = dataclasses.replace(edgetam_models.TINY, image=OTHER_SIDE)
    with resized(tiny, edgetam_models.configuration(smaller), smaller) as other:
        answers = tiny.with_name(f"{tiny.name}-{OTHER_SIDE}")
        answers.mkdir(exist_ok=True)
        others = {name: asked[name] for name in OTHER_CASES}
        write_tracks(answers, others, prompts, other, sample=SAMPLE)
    with torch.device("meta"):
        model = EdgeTamVideoModel(edgetam_models.configuration(edgetam_models.PUBLISHED))
    published = output / "published" / "edgetam"
    write_list(published, "yonigozlan/EdgeTAM-hf", model)
    sam_models.processor(edgetam_models.PUBLISHED).save_pretrained(published)


if __name__ == "__main__":
    main()
