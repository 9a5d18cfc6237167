"""Frames as cells: any encoder, shown a clip picture by picture. Paper 2, section 3; paper 3, section 3.

A clip is T pictures, see `data.played`. Cells are what the encoder makes of each as a whole, in time order, and the
whole is their mean, as mean pooling has it: a decoder that attends, attends over time.
"""

from typing import Annotated

import torch
from torch import Tensor, nn

from watchword.core.errors import SettingsError
from watchword.core.settings import Range
from watchword.core.types import Features
from watchword.data.clips.flow import Method
from watchword.data.clips.frames import FASTEST
from watchword.data.played import Play, Playing, Stream
from watchword.encoders.base import Encoder, as_one_cell
from watchword.encoders.named import encoders
from watchword.encoders.options import nested
from watchword.encoders.whole_only import WholeOnly

COUNT = 16  # frames of a clip, as paper 2 has it
MOST = 1024


class Frames(Encoder):
    """An encoder of single pictures, and how clips are shown to it.

    Where nothing of it learns, what its trunk hands on of a clip is one vector a frame (T, W), and nothing larger.
    grid: (1, T), for frames lie in no rows. finished: whether that is so.
    """

    def __init__(self, encoder: Encoder, playing: Playing) -> None:
        super().__init__()
        self.playing, self.finished = playing, not _learns(encoder)
        if self.finished:
            encoder.eval().requires_grad_(False)
        self.encoder = encoder
        self.size, self.cut, self.labels = encoder.size, encoder.cut, encoder.labels
        self.whole_width = self.cells_width = encoder.whole_width
        self.grid = (1, playing.count)
        self.name = "-".join((encoder.name, f"frames{playing.count}", *_told(playing)))
        self.published = "" if self.finished else encoder.published

    def frozen_units(self) -> nn.Module:
        """Return the units below the encoder's cut; all of it where nothing learns, for then its whole is kept."""
        return self.encoder if self.finished else self.encoder.frozen_units()

    @property
    def looking(self) -> Encoder:
        """The encoder that looks at single frames, up to what is kept."""
        return WholeOnly(self.encoder) if self.finished else self.encoder

    @property
    def single(self) -> Encoder:
        """The encoder of single frames, whole: a graph of it is all that a bundle needs."""
        return self.encoder

    def trunk(self, pixels: Tensor) -> Tensor:
        """Return rows (B, T, ...) of clips (B, T, size, size, 3) uint8 RGB, or of photos (B, size, size, 3), which
        stand still.
        """
        if pixels.ndim == 4:
            return self.looking.trunk(pixels)[:, None].repeat_interleave(self.grid[1], 1)
        seen = self.looking.trunk(pixels.flatten(0, 1))
        return seen.reshape(-1, self.grid[1], *seen.shape[1:])

    def top(self, seen: Tensor) -> Features[Tensor]:
        """Return features: cells (B, T, W) of rows (B, T, ...), whole (B, W) their mean."""
        cells = seen
        if not self.finished:
            wholes = self.encoder.top(seen.flatten(0, 1)).whole
            cells = wholes.reshape(-1, self.grid[1], self.whole_width)
        return Features(cells.mean(1), cells, torch.ones_like(cells[:, :, 0], dtype=torch.bool))

    def classify(self, features: Features[Tensor]) -> Tensor:
        """Return probabilities of the encoder's classes: the mean over frames."""
        said = self.encoder.classify(as_one_cell(features.cells.flatten(0, 1)))
        return said.reshape(-1, self.grid[1], len(self.labels)).mean(1)


def frames_in(encoder: Encoder) -> Frames | None:
    """Return `encoder` if it is shown clips; None if it is shown photos."""
    return encoder if isinstance(encoder, Frames) else None


def _learns(encoder: Encoder) -> bool:
    """Try out whether anything behind the trunk learns that the whole depends on."""
    if not encoder.looks:
        return False
    with torch.no_grad():
        seen = encoder.trunk(torch.zeros(1, encoder.size, encoder.size, 3, dtype=torch.uint8))
    with torch.enable_grad():
        return encoder.top(seen).whole.requires_grad


def _told(playing: Playing) -> list[str]:
    """Return what a name says of the playing, besides the count: what is not as usual."""
    kinds = ((playing.stream, "rgb"), (playing.play, "still"), (playing.method, "dis"))
    rate = [f"{playing.rate:.12g}a_second"] if playing.rate else []
    return [word for word, usual in kinds if word != usual] + rate


@encoders.add("frames")
def frames(
    *,
    frozen: int | None = None,
    of: str = "efficientnet_lite0",
    count: Annotated[int, Range(1, MOST)] = COUNT,
    stream: Stream = "rgb",
    play: Play = "still",
    rate: Annotated[float, Range(0, FASTEST)] = 0.0,
    method: Method = "dis",
) -> Frames:
    """Return the encoder `of`, shown `count` frames of each clip; its own options are parted by +:
    "frames:of=vgg16:cells=whole+size=448,count=8".

    stream: "rgb", the frames; or "flow", what moves from each to the next, as pictures.
    play: how a photo is shown: "still", or "pan", a crop that wanders over it.
    rate: frames a second, from the middle of the clip; 0 spreads them over all of it. At the clip's own rate they are
    consecutive, as in paper 2.
    method: by which flow is found, "dis" or "farneback".
    frozen: units of the encoder that never learn; None for what it freezes by itself. With all of them one vector a
    frame is kept of a clip, else the maps of every frame.
    """
    if method != "dis" and stream != "flow":
        raise SettingsError(f"method={method} is of flow, and stream={stream}: add stream=flow, or leave it out")
    make = encoders[nested(of)]
    encoder = make() if frozen is None else make(frozen=frozen)
    return Frames(encoder, Playing(count, stream, play, rate, method))
