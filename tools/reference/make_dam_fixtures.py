#!/usr/bin/env python3
"""Write Tests/Fixtures/sam2/tiny-dam and edgetam-dam: what the reference implementation makes of
the small models with distractor-aware memory, as sam_dam.py has it.

The models are those of make_sam_fixtures.py and make_edgetam_fixtures.py, which must be there.
"""

import argparse
from pathlib import Path

import numpy as np
import torch

import sam_videos
from make_sam_fixtures import write_cases, write_prompts
from sam_cases import Case, dam_cases
from sam_dam import DamRunner
from sam_tracks import Look, Runner

from sam_masks import PromptReader, load

SAMPLE = 4
# So much of each weight is added to it to see whether that makes a difference.
NOISE = 1e-6


def least_iou(one: list[Look], two: list[Look]) -> float:
    """That of the frame on which the masks differ most."""
    masks = [(first.mask > 0, second.mask > 0) for first, second in zip(one, two, strict=True)]
    return min((a & b).sum() / max((a | b).sum(), 1) for a, b in masks if (a | b).any())


def prove(model: Path, case: Case, prompts: Path) -> None:
    """Make sure that the rules make a difference, and rounding none."""
    video = sam_videos.videos()[case.video]
    reader = PromptReader((video.shape[2], video.shape[1]), len(video), prompts)
    given = reader.read(case.content)
    standard = Runner(*load(str(model))).run(video, given)[1]
    looks = DamRunner(*load(str(model))).run(video, given)[1]
    shaken, processor = load(str(model))
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for parameter in shaken.parameters():
            parameter *= 1 + NOISE * torch.randn(parameter.shape, generator=generator)
    others = DamRunner(shaken, processor).run(video, given)[1]
    difference, agreement = least_iou(standard, looks), least_iou(others, looks)
    anchors = [
        [frame for frame, look in enumerate(found) if look.is_anchor] for found in (looks, others)
    ]
    print(
        f"{model.name}: anchors {anchors[0]}, absent "
        f"{[frame for frame, look in enumerate(looks) if not np.any(look.mask)]}, IoU with the "
        f"standard rules from {difference:.3f}, with noise from {agreement:.4f}"
    )
    if not anchors[0] or anchors[0] != anchors[1] or difference > 0.9 or agreement < 0.999:
        raise AssertionError(f"{model.name}: another case is needed")


def main() -> None:
    """Make everything anew."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("Tests/Fixtures/sam2"))
    output: Path = parser.parse_args().output
    torch.set_num_threads(1)
    prompts = output / "prompts"
    for name, case in dam_cases().items():
        asked = {case.video: case}
        write_prompts(prompts, asked)
        prove(output / name, case, prompts)
        folder = output / f"{name}-dam"
        folder.mkdir(exist_ok=True)
        write_cases(folder, DamRunner(*load(str(output / name))), asked, prompts, SAMPLE)


if __name__ == "__main__":
    main()
