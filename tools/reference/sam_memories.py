"""What the reference implementation answers about memories: how they are made and read."""

import numpy as np
import torch
from torch import nn

from sam_expectations import Tensors
from sam_masks import Prompt, Tracker


class Memories:
    """The parts of a model that deal with memories, each asked alone."""

    def __init__(self, model, processor, features: torch.Tensor, position: torch.Tensor) -> None:
        """Take the current frame's features and their positions, channels x height x width."""
        self.model = model
        self.processor = processor
        self.features = features
        self.position = position

    @torch.inference_mode()
    def encoder(self, logits: torch.Tensor) -> Tensors:
        """Memories of a mask given as logits: as a prompted frame has them, as a tracked one,
        and as one without the object."""
        model = self.model
        high = nn.functional.interpolate(
            logits[None, None], size=(model.image_size,) * 2, mode="bilinear", align_corners=False
        )
        tensors = {"memory.logits": logits}
        present, absent = torch.full((1, 1, 1), 5.0), torch.full((1, 1, 1), -5.0)
        kinds = {"binary": (True, present), "sigmoid": (False, present), "absent": (False, absent)}
        for name, (is_binary, score) in kinds.items():
            mask = (high > 0).float() if is_binary else torch.sigmoid(high)
            config = model.config
            mask = mask * config.sigmoid_scale_for_mem_enc + config.sigmoid_bias_for_mem_enc
            memory, position = model.memory_encoder(self.features[None], mask)
            if name == "absent" and model.occlusion_spatial_embedding_parameter is not None:
                memory = memory + model.occlusion_spatial_embedding_parameter[..., None, None]
            stored, _ = model._encode_new_memory(
                current_vision_feats=self.features.flatten(1).T[:, None],
                pred_masks_high_res=high,
                object_score_logits=score,
                is_mask_from_pts=is_binary,
            )
            tensors |= self._checked(name, memory, position, stored)
        return tensors

    def _checked(
        self, name: str, memory: torch.Tensor, position: torch.Tensor, stored: torch.Tensor
    ) -> Tensors:
        """A memory place by place, after making sure that it is what the reference stores."""
        memory = memory.flatten(2)[0].T
        if not torch.equal(memory.bfloat16(), stored[:, 0]):
            raise AssertionError(f"{name}: not what the reference stores")
        tensors = {f"memory.{name}": memory, "memory.position": position.flatten(2)[0].T}
        if name == "sigmoid":
            tensors["memory.sigmoid.stored"] = memory.bfloat16()
        return tensors

    @torch.inference_mode()
    def attention(self, video: np.ndarray, frame: int, few: int, pointers: int) -> Tensors:
        """The current frame's features, conditioned on what a tracker remembers at a frame of a
        video: on all of it, and on the first few memories and pointers."""
        tracker = Tracker(self.model, self.processor, (video.shape[2], video.shape[1]))
        for index in range(frame):
            tracker.see(index, video[index])
            tracker.step(1, Prompt(points=[[18, 30]], labels=[1]) if index == 0 else None)
        session = tracker.session
        remembered = [
            (offset, output)
            for offset, output in self.model._gather_memory_frame_outputs(session, 0, frame)
            if output is not None
        ]
        distances, tokens, _ = self.model._get_object_pointers(
            session, 0, frame, len(video), torch.device("cpu"), streaming=True
        )
        return {
            "attention.memories": torch.stack([self._entry(output) for _, output in remembered]),
            "attention.offsets": torch.tensor([float(offset) for offset, _ in remembered]),
            "attention.pointers": torch.stack([token[0, 0] for token in tokens]),
            "attention.distances": torch.tensor(distances).float(),
            "attention.few": self._read(remembered[:few], distances[:pointers], tokens[:pointers]),
            "attention.all": self._read(remembered, distances, tokens),
        }

    @staticmethod
    def _entry(output: dict[str, torch.Tensor]) -> torch.Tensor:
        """A stored memory, token by token."""
        return output["maskmem_features"][:, 0]

    def _counts(self, remembered) -> dict[str, int]:
        """What the memory attention is told besides."""
        return {}

    def _read(self, remembered, distances: list[int], tokens: list[torch.Tensor]) -> torch.Tensor:
        """Features conditioned on memories and pointers, place by place."""
        model = self.model
        cpu = torch.device("cpu")
        features = self.features.flatten(1).T[:, None]
        memories, positions = model._build_memory_attention_inputs(remembered, cpu)
        pointers, ages = model._process_object_pointers(
            distances,
            tokens,
            model.config.max_object_pointers_in_encoder,
            1,
            model.hidden_dim,
            cpu,
        )
        pointers, ages = pointers.reshape(-1, 1, model.mem_dim), ages.reshape(-1, 1, model.mem_dim)
        output = model.memory_attention(
            current_vision_features=features,
            current_vision_position_embeddings=self.position.flatten(1).T[:, None],
            memory=torch.cat([*memories, pointers]).float(),
            memory_posision_embeddings=torch.cat([*positions, ages]),
            num_object_pointer_tokens=len(pointers),
            **self._counts(remembered),
        )
        return output.reshape(-1, model.hidden_dim)


class EdgeMemories(Memories):
    """The same of EdgeTAM, whose memories go through the spatial perceiver and stay as they are."""

    def _checked(
        self, name: str, memory: torch.Tensor, position: torch.Tensor, stored: torch.Tensor
    ) -> Tensors:
        latents, positions = self.model.spatial_perceiver(memory, position)
        if not torch.equal(latents, stored):
            raise AssertionError(f"{name}: not what the reference stores")
        return {
            f"memory.{name}.spatial": memory.flatten(2)[0].T,
            f"memory.{name}": latents[0],
            "memory.position": positions[0],
        }

    @staticmethod
    def _entry(output: dict[str, torch.Tensor]) -> torch.Tensor:
        return output["maskmem_features"][0]

    def _counts(self, remembered) -> dict[str, int]:
        return {"num_spatial_memory_tokens": len(remembered)}
