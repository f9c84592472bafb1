#!/usr/bin/env python3
"""Write Tests/Fixtures/sam2/published: names and shapes of the published SAM 2 checkpoints, and
their configurations in the words of the transformers at hand.

The published files were written by transformers 4.56, so that is the version to run it with.
"""

import argparse
import dataclasses
import json
import shutil
from pathlib import Path

import torch
from transformers import PreTrainedModel, Sam2VideoModel

import sam_models
from sam_models import Size


def write(place: Path, checkpoint: str, size: Size) -> None:
    """The folder of one checkpoint."""
    with torch.device("meta"):
        model = Sam2VideoModel(sam_models.configuration(size))
    write_list(place, checkpoint, model)
    sam_models.processor(size).save_pretrained(place)


def write_list(place: Path, checkpoint: str, model: PreTrainedModel) -> None:
    """A model's configuration, and the names and shapes of its tensors."""
    config = model.config
    tensors = model.state_dict()
    count = sum(tensor.numel() for tensor in tensors.values())
    shutil.rmtree(place, ignore_errors=True)
    config.architectures = [type(model).__name__]
    config.dtype = "float32"
    config.save_pretrained(place)
    title = {
        "checkpoint": checkpoint,
        "origin": "derived from the official configuration with the reference implementation, "
        "not read from the published file",
        "parameters": count,
    }
    start = json.dumps(title, indent=1).removesuffix("\n}")
    rows = [f"{json.dumps(key)}: {list(tensors[key].shape)}" for key in sorted(tensors)]
    text = start + ',\n "tensors": {' + ",\n  ".join(rows) + "}\n}\n"
    (place / "weights.json").write_text(text)
    print(f"{checkpoint}: {len(tensors)} tensors, {count / 1e6:.1f} M")


def main() -> None:
    """Write all folders."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("Tests/Fixtures/sam2/published"))
    output: Path = parser.parse_args().output
    for name, size in sam_models.PUBLISHED.items():
        write(output / name, f"facebook/sam2.1-hiera-{name}", size)
    first = dataclasses.replace(sam_models.PUBLISHED["tiny"], is_first_version=True)
    write(output / "2.0-tiny", "facebook/sam2-hiera-tiny", first)


if __name__ == "__main__":
    main()
