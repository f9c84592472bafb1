"""What the reference implementation answers for a frame, step by step."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import torch
from PIL import Image
from transformers import DepthAnythingForDepthEstimation, pipeline

Tensors = dict[str, np.ndarray]


class Reference:
    """A checkpoint in the reference implementation, as its pipeline loads it."""

    def __init__(self, folder: Path) -> None:
        """Load the checkpoint in a folder."""
        # Without a type the pipeline would compute in the halves that a file may hold.
        self.pipeline = pipeline("depth-estimation", model=str(folder), dtype=torch.float32)
        self.model: DepthAnythingForDepthEstimation = self.pipeline.model

    def pixel_values(self, frame: np.ndarray) -> np.ndarray:
        """The model's input, 3 x height x width."""
        inputs = self.pipeline.image_processor(Image.fromarray(frame), return_tensors="pt")
        return inputs["pixel_values"][0].numpy()

    def predicted(self, pixels: np.ndarray) -> np.ndarray:
        """The depth at the size of the model's input."""
        with torch.no_grad():
            return self.model(torch.from_numpy(pixels)[None]).predicted_depth[0].numpy()

    def answer(self, frame: np.ndarray) -> tuple[Tensors, dict[str, float]]:
        """Everything between a frame and its mask; and the threshold between the classes."""
        pixels = self.pixel_values(frame)
        output = self.pipeline(Image.fromarray(frame))
        grey = np.asarray(output["depth"])
        threshold, mask = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
        depth = output["predicted_depth"].numpy()
        tensors = {
            "pixel_values": pixels,
            "predicted": self.predicted(pixels),
            "depth": depth,
            "grey": grey,
            "mask": mask,
        }
        figures = {
            "threshold": threshold,
            "min": float(depth.min()),
            "max": float(depth.max()),
            "foreground": float((mask > 0).mean()),
        }
        return tensors, figures

    def layers(self, pixels: np.ndarray) -> Tensors:
        """What comes out of every layer."""
        seen: Tensors = {}

        def keep(name: str, values: torch.Tensor | Sequence[torch.Tensor]) -> None:
            if isinstance(values, torch.Tensor):
                seen[name] = values.squeeze(0).contiguous().numpy()
            else:
                for index, value in enumerate(values):
                    keep(f"{name}.{index}", value)

        model = self.model
        modules = {
            "embeddings": model.backbone.embeddings,
            "reassembled": model.neck.reassemble_stage,
            "fused": model.neck.fusion_stage,
            "head": model.head,
        }
        for index, layer in enumerate(model.backbone.encoder.layer):
            modules[f"encoder.{index}"] = layer
        handles = [
            module.register_forward_hook(lambda _module, _inputs, output, n=name: keep(n, output))
            for name, module in modules.items()
        ]
        handles.append(
            model.backbone.register_forward_hook(
                lambda _module, _inputs, output: keep("tapped", output.feature_maps)
            )
        )
        self.predicted(pixels)
        for handle in handles:
            handle.remove()
        return seen
