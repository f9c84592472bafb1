"""Makes Tests/Fixtures/owlv2: a small detector with random weights, what the reference
implementation finds with it, and names and shapes of the published checkpoints."""

import argparse
import json
import shutil
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.numpy import save_file
from transformers import (
    CLIPTokenizer,
    Owlv2ForObjectDetection,
    Owlv2ImageProcessor,
    Owlv2Processor,
)
from transformers.core_model_loading import revert_weight_conversion

import depth_frames
import owlv2_models
from make_tokenizer_fixtures import byte_characters
from owlv2_models import Size

# The merges of a small vocabulary, the earliest first.
MERGES = [
    "o g</w>", "d og</w>", "v i", "o l", "vi ol", "i n</w>", "viol in</w>", "o f</w>", "p h",
    "ph o", "t o</w>", "pho to</w>", "o n</w>", "h e</w>", "t he</w>",
]  # fmt: skip
QUERIES = ["dog", "a photo of the violin", "the dog on a sofa!"]
SIZES = {
    "landscape": (160, 90), "portrait": (72, 128), "square": (96, 96), "small": (64, 36),
    "large": (320, 200),
}  # fmt: skip
PACKAGES = ["torch", "torchvision", "transformers", "numpy"]
SEED = 0


def write_tokenizer(folder: Path) -> CLIPTokenizer:
    """A tokenizer of single bytes and a few merges."""
    characters = byte_characters()
    symbols = characters + [character + "</w>" for character in characters]
    merges = [tuple(merge.split()) for merge in MERGES]
    symbols += ["".join(pair) for pair in merges] + ["<|startoftext|>", "<|endoftext|>"]
    vocabulary = {symbol: token for token, symbol in enumerate(symbols)}
    (folder / "vocab.json").write_text(json.dumps(vocabulary) + "\n")
    lines = ["#version: 0.2", *(" ".join(pair) for pair in merges)]
    (folder / "merges.txt").write_text("\n".join(lines) + "\n")
    settings = {
        "model_max_length": 16, "pad_token": "!", "tokenizer_class": "CLIPTokenizer",
    }  # fmt: skip
    (folder / "tokenizer_config.json").write_text(json.dumps(settings) + "\n")
    return CLIPTokenizer.from_pretrained(folder)


def seen_tokens(processor: Owlv2ImageProcessor, size: Size, width: int, height: int):
    """Numbers of the tokens that see something of a frame: the class token, which is 0, and the
    patches, from 1, in which a white frame is not black."""
    white, black = (
        processor(
            images=[Image.new("RGB", (width, height), colour)], return_tensors="pt"
        )["pixel_values"][0]
        for colour in ["white", "black"]
    )
    grid = size.image // size.patch
    differs = (white != black).any(dim=0).reshape(grid, size.patch, grid, size.patch)
    patches = differs.any(dim=3).any(dim=1).flatten().nonzero().flatten() + 1
    return torch.cat([torch.zeros(1, dtype=torch.long), patches])


def answer_of_seen(model: Owlv2ForObjectDetection, pixels, queries, kept):
    """What the model makes of some of its tokens: the steps of `Owlv2ForObjectDetection.forward`
    and `image_embedder`, with the other tokens left out before the first layer."""
    hook = model.owlv2.vision_model.embeddings.register_forward_hook(
        lambda module, inputs, output: output[:, kept]
    )
    hidden = model.owlv2.vision_model(pixels).last_hidden_state
    hook.remove()
    normed = model.owlv2.vision_model.post_layernorm(hidden)
    features = model.layer_norm(normed[:, 1:] * normed[:, :1])
    logits, _ = model.class_predictor(features, queries)
    boxes = torch.sigmoid(model.box_head(features) + model.box_bias[kept[1:] - 1])
    return {
        "seen.logits": logits[0].numpy(),
        "seen.boxes": boxes[0].numpy(),
        "seen.objectness": model.objectness_predictor(features)[0].numpy(),
    }


def write_tiny(folder: Path) -> None:
    """The small checkpoint, and the reference's answers."""
    folder.mkdir(parents=True)
    tokenizer = write_tokenizer(folder)
    size = Size((48, 192, 2, 4), (64, 256, 3, 4), 96, 16, len(tokenizer))
    model = Owlv2ForObjectDetection(owlv2_models.configuration(size))
    owlv2_models.fill(model, SEED)
    model.save_pretrained(folder)
    processor = owlv2_models.image_processor(size)
    processor.save_pretrained(folder)
    # What is saved is read again, as it would be from the hub.
    model = Owlv2ForObjectDetection.from_pretrained(folder).eval()
    both = Owlv2Processor(image_processor=processor, tokenizer=tokenizer)
    tensors = {}
    found = {}
    for number, (name, (width, height)) in enumerate(SIZES.items()):
        frame = depth_frames.frame(width, height, 200 + number)
        inputs = both(
            text=[QUERIES], images=[Image.fromarray(frame)], return_tensors="pt"
        )
        kept = seen_tokens(processor, size, width, height)
        with torch.no_grad():
            answer = model(**inputs)
            seen = answer_of_seen(
                model, inputs["pixel_values"], answer.text_embeds, kept
            )
        results = processor.post_process_object_detection(
            answer, threshold=0, target_sizes=[(height, width)]
        )[0]
        tensors |= {
            f"{name}.frame": frame,
            f"{name}.pixel_values": inputs["pixel_values"][0].numpy(),
            f"{name}.logits": answer.logits[0].numpy(),
            f"{name}.boxes": answer.pred_boxes[0].numpy(),
            f"{name}.objectness": answer.objectness_logits[0].numpy(),
            f"{name}.corners": results["boxes"].numpy(),
            f"{name}.scores": results["scores"].numpy(),
        }
        tensors |= {f"{name}.{key}": value for key, value in seen.items()}
        tensors["queries"] = answer.text_embeds[0].numpy()
        above = int((results["scores"] > 0.1).sum())
        found[name] = {"above 0.1": above, "best": float(results["scores"].max())}
        print(name, found[name])
    save_file({key: np.ascontiguousarray(value) for key, value in tensors.items()},
              folder / "expected.safetensors")  # fmt: skip
    content = {
        "seed": SEED,
        "packages": {package: version(package) for package in PACKAGES},
        "queries": QUERIES,
        "tokens": [tokenizer(query).input_ids for query in QUERIES],
        "frames": found,
    }
    (folder / "expected.json").write_text(json.dumps(content, indent=2) + "\n")


def write_published(folder: Path) -> None:
    """Names and shapes of the published checkpoints, and configurations as they are published:
    what is a default is left out."""
    for name, size in owlv2_models.PUBLISHED.items():
        with torch.device("meta"):
            model = Owlv2ForObjectDetection(owlv2_models.configuration(size))
        tensors = revert_weight_conversion(model, model.state_dict())
        place = folder / name
        place.mkdir(parents=True)
        text, vision = {"model_type": "owlv2_text_model"}, {"model_type": "owlv2_vision_model"}
        names = ["hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads"]
        top = {"architectures": ["Owlv2ForObjectDetection"], "model_type": "owlv2"}
        if name != "base":
            text |= dict(zip(names, size.text))
            vision |= dict(zip(names, size.vision))
            top["projection_dim"] = size.text[0]
        vision |= {"image_size": size.image, "patch_size": size.patch}
        top |= {"text_config": text, "vision_config": vision}
        (place / "config.json").write_text(json.dumps(top, indent=2) + "\n")
        owlv2_models.image_processor(size).save_pretrained(place)
        title = {
            "checkpoint": owlv2_models.CHECKPOINTS[name],
            "origin": "derived from the configuration with the reference implementation, not read "
            "from the published file",
            "parameters": sum(tensor.numel() for tensor in tensors.values()),
        }
        start = json.dumps(title, indent=1).removesuffix("\n}")
        rows = [f"{json.dumps(key)}: {list(tensors[key].shape)}" for key in sorted(tensors)]
        text = start + ',\n "tensors": {' + ",\n  ".join(rows) + "}\n}\n"
        (place / "weights.json").write_text(text)
        print(f"{name}: {len(tensors)} tensors, {title['parameters'] / 1e6:.1f} M")


def main() -> None:
    """Make everything anew."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("Tests/Fixtures/owlv2"))
    output: Path = parser.parse_args().output
    torch.set_num_threads(1)
    for name in ["tiny", "published"]:
        shutil.rmtree(output / name, ignore_errors=True)
    write_tiny(output / "tiny")
    write_published(output / "published")


if __name__ == "__main__":
    main()
