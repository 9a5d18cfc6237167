"""A labeller of motion as a bundle; `docs/formats.md` gives the format."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from watchword.data.motion import statistics
from watchword.training.export import finish
from watchword.training.graphs import write, write_encoder
from watchword.training.kernel_model import KernelModel


def export_kernels(
    model: KernelModel,
    classes: tuple[str, ...],
    folder: Path,
    *,
    description: Mapping[str, Any],
    card: str,
    half: bool = True,
) -> None:
    """Write the bundle of a labeller of motion into `folder`; arguments as of `export_labeller`."""
    model.eval()
    folder.mkdir(parents=True, exist_ok=True)
    write_encoder(model.encoder.looking, folder / "encoder.onnx", half)
    fisher, width = model.labeller.fisher, model.encoder.cells_width
    seen = {"statistics": torch.zeros(1, statistics.WIDTH), "change": torch.zeros(1, width)}
    cuboids = torch.zeros(3, len(fisher.middle))
    write(
        model.labeller,
        (*seen.values(), cuboids),
        folder / "labels.onnx",
        [*seen, "cuboids"],
        ["probabilities"],
        half,
        {"cuboids": {0: "N"}},
    )
    own = {"kind": "labeller", "classes": list(classes), "looks": "motion"}
    finish(folder, None, card, model.encoder.size, {**description, **own})
