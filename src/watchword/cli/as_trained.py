"""Captioners that no bundle holds: PyTorch says what they say, of what their trunk sees as in training."""

import math
import shutil
import tempfile
import weakref
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
from rich.console import Console

from watchword import __version__
from watchword.cli.views import Views
from watchword.core.types import Example, Features, Stepper
from watchword.data.played import watched
from watchword.recipes.base import described, rebuild
from watchword.runtime.captioner import Captioner
from watchword.runtime.manifest import Manifest, Search, Shapes
from watchword.runtime.pipeline import AnySource, Decoded
from watchword.runtime.sentences import Labels
from watchword.runtime.sessions import usable_cpus
from watchword.training.model import CaptioningModel
from watchword.training.settings import Captioning
from watchword.training.stepper import TorchStepper


class AsTrained(Captioner):
    """Describes the photos or clips of given rows, and no others.

    Its encoder proposes regions photo by photo, or reads features from files; so what is decoded of a source is what
    the trunk sees of it, in place of pixels.
    """

    def __init__(self, checkpoint: Path, rows: Sequence[Example], features: Path, console: Console) -> None:
        """Open a checkpoint. features: where imported ones are kept; others are computed now, and kept nowhere.

        Raises `DataError` where rows have no features.
        """
        rows = [row for row in rows if row.path]
        recipe, settings, about = described(checkpoint)
        model, self.vocabulary, _ = rebuild(checkpoint)
        assert isinstance(settings, Captioning)
        assert isinstance(model, CaptioningModel)
        self.name, self.threads, self._model = str(checkpoint), usable_cpus(), model
        encoder = model.encoder
        self.manifest = Manifest(
            made_by=__version__,
            recipe=recipe.name,
            settings=about["settings"],
            vocabulary="vocabulary.txt",
            size=encoder.size,
            shapes=Shapes((math.prod(encoder.grid), encoder.cells_width), encoder.whole_width, encoder.grid),
            labels=(),
            scores=about.get("scores") or {},
            licence="",
            calibration=None,
            search=Search(settings.beam, 0.0, settings.max_words),
            regions=None,
            frames=None,
            files={},
        )
        self.stepper: Stepper = TorchStepper(model.decoder)
        kept = features
        if encoder.looks:
            kept = Path(tempfile.mkdtemp())
            weakref.finalize(self, shutil.rmtree, kept, ignore_errors=True)
        self._seen = Views(encoder, kept, console, about.get("regions", "cropped")).of(rows, 1)
        self._places = {watched(row): place for place, row in enumerate(rows)}

    def decoded(self, sources: Iterable[AnySource], batch: int) -> Iterator[list[Decoded[AnySource]]]:
        """Yield sources with what the trunk saw of them."""
        waiting = iter(sources)
        while some := list(islice(waiting, batch)):
            places = np.array([self._places[source] for source in some])  # type: ignore[index]
            yield list(zip(some, self._seen(places), strict=True))

    def encode(self, pixels: np.ndarray, boxes: np.ndarray | None = None) -> tuple[Features[np.ndarray], list[Labels]]:
        """Return the features of what the trunk saw (B, …); there are no labels."""
        return self._model.features(pixels), [()] * len(pixels)
