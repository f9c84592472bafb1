"""What the published Depth Anything V2 checkpoints look like, and small ones like them."""

from dataclasses import dataclass

from transformers import DepthAnythingConfig, Dinov2Config, DPTImageProcessor


@dataclass(frozen=True)
class Size:
    """The figures in which two checkpoints differ."""

    hidden: int
    layers: int
    heads: int
    taps: list[int]
    neck: list[int]
    fusion: int
    head: int = 32
    image: int = 518
    mlp_ratio: int = 4


PUBLISHED = {
    "small": Size(384, 12, 6, [3, 6, 9, 12], [48, 96, 192, 384], 64),
    "base": Size(768, 12, 12, [3, 6, 9, 12], [96, 192, 384, 768], 128),
    "large": Size(1024, 24, 16, [5, 12, 18, 24], [256, 512, 1024, 1024], 256),
}

IMAGE_MEAN = [0.485, 0.456, 0.406]
IMAGE_DEVIATION = [0.229, 0.224, 0.225]


def configuration(
    size: Size, depth_type: str = "relative", max_depth: int = 1
) -> DepthAnythingConfig:
    """The configuration of a model of that size."""
    return DepthAnythingConfig(
        backbone_config=Dinov2Config(
            hidden_size=size.hidden,
            num_hidden_layers=size.layers,
            num_attention_heads=size.heads,
            mlp_ratio=size.mlp_ratio,
            image_size=size.image,
            patch_size=14,
            out_indices=size.taps,
            reshape_hidden_states=False,
        ),
        patch_size=14,
        reassemble_hidden_size=size.hidden,
        neck_hidden_sizes=size.neck,
        fusion_hidden_size=size.fusion,
        head_hidden_size=size.head,
        depth_estimation_type=depth_type,
        max_depth=max_depth,
    )


def image_processor(image: int, resample: int = 3) -> DPTImageProcessor:
    """How frames become the input of a model for images of that size."""
    return DPTImageProcessor(
        size={"height": image, "width": image},
        keep_aspect_ratio=True,
        ensure_multiple_of=14,
        resample=resample,
        image_mean=IMAGE_MEAN,
        image_std=IMAGE_DEVIATION,
    )
