"""A trained labeller as a bundle; `docs/formats.md` gives the format."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from watchword.core.types import Features
from watchword.training.export import finish
from watchword.training.graphs import write, write_encoder
from watchword.training.model import LabellingModel


class LabelsGraph(nn.Module):
    """cells -> probabilities (B, N). cells: (B, C, W), the frames of a clip in time order, or places of a photo."""

    def __init__(self, labeller: Any) -> None:
        """Wrap a labeller."""
        super().__init__()
        self.labeller = labeller

    def forward(self, cells: Tensor) -> Tensor:
        """Return the probabilities."""
        real = torch.ones_like(cells[:, :, 0], dtype=torch.bool)
        return self.labeller.probabilities(Features(cells.mean(1), cells, real))


def export_labeller(
    model: LabellingModel,
    classes: tuple[str, ...],
    folder: Path,
    *,
    description: Mapping[str, Any],
    card: str,
    half: bool = True,
) -> None:
    """Write the bundle of a labeller into `folder`: graphs, card and `bundle.json`.

    description: "recipe", "settings", "scores" and whatever else the manifest is to say. half: store weights as
    float16.
    """
    model.eval()
    folder.mkdir(parents=True, exist_ok=True)
    encoder: Any = model.encoder
    write_encoder(encoder.looking, folder / "encoder.onnx", half)
    cells = torch.zeros(2, encoder.grid[0] * encoder.grid[1], encoder.cells_width)
    write(LabelsGraph(model.labeller), (cells,), folder / "labels.onnx", ["cells"], ["probabilities"], half)
    own: dict[str, Any] = {"kind": "labeller", "classes": list(classes)}
    if playing := getattr(encoder, "playing", None):
        own["frames"] = dataclasses.asdict(playing)
    finish(folder, None, card, encoder.size, {**description, **own})
