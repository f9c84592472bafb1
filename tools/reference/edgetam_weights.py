"""Random weights with which an EdgeTAM model makes masks that hold on to something."""

import torch
from torch import nn
from transformers import EdgeTamVideoModel

import sam_weights
from sam_weights import Draw


def fill(model: EdgeTamVideoModel, draw: Draw, pixels: torch.Tensor) -> None:
    """Draw all weights anew, and let batch norms measure what comes in for a frame: with any other
    means and variances the features of RepViT grow from stage to stage. The model is then in
    evaluation mode."""
    sam_weights.fill(model, draw)
    generator = torch.Generator().manual_seed(draw.seed + 1)
    norms = [module for module in model.modules() if isinstance(module, nn.BatchNorm2d)]
    with torch.no_grad():
        for norm in norms:
            norm.weight.normal_(1.0, 0.1, generator=generator)
            norm.bias.normal_(0.0, 0.1, generator=generator)
            # What was measured takes the place of what was there.
            norm.momentum = 1.0
        perceiver = model.spatial_perceiver
        for latents in [perceiver.latents_1d, perceiver.latents_2d]:
            latents.normal_(0.0, 1.0, generator=generator)
        model.vision_encoder.train()
        model.vision_encoder(pixels)
    model.eval()
