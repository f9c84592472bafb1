"""OWLv2's sizes, and random weights with which a small one finds boxes.

What the constructors draw makes boxes as small as nothing or as large as the image. The figures
here keep the signal's size from layer to layer, and scores and boxes apart.
"""

import math
from dataclasses import dataclass

import torch
from torch import nn
from transformers import (
    Owlv2Config,
    Owlv2ForObjectDetection,
    Owlv2ImageProcessor,
    Owlv2TextConfig,
    Owlv2VisionConfig,
)


@dataclass(frozen=True)
class Size:
    """Sizes of the two encoders: channels, channels of the MLP, layers, heads."""

    text: tuple[int, int, int, int]
    vision: tuple[int, int, int, int]
    image: int
    patch: int
    vocabulary: int = 49408


PUBLISHED = {
    "base": Size((512, 2048, 12, 8), (768, 3072, 12, 12), 960, 16),
    "large": Size((768, 3072, 12, 12), (1024, 4096, 24, 16), 1008, 14),
}
CHECKPOINTS = {
    "base": "google/owlv2-base-patch16-ensemble",
    "large": "google/owlv2-large-patch14-ensemble",
}


def configuration(size: Size) -> Owlv2Config:
    def words(encoder: tuple[int, int, int, int]) -> dict[str, int]:
        names = ["hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads"]
        return dict(zip(names, encoder))

    text = Owlv2TextConfig(
        **words(size.text),
        vocab_size=size.vocabulary,
        bos_token_id=size.vocabulary - 2,
        eos_token_id=size.vocabulary - 1,
    )
    vision = Owlv2VisionConfig(
        **words(size.vision), image_size=size.image, patch_size=size.patch
    )
    return Owlv2Config(
        text_config=text.to_dict(), vision_config=vision.to_dict(), projection_dim=size.text[0]
    )


def image_processor(size: Size) -> Owlv2ImageProcessor:
    return Owlv2ImageProcessor(size={"height": size.image, "width": size.image})


def fill(model: Owlv2ForObjectDetection, seed: int) -> None:
    """Draw all weights anew, the same ones for the same seed. The model is then in evaluation
    mode."""
    generator = torch.Generator().manual_seed(seed)

    def normal(tensor: torch.Tensor, mean: float, deviation: float) -> None:
        tensor.normal_(mean, deviation, generator=generator)

    with torch.no_grad():
        for module in model.modules():
            if isinstance(module, (nn.Linear, nn.Conv2d)):
                normal(module.weight, 0.0, math.sqrt(1.44 / module.weight[0].numel()))
                if module.bias is not None:
                    normal(module.bias, 0.0, 0.1)
            elif isinstance(module, nn.LayerNorm):
                normal(module.weight, 1.0, 0.1)
                normal(module.bias, 0.0, 0.1)
            elif isinstance(module, nn.Embedding):
                normal(module.weight, 0.0, 0.5)
        normal(model.owlv2.vision_model.embeddings.class_embedding, 0.0, 0.5)
        model.class_head.logit_scale.weight.mul_(0.3)
        model.class_head.logit_scale.bias.fill_(7)
        model.class_head.logit_shift.weight.mul_(0.15)
        model.class_head.logit_shift.bias.fill_(-0.55)
        model.box_head.dense2.weight.mul_(0.7)
    model.eval()
