"""A trained model that tells what is going on in a clip, or what a photo shows, as one of its classes."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from watchword.core.errors import BundleError, PictureError
from watchword.data.played import Watched
from watchword.runtime.bundle import contents, shared_encoder
from watchword.runtime.label_manifest import ENCODER, GRAPH, LabelManifest
from watchword.runtime.sessions import Session, usable_cpus
from watchword.runtime.showing import Moving, Pictures, Showing

AHEAD = 2  # clips that are read while another is looked at
AnyClip = TypeVar("AnyClip", bound=Watched)
Labelled = list[tuple[str, float]]


class Labels:
    """What labels clips, be it one model or several; a subclass says how it shows a clip and what it makes of it."""

    name: str
    classes: tuple[str, ...]

    @property
    def plays(self) -> bool:
        """Whether it has to play a clip itself, for a few of its frames do not tell how it moves."""
        raise NotImplementedError

    def shown(self, source: Watched) -> list[Any]:
        """Return what is shown of a clip. Raises `PictureError` for one that cannot be played."""
        raise NotImplementedError

    def of_shown(self, shown: list[Any]) -> np.ndarray:
        """Return the probabilities (N,) float32 of the classes, from what was shown."""
        raise NotImplementedError

    def label(self, source: Watched) -> Labelled:
        """Return the classes with their probabilities, likeliest first, of a clip or a photo.

        source: a path, a `data.played.Clip`, a list of frames or an array of them (T, H, W, 3) uint8 RGB.
        Raises `PictureError` for one that cannot be opened.
        """
        return self.ranked(self.of_shown(self.shown(source)))

    def label_many(self, sources: Iterable[AnyClip]) -> Iterator[tuple[AnyClip, Labelled | PictureError]]:
        """Yield each clip, in order, with its classes, or with what is wrong with it; that stops nothing.

        A few clips are read ahead while one is looked at; memory is bounded however many there are.
        """
        for source, shown in _ahead(sources, self.shown):
            yield source, shown if isinstance(shown, PictureError) else self.ranked(self.of_shown(shown))

    def ranked(self, probabilities: np.ndarray) -> Labelled:
        """Return the names of the classes with their probabilities (N,), likeliest first."""
        order = np.argsort(-probabilities, kind="stable")
        return [(self.classes[place], float(probabilities[place])) for place in order]


class Labeller(Labels):
    """One model. May be used from several threads at once.

    name: the shipped model's, or the path it was loaded from. manifest: what the bundle says of itself.
    """

    def __init__(self, model: str | Path, threads: int | None = None) -> None:
        """Open the bundle `model`: one that ships, or a folder or .zip. `BundleError` if it is missing or damaged."""
        self.manifest, files, _ = contents(model, LabelManifest.parse)
        self.name, self.threads = str(model), threads or usable_cpus()
        self.classes, self.playing = self.manifest.classes, self.manifest.playing
        shared = self.manifest.encoder
        graphs = (shared_encoder(*shared) if shared else files[ENCODER], files[GRAPH])
        encoder, labels = (
            Session(name, graph, self.threads) for name, graph in zip((ENCODER, GRAPH), graphs, strict=True)
        )
        size = self.manifest.size
        self._showing: Showing = (
            Moving(size, encoder, labels)
            if self.manifest.looks == "motion"
            else Pictures(self.name, size, self.playing, encoder, labels)
        )

    @property
    def plays(self) -> bool:
        """Whether it looks at motion."""
        return self.manifest.looks == "motion"

    def shown(self, source: Watched) -> list[Any]:
        """Return what is looked at of a clip or a photo, as `runtime.showing` has it."""
        return self._showing.shown(source)

    def of_shown(self, shown: list[Any]) -> np.ndarray:
        """Return the probabilities (N,) float32 of the classes, from what was shown."""
        found = self._showing.probabilities(shown)
        if found.shape != (1, len(self.classes)):
            raise BundleError(
                f"{self.name}: {GRAPH} tells {found.shape[1:]} classes; bundle.json names {len(self.classes)}"
            )
        return found[0]

    def of_pictures(self, pictures: np.ndarray) -> np.ndarray:
        """Return the probabilities (N,) float32, from pictures (T, size, size, 3) uint8 that were chosen before."""
        return self.of_shown([pictures])


def _ahead(
    sources: Iterable[AnyClip], shown: Callable[[AnyClip], list[Any]]
) -> Iterator[tuple[AnyClip, list[Any] | PictureError]]:
    """Yield each clip, in order, with its pictures or what is wrong with it; a few are read ahead."""
    pool = ThreadPoolExecutor(AHEAD, thread_name_prefix="watchword-clips")
    waiting: deque[tuple[AnyClip, Future[list[Any]]]] = deque()

    def first() -> tuple[AnyClip, list[Any] | PictureError]:
        source, coming = waiting.popleft()
        try:
            return source, coming.result()
        except PictureError as error:
            return source, error

    try:
        for source in sources:
            waiting.append((source, pool.submit(shown, source)))
            if len(waiting) > AHEAD:
                yield first()
        while waiting:
            yield first()
    finally:
        pool.shutdown(cancel_futures=True)
