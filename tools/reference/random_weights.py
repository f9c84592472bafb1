"""Random weights with which a Depth Anything model makes an image of some depth.

What the constructors draw is so small that every output is nearly zero, which would hide
errors. The figures here keep the signal's size from layer to layer.
"""

import math

import torch
from torch import nn
from transformers import DepthAnythingForDepthEstimation


def fill(model: DepthAnythingForDepthEstimation, seed: int) -> None:
    """Draw all weights anew, the same ones for the same seed. The model is then in evaluation
    mode."""
    generator = torch.Generator().manual_seed(seed)

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
        for name, parameter in model.named_parameters():
            if name.endswith("lambda1"):
                parameter.uniform_(0.2, 0.7, generator=generator)
            elif name.endswith(("cls_token", "mask_token", "position_embeddings")):
                normal(parameter, 0.0, 0.5)
    _centre(model, generator)


def _centre(model: DepthAnythingForDepthEstimation, generator: torch.Generator) -> None:
    """Shift the last layer's output to where its activation does something: a relative model's
    cuts off what is below zero, a metric one's is steep in the middle."""
    is_relative = model.config.depth_estimation_type == "relative"
    last = model.head.conv3
    seen: list[torch.Tensor] = []
    handle = last.register_forward_hook(lambda _module, _inputs, output: seen.append(output))
    with torch.no_grad():
        last.bias.zero_()
        coarse = torch.randn(4, 3, 6, 6, generator=generator)
        model.eval()(nn.functional.interpolate(coarse, (140, 140), mode="bilinear"))
        last.bias.fill_(-seen[0].quantile(0.02 if is_relative else 0.5).item())
    handle.remove()


def _inputs(module: nn.Linear | nn.Conv2d | nn.ConvTranspose2d) -> int:
    """How many products are summed for one number of the output."""
    if isinstance(module, nn.Linear):
        return module.in_features
    if isinstance(module, nn.ConvTranspose2d):
        return module.in_channels * math.prod(module.kernel_size) // math.prod(module.stride)
    return module.in_channels * math.prod(module.kernel_size)
