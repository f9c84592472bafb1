"""What the published EdgeTAM checkpoint looks like, and a small one like it."""

from dataclasses import dataclass, field

from transformers import EdgeTamVideoConfig

import sam_models


@dataclass(frozen=True)
class Size:
    """The figures in which two checkpoints differ."""

    # Of RepViT's stages; none for those of repvit_m1.
    widths: list[int] = field(default_factory=list)
    depths: list[int] = field(default_factory=list)
    latents: int = 256
    # A square.
    windows: int = 256
    image: int = 1024
    hidden: int = 256
    decoder: dict[str, object] = field(default_factory=dict)
    tracker: dict[str, object] = field(default_factory=dict)
    mean: list[float] = field(default_factory=lambda: sam_models.IMAGE_MEAN)
    deviation: list[float] = field(default_factory=lambda: sam_models.IMAGE_DEVIATION)


# As transformers' script converts facebook/EdgeTAM.
PUBLISHED = Size()

# ONNX Runtime lays channels into blocks only where they are multiples of 16, as published ones are.
TINY = Size(
    widths=[16, 32, 48, 96],
    depths=[2, 1, 3, 2],
    latents=24,
    windows=16,
    image=256,
    hidden=128,
    decoder={
        "attention_downsample_rate": 4,
        "iou_head_hidden_dim": 48,
        "mlp_dim": 48,
        "num_attention_heads": 4,
    },
    tracker={
        "memory_attention_mlp_hidden_size": 96,
        "memory_fuser_intermediate_dim": 96,
        "memory_fuser_num_layers": 1,
        "perceiver_resampler_mlp_intermediate_size": 48,
        "rope_parameters": {"rope_type": "axial", "rope_theta": 5000},
    },
    mean=[0.45, 0.46, 0.47],
    deviation=[0.25, 0.24, 0.23],
)


def configuration(size: Size) -> EdgeTamVideoConfig:
    """The configuration of a model of that size."""
    grid = size.image // 4
    side = round(size.windows**0.5)
    own = {"embed_dim": size.widths, "depth": size.depths} if size.widths else {}
    vision = {
        "model_type": "edgetam_vision_model",
        "backbone_config": {
            "model_type": "timm_wrapper",
            "architecture": "repvit_m1",
            # The published file has a thousand, and their names; nothing is classified.
            "num_classes": 2,
            "model_args": {
                "in_chans": 3,
                "features_only": True,
                "out_indices": [0, 1, 2, 3],
                **own,
            },
        },
        "backbone_channel_list": (size.widths or [48, 96, 192, 384])[::-1],
        "backbone_feature_sizes": [[grid >> level, grid >> level] for level in range(3)],
        "fpn_hidden_size": size.hidden,
    }
    return EdgeTamVideoConfig(
        vision_config=vision,
        prompt_encoder_config={"hidden_size": size.hidden, "image_size": size.image},
        mask_decoder_config={"hidden_size": size.hidden, **size.decoder},
        image_size=size.image,
        enable_occlusion_spatial_embedding=False,
        enable_temporal_pos_encoding_for_object_pointers=False,
        memory_attention_hidden_size=size.hidden,
        memory_attention_rope_feat_sizes=[grid // 4, grid // 4],
        memory_attention_rope_k_sizes=[side, side],
        memory_encoder_hidden_size=size.hidden,
        mask_downsampler_embed_dim=size.hidden,
        memory_fuser_embed_dim=size.hidden,
        perceiver_resampler_num_latents=size.latents,
        perceiver_resampler_num_latents_2d=size.windows,
        **size.tracker,
    )
