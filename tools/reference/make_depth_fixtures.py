#!/usr/bin/env python3
"""Write Tests/Fixtures/depth: what the reference implementation makes of small models.

The folder's README says what the files contain.
"""

import argparse
import json
import shutil
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file
from torch import nn
from transformers import DepthAnythingConfig, DepthAnythingForDepthEstimation
from transformers.core_model_loading import revert_weight_conversion
from transformers.image_utils import SizeDict
from transformers.models.dpt.image_processing_dpt import get_resize_output_image_size

import depth_frames
import depth_models
import random_weights
from depth_expectations import Reference, Tensors
from depth_models import Size

TINY = Size(32, 4, 2, [1, 2, 3, 4], [8, 12, 16, 24], 8, head=8, image=70, mlp_ratio=2)
SMALLER = Size(24, 5, 3, [1, 2, 4, 5], [6, 8, 12, 16], 6, head=6, image=70)
PACKAGES = ["transformers", "torch", "torchvision", "opencv-python-headless", "Pillow", "numpy"]


def write_json(path: Path, content: object) -> None:
    """Write JSON as the reference implementation lays it out."""
    path.write_text(json.dumps(content, indent=2, sort_keys=True) + "\n")


def write_table(path: Path, title: dict[str, object], name: str, rows: list[str]) -> None:
    """Write JSON with a last member of many rows, each on one line."""
    start = json.dumps(title, indent=1).removesuffix("\n}")
    path.write_text(f"{start},\n {json.dumps(name)}: " + ",\n  ".join(rows) + "\n}\n")


def write_published(folder: Path) -> None:
    """Names and shapes of the published checkpoints, and their configurations."""
    for name, size in depth_models.PUBLISHED.items():
        config = depth_models.configuration(size)
        with torch.device("meta"):
            model = DepthAnythingForDepthEstimation(config)
        tensors = revert_weight_conversion(model, model.state_dict())
        count = sum(tensor.numel() for tensor in tensors.values())
        place = folder / "published" / name
        place.mkdir(parents=True)
        config.architectures = [type(model).__name__]
        config.save_pretrained(place)
        depth_models.image_processor(size.image).save_pretrained(place)
        title = {
            "checkpoint": f"depth-anything/Depth-Anything-V2-{name.capitalize()}-hf",
            "origin": "derived from the configuration with the reference implementation, "
            "not read from the published file",
            "parameters": count,
        }
        rows = [f"{json.dumps(key)}: {list(tensors[key].shape)}" for key in sorted(tensors)]
        rows[0], rows[-1] = "{" + rows[0], rows[-1] + "}"
        write_table(place / "weights.json", title, "tensors", rows)
        print(f"{name}: {len(tensors)} tensors, {count / 1e6:.1f} M")


def write_model(
    folder: Path,
    size: Size,
    seed: int,
    depth_type: str = "relative",
    max_depth: int = 1,
    resample: int = 3,
    dtype: torch.dtype = torch.float32,
    shard: str = "50GB",
) -> None:
    """A checkpoint with random weights."""
    config: DepthAnythingConfig = depth_models.configuration(size, depth_type, max_depth)
    model = DepthAnythingForDepthEstimation(config)
    random_weights.fill(model, seed)
    model.to(dtype).save_pretrained(folder, max_shard_size=shard)
    depth_models.image_processor(size.image, resample).save_pretrained(folder)


def make_old(folder: Path) -> None:
    """Spell the configuration as transformers 4.45 did, and put the processor's into the
    processor's file: without what is a default, stages by their names only."""
    path = folder / "config.json"
    config = json.loads(path.read_text())
    backbone = config["backbone_config"]
    kept = ["hidden_size", "image_size", "model_type", "num_attention_heads", "num_hidden_layers"]
    config["backbone_config"] = {
        "architectures": ["Dinov2Model"],
        **{key: backbone[key] for key in kept},
        "out_features": backbone["out_features"],
        "reshape_hidden_states": False,
        "torch_dtype": "float32",
    }
    del config["dtype"], config["depth_estimation_type"], config["max_depth"]
    del config["reassemble_factors"], config["head_in_index"], config["patch_size"]
    config |= {
        "_commit_hash": None,
        "backbone": None,
        "backbone_kwargs": None,
        "torch_dtype": "float32",
        "transformers_version": "4.45.0",
        "use_pretrained_backbone": False,
        "use_timm_backbone": False,
    }
    write_json(path, config)
    old = folder / "preprocessor_config.json"
    processor = json.loads(old.read_text())
    content = {"image_processor": processor, "processor_class": "DPTProcessor"}
    write_json(folder / "processor_config.json", content)
    old.unlink()


def write_expectations(folder: Path, frames: Tensors, keep: list[str], seed: int) -> None:
    """What the reference implementation answers for the frames."""
    reference = Reference(folder)
    tensors: Tensors = {}
    figures = {}
    for name, frame in frames.items():
        answer, figures[name] = reference.answer(frame)
        tensors |= {f"{name}.{key}": answer[key] for key in keep}
        print(f"{folder.name} {name}: {figures[name]}")
    save_file(tensors, folder / "expected.safetensors")
    content = {
        "seed": seed,
        "packages": {package: version(package) for package in PACKAGES},
        "frames": figures,
    }
    write_json(folder / "expected.json", content)


def write_layers(folder: Path, frame: np.ndarray) -> None:
    """What comes out of every layer for one frame."""
    reference = Reference(folder)
    layers = reference.layers(reference.pixel_values(frame))
    save_file(layers, folder / "layers.safetensors")


def write_input_sizes(path: Path) -> None:
    """The reference's rule for the size of the model's input."""
    frames = [
        (1280, 720), (720, 1280), (1920, 1080), (640, 480), (518, 518), (1, 1000), (1000, 30),
        (320, 180), (333, 777), (3840, 2160), (1000, 1001), (77, 55), (2048, 858), (525, 525),
    ]  # fmt: skip
    cases = []
    for size in [(518, 518), (70, 70), (384, 512), (252, 252), (525, 525)]:
        for keeps, multiple in [(True, 14), (False, 14), (True, 1), (True, 32)]:
            for width, height in frames:
                image = torch.empty(3, height, width, device="meta")
                found = get_resize_output_image_size(image, size, keeps, multiple)
                if min(found.width, found.height) > 0:
                    target = [size[1], size[0]]
                    result = [found.width, found.height]
                    cases.append([*target, int(keeps), multiple, width, height, *result])
    columns = "targetWidth targetHeight keepsAspectRatio multiple width height"
    title = {"columns": f"{columns} inputWidth inputHeight"}
    rows = [json.dumps(case) for case in cases]
    rows[0], rows[-1] = "[" + rows[0], rows[-1] + "]"
    write_table(path, title, "cases", rows)


def write_resampling(path: Path) -> None:
    """Images as the processor resizes them, and maps as its last step does."""
    processor = depth_models.image_processor(70)
    sizes = [((61, 47), (98, 70)), ((97, 53), (42, 28)), ((33, 80), (56, 14)), ((9, 7), (70, 70))]
    tensors: Tensors = {}
    for index, ((width, height), (new_width, new_height)) in enumerate(sizes):
        image = depth_frames.frame(width, height, 100 + index)
        tensors[f"image.{index}"] = image
        stacked = torch.from_numpy(image).permute(2, 0, 1)[None]
        target = SizeDict(height=new_height, width=new_width)
        for resample, name in [(2, "bilinear"), (3, "bicubic")]:
            resized = processor.resize(stacked, target, resample=resample)
            values = resized[0].permute(1, 2, 0).contiguous().numpy()
            tensors[f"image.{index}.{name}"] = values
        depth = image[..., 0].astype(np.float32) / 16
        tensors[f"map.{index}"] = depth
        larger = nn.functional.interpolate(
            torch.from_numpy(depth)[None, None],
            size=(new_height, new_width),
            mode="bicubic",
            align_corners=False,
        )
        tensors[f"map.{index}.bicubic"] = larger[0, 0].numpy()
    save_file(tensors, path)


def main() -> None:
    """Make everything anew."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("Tests/Fixtures/depth"))
    output = parser.parse_args().output
    torch.set_num_threads(1)
    for name in ["published", "tiny", "tiny-metric", "tiny-sharded-old", "tiny-half"]:
        shutil.rmtree(output / name, ignore_errors=True)
    output.mkdir(parents=True, exist_ok=True)

    write_published(output)
    write_input_sizes(output / "input-sizes.json")
    write_resampling(output / "resampling.safetensors")
    frames = depth_frames.frames()
    save_file(frames, output / "frames.safetensors")
    landscape = {name: frames[name] for name in frames if name.startswith("landscape")}
    two = {name: frames[name] for name in frames if name.startswith(("landscape", "portrait"))}
    everything = ["pixel_values", "predicted", "depth", "grey", "mask"]

    seed = 1
    write_model(output / "tiny", TINY, seed)
    write_expectations(output / "tiny", frames, everything, seed)
    write_layers(output / "tiny", next(iter(landscape.values())))

    seed = 2
    write_model(output / "tiny-metric", SMALLER, seed, depth_type="metric", max_depth=20)
    write_expectations(output / "tiny-metric", two, everything[1:], seed)

    seed = 6
    old = output / "tiny-sharded-old"
    write_model(old, SMALLER, seed, resample=2, shard="100KB")
    make_old(old)
    write_expectations(old, two, everything, seed)

    seed = 3
    write_model(output / "tiny-half", TINY, seed, dtype=torch.float16)
    write_expectations(output / "tiny-half", two, everything[1:], seed)


if __name__ == "__main__":
    main()
