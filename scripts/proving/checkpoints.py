"""Checkpoints of published sizes with random weights, written with the standard library alone.

Speed and memory do not depend on the weights; that two devices agree is seen with any weights
that keep the signal's size from layer to layer, as those of tools/reference/random_weights.py and
sam_weights.py do. Names and shapes are those of `weights.json` in the tests' fixtures.
"""

import array
import json
import math
import random
import re
import shutil
import struct

# A prime, so that rows of a matrix do not begin at the same number of the pool.
POOL = 65_537
CHUNK = 4096
GAIN = 1.44

# Where the products of a layer go, so that all sources have their say: see _balance in
# tools/reference/sam_weights.py.
SCALES = [
    (r"vision_encoder\.neck\.convs\.\d+\.weight", 0.3),
    (r"mask_decoder\.output_hypernetworks_mlps\.0\.proj_out\.weight", 3.1),
    (r"memory_encoder\.projection\.weight", 0.4),
    (r"no_object_pointer|occlusion_spatial_embedding_parameter", 2.0),
    (r"temporal_positional_encoding_projection_layer\.weight", 2.0),
    (r"mask_decoder\.(?:pred_obj_score_head|iou_prediction_head)\.proj_out\.weight", 3.0),
]
# The object is there on every frame, and depth is where the last activation lets it through.
SHIFTS = {"mask_decoder.pred_obj_score_head.proj_out.bias": 20.0, "head.conv3.bias": 4.0}
SHARED = {
    "prompt_encoder.shared_embedding.positional_embedding":
        "shared_image_embedding.positional_embedding",
}
TRANSPOSED = re.compile(r"upscale_conv\d\.weight|reassemble_stage\.layers\.[01]\.resize\.weight")
EMBEDDINGS = re.compile(
    r"(?:^no_|memory_temporal|occlusion|pos_embed|cls_token|mask_token|position_embeddings"
    r"|_tokens?\.weight|_embed\.weight)"
)


def distribution(name, shape):
    """The mean and the deviation of a tensor's numbers."""
    scale = math.prod(value for pattern, value in SCALES if re.fullmatch(pattern, name))
    shift = SHIFTS.get(name, 0.0)
    if name.endswith("running_var"):
        return 1.0, 0.0
    if name.endswith(("running_mean", "num_batches_tracked")):
        return 0.0, 0.0
    if name.endswith("bias"):
        return shift, 0.1 * scale
    if name.endswith("lambda1") or name.endswith(".scale"):
        return 0.45, 0.14
    if "latents" in name or name.endswith("positional_embedding"):
        return 0.0, 1.0
    if EMBEDDINGS.search(name):
        return 0.0, 0.5 * scale
    if len(shape) < 2:
        return 1.0, 0.1
    return 0.0, math.sqrt(GAIN / inputs(name, shape)) * scale


def inputs(name, shape):
    """How many products are summed for one number of the output."""
    if TRANSPOSED.search(name):
        # A transposed convolution whose steps are as long as its kernel: one tap for each number.
        return shape[0]
    return max(math.prod(shape[1:]), 1)


class Numbers:
    """Normally distributed numbers as little-endian float32, fast enough for millions."""

    def __init__(self, seed):
        self._random = random.Random(seed)
        self._normal = [self._random.gauss(0.0, 1.0) for _ in range(POOL)]
        self._pools = {}

    def draw(self, count, mean, deviation):
        key = (mean, deviation)
        if key not in self._pools:
            values = array.array("f", (mean + deviation * value for value in self._normal))
            if struct.pack("=H", 1) != struct.pack("<H", 1):
                values.byteswap()
            self._pools[key] = values.tobytes()
        pool, pieces, left = self._pools[key], [], count
        while left > 0:
            length = min(left, CHUNK)
            start = self._random.randrange(POOL - length)
            pieces.append(pool[4 * start: 4 * (start + length)])
            left -= length
        return b"".join(pieces)


def write(source, folder, seed=1):
    """Writes a checkpoint: the configuration files of a folder and random weights for the tensors
    that its `weights.json` lists."""
    tensors = json.loads((source / "weights.json").read_text(encoding="utf-8"))["tensors"]
    folder.mkdir(parents=True, exist_ok=True)
    for path in source.glob("*config.json"):
        shutil.copy(path, folder)
    header, offset = {"__metadata__": {"format": "pt"}}, 0
    for name, shape in tensors.items():
        is_counter = name.endswith("num_batches_tracked")
        size = math.prod(shape) * (8 if is_counter else 4)
        kind = "I64" if is_counter else "F32"
        header[name] = {"dtype": kind, "shape": shape, "data_offsets": [offset, offset + size]}
        offset += size
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    numbers, kept = Numbers(seed), {}
    with open(folder / "model.safetensors", "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for name, shape in tensors.items():
            same = SHARED.get(name, name)
            if same in kept:
                data = kept[same]
            elif name.endswith("num_batches_tracked"):
                data = bytes(8)
            else:
                data = numbers.draw(math.prod(shape), *distribution(name, shape))
            if same in SHARED.values():
                kept[same] = data
            file.write(data)
