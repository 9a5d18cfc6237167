"""How a labeller looks at a clip: as so many pictures, or at how it moves."""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from watchword.core.errors import PictureError
from watchword.data.pictures import open_picture
from watchword.data.played import Clip, Playing, Watched
from watchword.runtime.captioner import ENCODED_TOGETHER
from watchword.runtime.sessions import Session


class Showing(Protocol):
    """What is shown of a clip, and what the graphs of a bundle make of that."""

    def shown(self, source: Watched) -> list[Any]:
        """Return what is looked at of a clip. Raises `PictureError` for one that cannot be played."""
        ...

    def probabilities(self, shown: list[Any]) -> np.ndarray:
        """Return the probabilities (B, N) float32 of the classes, B being 1."""
        ...


class Pictures:
    """Frames of a clip, or flow between them, in time order; or a photo."""

    def __init__(self, name: str, size: int, playing: Playing | None, encoder: Session, labels: Session) -> None:
        """Look with `encoder` and `labels`. name: of the model. playing: how clips are shown, None for photos."""
        self._name, self._size, self._playing = name, size, playing
        self._encoder, self._labels = encoder, labels
        self._seen = "whole" if playing else "cells"
        encoder.demand(["pixels"], [self._seen])
        labels.demand(["cells"], ["probabilities"])

    def shown(self, source: Watched) -> list[Any]:
        """Return the pictures (T, size, size, 3) uint8 of a clip, or the one of a photo."""
        if self._playing:
            return [self._playing(source, self._size)]
        if isinstance(source, Clip) or (isinstance(source, Sequence) and not isinstance(source, str | bytes)):
            raise PictureError(f"{self._name!r} tells photos, not clips; give a model that was trained on clips")
        return [open_picture(source, self._size)[None]]

    def probabilities(self, shown: list[Any]) -> np.ndarray:
        """Return the probabilities (B, N) float32 of the classes."""
        seen = encoded(self._encoder, shown[0], self._seen)
        return self._labels.run(["probabilities"], {"cells": seen[None] if self._playing else seen})["probabilities"]


class Moving:
    """How a clip moves (`data.motion`), and what an encoder sees change in the square that moves.

    Of a long clip several parts are looked at, and the probabilities are averaged.
    """

    def __init__(self, size: int, encoder: Session, labels: Session) -> None:
        """Look with `encoder` and `labels`; the latter takes whichever it was trained on."""
        self._size, self._encoder, self._labels = size, encoder, labels
        encoder.demand(["pixels"], ["cells"])
        labels.demand([], ["probabilities"])

    def shown(self, source: Watched) -> list[Any]:
        """Return how each part of a clip moves, a `data.motion.looking.Motion` each."""
        from watchword.data.motion.looking import look
        from watchword.data.motion.pieces import pieces

        return [look(piece, self._size) for piece in pieces(source)]

    def probabilities(self, shown: list[Any]) -> np.ndarray:
        """Return the probabilities (1, N) float32 of the classes."""
        return np.mean([self._of_part(seen) for seen in shown], 0)

    def _of_part(self, seen: Any) -> np.ndarray:
        from watchword.data.motion.looking import change

        given = {"statistics": seen.statistics[None], "cuboids": seen.cuboids.astype(np.float32)}
        if "change" in self._labels.inputs:
            given["change"] = change(encoded(self._encoder, seen.crops, "cells"))[None]
        wanted = {name: value for name, value in given.items() if name in self._labels.inputs}
        return self._labels.run(["probabilities"], wanted)["probabilities"]


def encoded(encoder: Session, pictures: np.ndarray, output: str) -> np.ndarray:
    """Return what an encoder makes of pictures (T, S, S, 3) uint8, a few at a time."""
    parts = [
        encoder.run([output], {"pixels": pictures[first : first + ENCODED_TOGETHER]})[output]
        for first in range(0, len(pictures), ENCODED_TOGETHER)
    ]
    return np.concatenate(parts)
