"""Any detector of torchvision, where that is installed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch

from watchword.core.errors import DataError, SettingsError
from watchword.data.boxes import clipped
from watchword.data.hashes import content_hash
from watchword.encoders.proposals.base import COUNT, Judge, best
from watchword.encoders.proposals.named import proposals
from watchword.encoders.weights import load_published, read_weights


class Detector:
    """A network from a list of pictures (3, H, W) float32, shades 0 to 1, to `boxes` in pixels and `scores` of each.

    name: what the boxes are filed under. count: of boxes, at most.
    """

    by_file, fixed = False, None

    def __init__(self, network: Callable[[list[torch.Tensor]], Any], *, name: str, count: int = COUNT) -> None:
        """Take a network that is ready for use."""
        self.network, self.name, self.count = network, name, count

    def propose(self, pixels: np.ndarray, path: Path | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Return what the network finds, whatever it takes it for."""
        with torch.inference_mode():
            (found,) = self.network([torch.from_numpy(pixels.copy()).permute(2, 0, 1).float() / 255])
        height, width = pixels.shape[:2]
        boxes, places = clipped(found["boxes"].numpy() / np.array([width, height, width, height], np.float32))
        return best(boxes, found["scores"].numpy()[places], self.count)


@proposals.add("torchvision")
def from_torchvision(
    *,
    judge: Judge = None,
    count: int = COUNT,
    network: str = "fasterrcnn_mobilenet_v3_large_320_fpn",
    pretrained: bool = True,
    weights: str | Path = "",
) -> Detector:
    """Return a detector of torchvision; `torchvision.models.list_models(torchvision.models.detection)` names them.

    weights: a file of them. Without it and `pretrained`, torchvision's own, which it may have to download.
    """
    try:
        from torchvision.models import get_model
    except ImportError:
        raise SettingsError("proposals 'torchvision' need torchvision: pip install torchvision") from None
    own = "DEFAULT" if pretrained and not weights else None
    try:
        detector = get_model(network, weights=own, weights_backbone=None).eval()
    except (OSError, RuntimeError, ValueError) as problem:
        reason = str(problem).splitlines()[0][:200]
        raise DataError(f"this detector cannot be had: {reason}; give weights=FILE if it is to be downloaded") from None
    if weights:
        load_published(detector, read_weights(weights), weights)
    source = content_hash(weights)[:12] if weights else "published" if pretrained else "random"
    return Detector(detector, name=f"torchvision-{network}-{source}-{count}", count=count)
