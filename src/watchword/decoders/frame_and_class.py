"""A stack of LSTMs told the classes of a frame first, then of the whole clip at each word: paper 3, section 2.1."""

from collections.abc import Callable
from typing import Any, Literal

import torch
from torch import Tensor, nn

from watchword.core.errors import SettingsError
from watchword.core.types import Features
from watchword.decoders.base import Tensors
from watchword.decoders.stacked import Stacked

First = Literal["classes", "frame", "both"]
ClipFeatures = Literal["mean", "moments"]
Classify = Callable[[Features[Tensor]], Tensor]
LEAST = 1e-9  # keeps the logarithm of a class's probability finite


class FrameAndClass(Stacked):
    """Shetty and Laaksonen 2015: features of a frame, of the clip, and a classifier's scores, each in its place.

    The first input x(0) is made of the key frame, which is the middle one (sections 2.1.2.2-2.1.2.4); features of
    the clip are a second input at every step after it, with weights of their own. The paper's are of dense
    trajectories; here they are made of the same frames: their mean, and with "moments" also how they deviate from
    it, and how far a frame lies from the next.

    cells: width of a frame's vector. classes: from features whose `whole` (B, W') is a frame's to probabilities
    (B, N), and N (see `classifier_of`); None for first="frame". It belongs to the encoder and is not kept here.
    first: what x(0) is made of: the scores of the classes, the frame's own vector, or both. clip_features: see above.
    vocabulary, width, layers, dropout: as `Stacked`.
    """

    def __init__(
        self,
        *,
        vocabulary: int,
        cells: int,
        classes: tuple[Classify, int] | None,
        first: First,
        clip_features: ClipFeatures,
        width: int,
        layers: int,
        dropout: float,
    ) -> None:
        parts = 1 if clip_features == "mean" else 3
        super().__init__(
            vocabulary=vocabulary, features=parts * cells, width=width, layers=layers, factored=False, dropout=dropout
        )
        self.classify: Classify | None = classes[0] if classes else None
        self.classes = nn.Linear(classes[1], width) if classes and first != "frame" else None
        self.frame = nn.Linear(cells, width) if first != "classes" else None
        self.parts = parts

    def start(self, features: Features[Tensor]) -> tuple[Tensors, Tensors]:
        """Read x(0); return the clip's part of an activation (B, 1, 4H), and the state h0, c0, h1, … (B, 1, H)."""
        clip = torch.cat(moments(features.cells, features.mask)[: self.parts], -1)
        memory, state = super().start(features._replace(whole=clip))
        x = self.dropout(self.first(key_frame(features.cells, features.mask)))[:, None]
        for layer, cell in enumerate(self.lstms()):
            x, c = cell(x, state[f"h{layer}"], state[f"c{layer}"])
            state |= {f"h{layer}": x, f"c{layer}": c}
        return memory, state

    def first(self, frame: Tensor) -> Tensor:
        """Return x(0) (B, H) of frames (B, W')."""
        parts = []
        if self.classify and self.classes is not None:
            scores = self.classify(one_frame(frame)).clamp_min(LEAST).log()
            parts.append(self.classes(scores - scores.mean(-1, keepdim=True)))
        if self.frame is not None:
            parts.append(self.frame(self.dropout(frame)))
        return torch.stack(parts).sum(0)


def one_frame(frame: Tensor) -> Features[Tensor]:
    """Return frames (B, W') as features of one cell each."""
    return Features(frame, frame[:, None], torch.ones_like(frame[:, :1], dtype=torch.bool))


def classifier_of(encoder: Any, cells: int) -> tuple[Classify, int]:
    """Return what tells an encoder's classes of single frames, of width `cells`, and how many there are.

    Its weights stay as they are from now on, for a captioner has nothing to teach it. Raises `SettingsError` where
    no classes are told of a single frame.
    """
    try:
        said = encoder.classify(one_frame(torch.zeros(1, cells)))
    except (NotImplementedError, RuntimeError):  # no classifier, or one of other vectors
        raise SettingsError(
            "the encoder tells no classes of a single frame, from which the sentence could begin: give first=frame, "
            "or an encoder with classes of its own, such as encoder=frames:of=efficientnet_lite0"
        ) from None
    learning = [weight for weight in encoder.parameters() if weight.requires_grad]
    reached = torch.autograd.grad(said.sum(), learning, allow_unused=True) if said.requires_grad else ()
    for weight, _ in filter(lambda pair: pair[1] is not None, zip(learning, reached, strict=False)):
        weight.requires_grad_(False)
    return encoder.classify, said.shape[-1]


def key_frame(cells: Tensor, mask: Tensor) -> Tensor:
    """Return the middle one (B, W') of cells (B, T, W'), among those that mask (B, T) says are real."""
    numbered = mask.long().cumsum(1)
    middle = mask & (2 * numbered >= numbered[:, -1:]) & (2 * numbered < numbered[:, -1:] + 2)
    return (cells * middle[..., None]).sum(1)


def moments(cells: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return mean, deviation, and mean change from frame to frame, each (B, W'), of the real ones of cells (B, T, W').

    Where there is but one frame, nothing deviates and nothing changes.
    """
    real = mask[..., None].to(cells.dtype)
    mean = (cells * real).sum(1) / real.sum(1).clamp_min(1)
    variance = ((cells - mean[:, None]).square() * real).sum(1) / real.sum(1).clamp_min(1)
    both = real[:, 1:] * real[:, :-1]
    change = ((cells[:, 1:] - cells[:, :-1]).abs() * both).sum(1) / both.sum(1).clamp_min(1)
    return mean, (variance + 1e-8).sqrt(), change
