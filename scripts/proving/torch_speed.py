"""How fast PyTorch runs the same checkpoints on the card, as they are and compiled.

usage: torch_speed.py depth FOLDER         prints a line of JSON for each way
       torch_speed.py sam TOOLS eager|compiled OPTION…    runs sam_masks.py with those options

It needs torch and transformers, which are not packed: it is for machines that have them.
"""

import json
import pathlib
import sys
import time

FRAMES = 50
# What a frame of 1280x720 becomes.
SIZE = (518, 924)


def depth(folder):
    import torch
    from transformers import DepthAnythingForDepthEstimation

    for type_name in ["float32", "float16"]:
        kind = getattr(torch, type_name)
        model = DepthAnythingForDepthEstimation.from_pretrained(folder, dtype=kind)
        model = model.to("cuda").eval()
        image = torch.rand(1, 3, *SIZE, device="cuda", dtype=kind)
        for way in ["eager", "compiled"]:
            run = torch.compile(model) if way == "compiled" else model
            torch.cuda.reset_peak_memory_stats()
            with torch.inference_mode():
                for _ in range(5):
                    run(image)
                torch.cuda.synchronize()
                start = time.monotonic()
                for _ in range(FRAMES):
                    run(image)
                torch.cuda.synchronize()
            rate = FRAMES / (time.monotonic() - start)
            memory = torch.cuda.max_memory_reserved() >> 20
            print(json.dumps({"name": f"{type_name}, {way}", "rate": rate, "memory": memory}),
                  flush=True)


def sam(tools, way, options):
    sys.path.insert(0, str(tools))
    import sam_masks
    import torch

    load = sam_masks.load

    def compiled(name):
        model, processor = load(name)
        model.vision_encoder = torch.compile(model.vision_encoder)
        # The number of memories changes with the first frames.
        model.memory_attention = torch.compile(model.memory_attention, dynamic=True)
        return model, processor

    if way == "compiled":
        sam_masks.load = compiled
    sys.argv = ["sam_masks.py", *options]
    return sam_masks.main()


if __name__ == "__main__":
    if sys.argv[1] == "depth":
        sys.exit(depth(pathlib.Path(sys.argv[2])))
    sys.exit(sam(pathlib.Path(sys.argv[2]), sys.argv[3], sys.argv[4:]))
