"""What the reference implementation answers, part by part."""

import numpy as np
import torch

import sam_tracks

Tensors = dict[str, torch.Tensor]
# Prompts in pixels of the model's input, with labels; a box is two points of 2 and 3.
PROMPTS: dict[str, tuple[list[list[float]], list[int]]] = {
    "point": ([[100.25, 60.5]], [1]),
    "negative": ([[100.25, 60.5], [200, 180]], [1, 0]),
    "box": ([[40, 30], [150, 210.75]], [2, 3]),
    "box-point": ([[40, 30], [150, 210.75], [200, 180]], [2, 3, 0]),
    "none": ([[0, 0]], [-1]),
}


class Parts:
    """A model's parts, each asked alone."""

    def __init__(self, model, processor) -> None:
        """Take a model as it is loaded for use."""
        self.model = model
        self.processor = processor
        self.observer = sam_tracks.Observer(model)
        self.figures: dict[str, dict[str, object]] = {}
        self.levels: list[torch.Tensor] = []
        self.position = torch.zeros(0)

    @torch.inference_mode()
    def encoder(self, frame: np.ndarray) -> Tensors:
        """From a frame of the model's size to the features that the tracker works with."""
        pixels = self.processor(images=frame, return_tensors="pt")["pixel_values"]
        output = self.model.get_image_features(pixels, return_dict=True)
        sides = self.model.backbone_feature_sizes
        self.levels = [
            feature.permute(1, 2, 0).reshape(-1, *side)
            for feature, side in zip(output.fpn_hidden_states, sides, strict=True)
        ]
        self.position = output.fpn_position_encoding[-1].permute(1, 2, 0).reshape(-1, *sides[-1])
        return {
            "pixels": pixels[0, :, ::8, ::8],
            **{
                f"encoder.stage.{index}": stage[0]
                for index, stage in enumerate(self._stages(pixels))
            },
            **{f"encoder.level.{index}": level for index, level in enumerate(self.levels)},
            "encoder.position": self.position,
            "decoder.position": self.model.get_image_wide_positional_embeddings()[0],
        }

    def _stages(self, pixels: torch.Tensor) -> list[torch.Tensor]:
        """What the backbone gives after each stage, height x width x channels."""
        output = self.model.vision_encoder.backbone(pixels)
        if hasattr(output, "intermediate_hidden_states"):
            return output.intermediate_hidden_states
        return [stage.permute(0, 2, 3, 1) for stage in output.last_hidden_state]

    @torch.inference_mode()
    def prompts(self) -> Tensors:
        """Points, boxes and masks as tokens and maps."""
        encoder = self.model.prompt_encoder
        tensors: Tensors = {}
        for name, (points, labels) in PROMPTS.items():
            given, kinds = torch.tensor([[points]]).float(), torch.tensor([[labels]])
            sparse, _ = encoder(given, kinds, None, None)
            tensors[f"prompt.{name}.points"] = given[0, 0]
            tensors[f"prompt.{name}.labels"] = kinds[0, 0].float()
            tensors[f"prompt.{name}.sparse"] = sparse[0, 0]
        tensors["prompt.mask.logits"] = self._logits()
        tensors["prompt.mask.dense"] = encoder.mask_embed(self._logits()[None, None])[0]
        return tensors

    def _logits(self) -> torch.Tensor:
        """Logits of a blurred disc, from -32 to 32 as they are clamped for a correction."""
        side = self.model.prompt_encoder.mask_input_size[0]
        y, x = torch.meshgrid(torch.arange(side), torch.arange(side), indexing="ij")
        distance = ((x - 0.4 * side) ** 2 + (y - 0.55 * side) ** 2).sqrt()
        return (3 * (0.3 * side - distance)).clamp(-32, 32)

    @torch.inference_mode()
    def decoder(self, features: torch.Tensor, name: str, prompt: str, has_mask: bool) -> Tensors:
        """All four masks for a prompt, and figures that say which of them is taken."""
        points, labels = PROMPTS[prompt]
        sparse, dense = self.model.prompt_encoder(
            torch.tensor([[points]]).float(),
            torch.tensor([[labels]]),
            None,
            self._logits()[None, None] if has_mask else None,
        )
        seen: dict[str, torch.Tensor] = {}
        decoder = self.model.mask_decoder

        def keep(_module: object, _inputs: object, output: tuple[torch.Tensor, ...]) -> None:
            seen["tokens"] = output[0][0, 0, 2:6]

        handle = decoder.transformer.register_forward_hook(keep)
        head = decoder.iou_prediction_head.register_forward_hook(
            lambda _module, _inputs, output: seen.update(ious=output[0, 0])
        )
        common = {
            "image_embeddings": features[None],
            "image_positional_embeddings": self.model.get_image_wide_positional_embeddings(),
            "sparse_prompt_embeddings": sparse,
            "dense_prompt_embeddings": dense,
            "high_resolution_features": [level[None] for level in self.levels[:2]],
        }
        single = decoder(multimask_output=False, **common)
        stability = self.observer.stability
        three = decoder(multimask_output=True, **common)
        handle.remove()
        head.remove()
        first = self._first(common)
        best = 1 + int(seen["ious"][1:].argmax())
        self.figures[name] = {
            "prompt": prompt,
            "has_mask": has_mask,
            "best_of_three": best,
            "stability_of_first": stability,
            "taken_alone": 0 if stability >= self.observer.threshold else best,
        }
        masks = torch.cat([first, three[0][0, 0]])
        if not torch.equal(single[0][0, 0, 0], masks[self.figures[name]["taken_alone"]]):
            raise AssertionError(f"{name}: another mask was taken than expected")
        return {
            f"decoder.{name}.masks": masks,
            f"decoder.{name}.ious": seen["ious"],
            f"decoder.{name}.score": three[3].flatten(),
            f"decoder.{name}.tokens": seen["tokens"],
            f"decoder.{name}.pointers": self.model.object_pointer_proj(seen["tokens"]),
        }

    def _first(self, common: dict[str, object]) -> torch.Tensor:
        """The first mask, taken without its stability being asked for."""
        decoder = self.model.mask_decoder
        decoder.dynamic_multimask_via_stability = False
        masks = decoder(multimask_output=False, **common)[0]
        decoder.dynamic_multimask_via_stability = True
        return masks[0, 0]
