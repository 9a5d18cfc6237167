"""What tells clips apart by kernels, with the encoder that looks at what moves in them."""

import tempfile
from collections.abc import Callable, Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import torch

from watchword.data.motion.store import MotionStore, Moves
from watchword.data.pictures import Part
from watchword.data.played import Clip
from watchword.training.graphs import write_encoder
from watchword.training.kernels import tensors
from watchword.training.model import Model


class KernelModel(Model):
    """encoder: of pictures, nothing of which learns. labeller: a `decoders.kernel_labels.KernelLabels`."""

    stands = "labeller"
    labeller: Any

    def probabilities(self, seen: Sequence[Moves]) -> np.ndarray:  # what a loop would show are arrays
        """Return the probabilities (B, N) of the classes of B clips, from how they move."""
        with torch.inference_mode():
            return torch.cat([self.labeller(*tensors(one)) for one in seen]).numpy()


def motion_store(encoder: Any, folder: Path) -> MotionStore:
    """Return where it is kept how clips move, with an encoder just as its bundle will have it."""
    graph = _graph(encoder)
    session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
    return MotionStore(
        folder,
        lambda pixels: session.run(["cells"], {"pixels": pixels})[0],
        sha256(graph).hexdigest()[:12],
        encoder.size,
    )


@lru_cache(2)
def _graph(encoder: Any) -> bytes:
    """Return encoder.onnx of a bundle."""
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "encoder.onnx"
        write_encoder(encoder.looking, path, half=True)
        return path.read_bytes()


def all_moves(
    store: MotionStore, sources: Sequence[Path | Part | Clip], told: Callable[[int, int], None]
) -> list[Moves]:
    """Return how clips move, in order. told: how many are done, and how many there are. Raises `PictureError`."""
    found = []
    for source in sources:
        found.append(store.of(source))
        told(len(found), len(sources))
    return found
