#!/usr/bin/env python3
"""Write Tests/Fixtures/sam2: what the reference implementation makes of small models.

The folder's README says what the files contain. Configurations in the words of other versions of
transformers are written by make_sam_configurations.py.
"""

import argparse
import dataclasses
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors import safe_open
from safetensors.torch import save_file
from transformers import PreTrainedConfig, Sam2VideoModel

import sam_models
import sam_videos
import sam_weights
from sam_cases import Case, cases
from sam_expectations import Parts, Tensors
from sam_memories import Memories
from sam_models import Size
from sam_tracks import Runner, check
from sam_weights import Draw

from sam_masks import SHARED, PromptReader, load

PACKAGES = ["transformers", "torch", "torchvision", "opencv-python-headless", "Pillow", "numpy"]
SAMPLE = 2
# Another size of frames than the checkpoints say.
OTHER_SIDE = 192


def write_json(path: Path, content: object) -> None:
    """Write JSON with its innermost lists and objects on one line each."""
    path.write_text(_spread(content, 3) + "\n")


def _spread(content: object, levels: int, indent: str = "") -> str:
    if levels == 0 or not isinstance(content, dict) or not content:
        return json.dumps(content)
    inner = indent + " "
    rows = [
        f"{inner}{json.dumps(key)}: {_spread(content[key], levels - 1, inner)}" for key in content
    ]
    return "{\n" + ",\n".join(rows) + f"\n{indent}}}"


def write_model(folder: Path, size: Size, draw: Draw, dtype: torch.dtype) -> None:
    """A checkpoint with random weights, of which only the upper 16 bits are not 0: they take half
    the space in an archive."""
    model = Sam2VideoModel(sam_models.configuration(size))
    sam_weights.fill(model, draw)
    model.to(torch.bfloat16).to(torch.float32).to(dtype).save_pretrained(folder)
    sam_models.processor(size).save_pretrained(folder)


def write_as_old(folder: Path, written: Path) -> None:
    """Give a checkpoint the configuration that transformers 4 has written for it, and leave out
    the tensor that it leaves out."""
    for path in written.iterdir():
        shutil.copy(path, folder)
    weights = folder / "model.safetensors"
    with safe_open(weights, "pt") as file:
        tensors = {key: file.get_tensor(key) for key in file.keys() if key != SHARED}
    save_file(tensors, weights, metadata={"format": "pt"})


@contextmanager
def resized(folder: Path, configuration: PreTrainedConfig, size: Size) -> Iterator[Path]:
    """The same checkpoint for frames of another size: no tensor depends on it."""
    with tempfile.TemporaryDirectory() as name:
        other = Path(name)
        configuration.save_pretrained(other)
        sam_models.processor(size).save_pretrained(other)
        os.symlink((folder / "model.safetensors").resolve(), other / "model.safetensors")
        yield other


def contiguous(tensors: Tensors) -> Tensors:
    """Tensors as they can be saved."""
    return {name: tensor.detach().clone().contiguous() for name, tensor in tensors.items()}


def write_parts(
    folder: Path,
    frame: np.ndarray,
    video: np.ndarray,
    draw: Draw,
    is_whole: bool,
    checkpoint: Path | None = None,
) -> None:
    """What each part answers alone, with the folder's checkpoint or another one."""
    parts = Parts(*load(str(checkpoint or folder)))
    model = parts.model
    tensors = parts.encoder(frame)
    features = parts.levels[2]
    memories = Memories(model, parts.processor, features, parts.position)
    counts = (1, 1) if is_whole else (2, 3)
    attention = memories.attention(video, 17 if is_whole else 3, *counts)
    conditioned = attention["attention.all"].T.reshape(features.shape)
    fresh = features + model.no_memory_embedding[0, 0][:, None, None]
    asked = {
        "point": (fresh, "point", False),
        "box-point": (fresh, "box-point", False),
        "tracked": (conditioned, "none", False),
        "corrected": (conditioned, "negative", True),
    }
    if is_whole:
        tensors |= parts.prompts()
    else:
        tensors = {"encoder.level.2": features}
        del asked["box-point"], asked["corrected"]
    for name, (given, prompt, has_mask) in asked.items():
        tensors |= parts.decoder(given, name, prompt, has_mask)
    best = parts.figures["tracked"]["best_of_three"]
    tensors |= memories.encoder(tensors["decoder.tracked.masks"][best])
    tensors |= attention
    if is_whole or checkpoint:
        tensors["frame"] = torch.from_numpy(frame)
    save_file(contiguous(tensors), folder / "expected.safetensors")
    title = {"seed": draw.seed, "packages": {package: version(package) for package in PACKAGES}}
    write_json(folder / "expected.json", {**title, "decoder": parts.figures})


def write_prompts(folder: Path, asked: dict[str, Case]) -> None:
    """A file for each case."""
    for name, case in asked.items():
        rows = ",\n".join(f"  {json.dumps(prompt)}" for prompt in case.prompts)
        (folder / f"{name}.json").write_text(f'{{"v": 1, "prompts": [\n{rows}]}}\n')
        for file, mask in case.masks.items():
            Image.fromarray(mask).save(folder / file)


def write_tracks(
    folder: Path,
    asked: dict[str, Case],
    prompts: Path,
    checkpoint: Path | None = None,
    sample: int = SAMPLE,
) -> None:
    """What becomes of prompts on whole videos, with the folder's checkpoint or another one."""
    model, processor = load(str(checkpoint or folder))
    runner = Runner(model, processor)
    check(model, processor, runner, sam_videos.videos()["drifting"])
    write_cases(folder, runner, asked, prompts, sample)


def write_cases(
    folder: Path, runner: Runner, asked: dict[str, Case], prompts: Path, sample: int
) -> None:
    """What a runner makes of prompts. Every so many rows and columns of logits are kept."""
    videos = sam_videos.videos()
    tensors: Tensors = {}
    figures = {}
    for name, case in asked.items():
        video = videos[case.video]
        reader = PromptReader((video.shape[2], video.shape[1]), len(video), prompts)
        found = runner.run(video, reader.read(json.loads((prompts / f"{name}.json").read_text())))
        figures[name] = {"video": case.video}
        for number, looks in found.items():
            masks = np.stack([look.mask for look in looks])
            logits = torch.stack([look.logits for look in looks])
            key = f"{name}.{number}"
            tensors[f"{key}.logits"] = logits[:, ::sample, ::sample]
            tensors[f"{key}.masks"] = torch.from_numpy(np.packbits(masks > 0, axis=2))
            tensors[f"{key}.scores"] = torch.tensor([look.score for look in looks])
            tensors[f"{key}.ious"] = torch.tensor([look.iou for look in looks])
            if any(look.is_anchor for look in looks):
                anchors = [frame for frame, look in enumerate(looks) if look.is_anchor]
                tensors[f"{key}.anchors"] = torch.tensor(anchors, dtype=torch.uint8)
            figures[name][f"object {number}"] = {
                "choices": [look.choice for look in looks],
                "stability": {
                    frame: round(look.stability, 4)
                    for frame, look in enumerate(looks)
                    if look.stability is not None
                },
            }
            tell(f"{folder.name} {key}", looks, masks)
    save_file(contiguous(tensors), folder / "tracks.safetensors")
    write_json(folder / "tracks.json", {"cases": figures})


def write_resized(
    folder: Path, size: Size, draw: Draw, asked: dict[str, Case], prompts: Path
) -> None:
    """The same at another size of frames, in a folder beside the checkpoint's: all files of that
    belong to its identity."""
    answers = folder.with_name(f"{folder.name}-{OTHER_SIDE}")
    answers.mkdir(exist_ok=True)
    video = sam_videos.videos()["drifting"]
    frame = sam_videos.enlarged(video[5], OTHER_SIDE)
    smaller = dataclasses.replace(size, image=OTHER_SIDE)
    with resized(folder, sam_models.configuration(smaller), smaller) as other:
        write_parts(answers, frame, video, draw, is_whole=False, checkpoint=other)
        write_tracks(answers, asked, prompts, checkpoint=other)


def tell(name: str, looks: list, masks: np.ndarray) -> None:
    """Print how large masks are, how they change, and how sure the model is."""
    shares = (masks > 0).mean((1, 2))
    pairs = list(zip(masks > 0, masks[1:] > 0, strict=False))
    steps = [(a & b).sum() / max((a | b).sum(), 1) for a, b in pairs]
    scores = [look.score for look in looks]
    choices = sorted({look.choice for look in looks})
    unsure = [frame for frame, score in enumerate(scores) if score <= 0]
    print(
        f"{name}: share {shares.min():.2f} to {shares.max():.2f}, IoU from frame to frame "
        f"{min(steps):.2f}, mean {np.mean(steps):.2f}, score {min(scores):.1f} to "
        f"{max(scores):.1f}, absent {unsure}, choices {choices}"
    )


def main() -> None:
    """Make everything anew."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("Tests/Fixtures/sam2"))
    output: Path = parser.parse_args().output
    torch.set_num_threads(1)
    prompts = output / "prompts"
    for folder in [prompts, output / "tiny", output / "tiny-2.0"]:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)

    videos = sam_videos.videos()
    save_file(
        {name: torch.from_numpy(video) for name, video in videos.items()},
        output / "videos.safetensors",
    )
    asked = cases()
    write_prompts(prompts, asked)

    frame = sam_videos.enlarged(videos["drifting"][5], sam_models.TINY.image)
    draw = Draw(96, object_score=5.3, spread=6.0)
    write_model(output / "tiny", sam_models.TINY, draw, torch.float32)
    write_parts(output / "tiny", frame, videos["drifting"], draw, is_whole=True)
    write_tracks(output / "tiny", asked, prompts)
    others = {name: asked[name] for name in ["box-negative", "mask", "both-ways"]}
    write_resized(output / "tiny", sam_models.TINY, draw, others, prompts)

    draw = Draw(32, object_score=0.7, spread=6.0)
    first = output / "tiny-2.0"
    write_model(first, sam_models.TINY_FIRST, draw, torch.float16)
    write_as_old(first, output / "config-variants/2.0-4.56.2")
    write_parts(first, frame, videos["drifting"], draw, is_whole=False)
    few = {name: asked[name] for name in ["point-negative", "correction", "vanishing"]}
    write_tracks(first, few, prompts)
    others = {"point-negative": asked["point-negative"]}
    write_resized(first, sam_models.TINY_FIRST, draw, others, prompts)


if __name__ == "__main__":
    main()
