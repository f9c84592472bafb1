"""Random weights with which a SAM 2 model makes masks that hold on to something.

What the constructors draw is so small that the model says "no object" after the first frame.
The figures here keep the signal's size from layer to layer.
"""

import math
from dataclasses import dataclass

import torch
from torch import nn
from transformers import Sam2VideoModel


@dataclass(frozen=True)
class Draw:
    """Which weights are drawn, and how they are shifted."""

    seed: int
    # Added to the object score: how sure the model is that there is something.
    object_score: float = 3.0
    # How far object scores lie apart, and those of the masks to choose from.
    spread: float = 3.0
    choice: float = 3.0


def fill(model: Sam2VideoModel, draw: Draw) -> None:
    """Draw all weights anew, the same ones for the same draw. The model is then in evaluation
    mode."""
    generator = torch.Generator().manual_seed(draw.seed)

    def normal(tensor: torch.Tensor, mean: float, deviation: float) -> None:
        tensor.normal_(mean, deviation, generator=generator)

    with torch.no_grad():
        for module in model.modules():
            if isinstance(module, (nn.Linear, nn.Conv2d, nn.ConvTranspose2d)):
                normal(module.weight, 0.0, math.sqrt(1.44 / _inputs(module)))
                if module.bias is not None:
                    normal(module.bias, 0.0, 0.1)
            elif isinstance(module, nn.LayerNorm):
                normal(module.weight, 1.0, 0.1)
                normal(module.bias, 0.0, 0.1)
            elif isinstance(module, nn.Embedding):
                normal(module.weight, 0.0, 0.5)
        for name, parameter in model.named_parameters():
            if name.endswith(".scale"):
                parameter.uniform_(0.2, 0.7, generator=generator)
            elif name.startswith(("no_", "memory_temporal", "occlusion")) or "pos_embed" in name:
                normal(parameter, 0.0, 0.5)
        normal(model.shared_image_embedding.positional_embedding, 0.0, 1.0)
        share_positions(model)
        _balance(model)
        decoder = model.mask_decoder
        decoder.pred_obj_score_head.proj_out.weight *= draw.spread
        decoder.pred_obj_score_head.proj_out.bias += draw.object_score
        decoder.iou_prediction_head.proj_out.weight *= draw.choice
    model.eval()


def _balance(model: Sam2VideoModel) -> None:
    """Let every source have its say: what the image shows, memories, pointers, and how old they
    are. With layers of one gain alone the image drowns the pointers, so that errors in them
    would not be seen, and memories amplify what rounding changes from frame to frame."""
    for convolution in model.vision_encoder.neck.convs:
        convolution.weight *= 0.3
    # So that the first mask is sometimes stable, and sometimes not.
    model.mask_decoder.output_hypernetworks_mlps[0].proj_out.weight *= 3.1
    model.memory_encoder.projection.weight *= 0.4
    model.no_object_pointer *= 2.0
    if model.config.enable_temporal_pos_encoding_for_object_pointers:
        model.temporal_positional_encoding_projection_layer.weight *= 2.0
    if model.occlusion_spatial_embedding_parameter is not None:
        model.occlusion_spatial_embedding_parameter *= 2.0


def share_positions(model: Sam2VideoModel) -> None:
    """Let points have the same frequencies as the image, as in all published checkpoints."""
    shared = model.shared_image_embedding.positional_embedding
    model.prompt_encoder.shared_embedding.positional_embedding.copy_(shared)


def _inputs(module: nn.Linear | nn.Conv2d | nn.ConvTranspose2d) -> int:
    """How many products are summed for one number of the output."""
    if isinstance(module, nn.Linear):
        return module.in_features
    taps = math.prod(module.kernel_size)
    if isinstance(module, nn.ConvTranspose2d):
        return module.in_channels * taps // math.prod(module.stride)
    return module.in_channels * taps // module.groups
