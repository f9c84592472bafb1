"""What the published SAM 2 checkpoints look like, and small ones like them."""

from dataclasses import dataclass, field

import transformers
from transformers import Sam2VideoConfig, Sam2VideoProcessor, Sam2VideoVideoProcessor

# The class has had two names.
HAS_NEW_NAME = hasattr(transformers, "Sam2ImageProcessor")
ImageProcessor = getattr(
    transformers, "Sam2ImageProcessor" if HAS_NEW_NAME else "Sam2ImageProcessorFast"
)

IMAGE_MEAN = [0.485, 0.456, 0.406]
IMAGE_DEVIATION = [0.229, 0.224, 0.225]


@dataclass(frozen=True)
class Size:
    """The figures in which two checkpoints differ."""

    embedding: int
    heads: int
    blocks: list[int]
    global_blocks: list[int]
    windows: list[int] = field(default_factory=lambda: [8, 4, 14, 7])
    background: list[int] = field(default_factory=lambda: [7, 7])
    image: int = 1024
    hidden: int = 256
    # 2.1 has an embedding for frames without the object and tells how old pointers are.
    is_first_version: bool = False
    backbone: dict[str, object] = field(default_factory=dict)
    decoder: dict[str, object] = field(default_factory=dict)
    tracker: dict[str, object] = field(default_factory=dict)
    mean: list[float] = field(default_factory=lambda: IMAGE_MEAN)
    deviation: list[float] = field(default_factory=lambda: IMAGE_DEVIATION)


# By sam2/configs/*/*.yaml of the official package.
PUBLISHED = {
    "tiny": Size(96, 1, [1, 2, 7, 2], [5, 7, 9]),
    "small": Size(96, 1, [1, 2, 11, 2], [7, 10, 13]),
    "base-plus": Size(112, 2, [2, 3, 16, 3], [12, 16, 20], background=[14, 14]),
    "large": Size(144, 2, [2, 6, 36, 4], [23, 33, 43], windows=[8, 4, 16, 8]),
}

# Small ones, with as many figures as possible that are no defaults. Windows overlap the edges of
# their grids, and the background of the position embedding is neither square nor a divisor.
TINY = Size(
    embedding=8,
    heads=1,
    blocks=[1, 2, 3, 2],
    global_blocks=[5],
    windows=[8, 4, 6, 3],
    background=[5, 7],
    image=256,
    hidden=128,
    backbone={"mlp_ratio": 2.0},
    decoder={
        "attention_downsample_rate": 4,
        "iou_head_hidden_dim": 48,
        "mlp_dim": 48,
        "num_attention_heads": 4,
    },
    tracker={
        "memory_attention_feed_forward_hidden_size": 96,
        "memory_attention_num_layers": 2,
        "memory_attention_rope_theta": 5000,
        "memory_fuser_intermediate_dim": 96,
    },
    mean=[0.45, 0.46, 0.47],
    deviation=[0.25, 0.24, 0.23],
)
TINY_FIRST = Size(
    embedding=8,
    heads=2,
    blocks=[1, 1, 2, 1],
    global_blocks=[3],
    windows=[8, 4, 10, 5],
    background=[3, 3],
    image=256,
    hidden=128,
    is_first_version=True,
    backbone={"mlp_ratio": 2.0},
    decoder={
        "attention_downsample_rate": 4,
        "iou_head_hidden_dim": 32,
        "mlp_dim": 32,
        "num_attention_heads": 8,
    },
    tracker={
        "memory_attention_feed_forward_hidden_size": 64,
        "memory_attention_num_layers": 1,
        "memory_fuser_intermediate_dim": 64,
        "memory_fuser_num_layers": 1,
    },
)


def arguments(size: Size) -> dict[str, object]:
    """What a configuration of that size is made from, in the words of all versions of
    transformers that know the model."""
    grid = size.image // 4
    channels = [size.embedding << stage for stage in range(4)]
    hidden = size.hidden
    backbone = {
        "model_type": "sam2_hiera_det_model",
        "hidden_size": size.embedding,
        "num_attention_heads": size.heads,
        "image_size": [size.image, size.image],
        "blocks_per_stage": size.blocks,
        "embed_dim_per_stage": channels,
        "num_attention_heads_per_stage": [size.heads << stage for stage in range(4)],
        "window_size_per_stage": size.windows,
        "global_attention_blocks": size.global_blocks,
        "window_positional_embedding_background_size": size.background,
        **size.backbone,
    }
    return {
        "vision_config": {
            "model_type": "sam2_vision_model",
            "backbone_config": backbone,
            "backbone_channel_list": channels[::-1],
            "backbone_feature_sizes": [[grid >> level, grid >> level] for level in range(3)],
            "fpn_hidden_size": hidden,
        },
        "prompt_encoder_config": {"hidden_size": hidden, "image_size": size.image},
        "mask_decoder_config": {"hidden_size": hidden, **size.decoder},
        "image_size": size.image,
        "enable_occlusion_spatial_embedding": not size.is_first_version,
        "enable_temporal_pos_encoding_for_object_pointers": not size.is_first_version,
        "memory_attention_hidden_size": hidden,
        "memory_attention_rope_feat_sizes": [grid // 4, grid // 4],
        "memory_encoder_hidden_size": hidden,
        "mask_downsampler_embed_dim": hidden,
        "memory_fuser_embed_dim": hidden,
        **size.tracker,
    }


def configuration(size: Size) -> Sam2VideoConfig:
    """The configuration of a model of that size."""
    return Sam2VideoConfig(**arguments(size))


def processor(size: Size) -> Sam2VideoProcessor:
    """How frames and prompts become the input of a model of that size."""
    square = {"height": size.image, "width": size.image}
    mask = {"height": size.image // 4, "width": size.image // 4}
    common = {"size": square, "image_mean": size.mean, "image_std": size.deviation}
    return Sam2VideoProcessor(
        image_processor=ImageProcessor(mask_size=mask, **common),
        video_processor=Sam2VideoVideoProcessor(**common),
        target_size=size.image,
    )
