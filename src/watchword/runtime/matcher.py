"""A trained model that matches sentences with pictures and their regions."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from watchword.core.boxes import are_boxes, gathered
from watchword.core.errors import BundleError, DataError, PictureError
from watchword.core.snippets import Snippet
from watchword.core.types import Arrays, Looked, Read
from watchword.data.pictures import Source
from watchword.data.vocabulary import Vocabulary
from watchword.data.words import tokenize
from watchword.runtime.aligning import Named, snippets_of
from watchword.runtime.bundle import contents, shared_encoder, vocabulary_of
from watchword.runtime.captioner import BATCH, ENCODED_TOGETHER
from watchword.runtime.match_calibration import Calibration
from watchword.runtime.match_manifest import BANKS, BOXES, ENCODER, GRAPHS, MatchManifest
from watchword.runtime.pipeline import AnySource, decoded_batches
from watchword.runtime.rarity import rarity
from watchword.runtime.sessions import Session, usable_cpus

SEEN = ("whole", "cells", "mask")


class Matcher:
    """Pictures and sentences as vectors of one space. May be used from several threads at once.

    name: the shipped model's, or the path it was loaded from. manifest: what the bundle says of itself.
    size: height and width of the pictures it takes. width: D. boxes: (R, 4), of the regions.
    key: a hash of what the vectors depend on.
    """

    def __init__(self, model: str | Path, threads: int | None = None) -> None:
        """Open the bundle `model`: one that ships, or a folder or .zip. `BundleError` if it is missing or damaged."""
        self.manifest, files, _ = contents(model, MatchManifest.parse)
        self.name, self.threads = str(model), threads or usable_cpus()
        self.vocabulary: Vocabulary = vocabulary_of(files[self.manifest.vocabulary], self.name)
        encoder = shared_encoder(*self.manifest.encoder) if self.manifest.encoder else files[ENCODER]
        self.key = hashlib.sha256(
            b"".join(
                [
                    encoder,
                    *(files[name] for name in (*GRAPHS, BANKS[1]) if name in files),
                    files[self.manifest.vocabulary],
                ]
            )
        ).hexdigest()[:16]
        self.size, self.width = self.manifest.size, self.manifest.width
        self.boxes = np.array(self.manifest.boxes, np.float32)
        self._encoder = Session(ENCODER, encoder, self.threads)
        self._regions, self._words = (Session(name, files[name], self.threads) for name in GRAPHS)
        self._encoder.demand(["pixels"], SEEN)
        self._regions.demand([], ["vectors"])
        self._words.demand(["words", "mask"], ["vectors"])
        self._boxes = Session(BOXES, files[BOXES], 1) if BOXES in files else None
        if self._boxes:
            self._boxes.demand(["similarities", "words", "regions"], ["boxes"])
        self._banks = [Session(name, files[name], 1) for name in BANKS if name in files]
        if len(self._banks) == 1:
            raise BundleError(f"{self.name} has one of {' and '.join(BANKS)} without the other; export it again")
        for bank, given in zip(self._banks, ("words", "vectors"), strict=False):
            bank.demand([given], ["hubness"])

    @property
    def calibration(self) -> Calibration | None:
        """What tells a search how probable it is that a photo fits; None where the bundle was not calibrated."""
        return self.manifest.calibration

    def look(self, pictures: Sequence[Source]) -> list[Looked]:
        """Return the regions of pictures: paths, bytes, PIL images or arrays.

        Raises `PictureError` for the first that cannot be opened.
        """
        rows = []
        for _, looked in self.look_many(pictures):
            if isinstance(looked, PictureError):
                raise looked
            rows.append(looked)
        return rows

    def look_many(
        self, sources: Iterable[AnySource], *, batch: int = BATCH
    ) -> Iterator[tuple[AnySource, Looked | PictureError]]:
        """Yield each source, in order, with what was seen of it, or with what is wrong with it; that stops nothing."""
        for rows in decoded_batches(sources, self.size, batch, self.threads):
            pixels = [picture for _, picture in rows if isinstance(picture, np.ndarray)]
            seen = iter(self._look(np.stack(pixels)) if pixels else ())
            for source, picture in rows:
                yield source, picture if isinstance(picture, PictureError) else next(seen)

    def _look(self, pixels: np.ndarray) -> Iterator[Looked]:
        """Yield the regions of pixels (B, size, size, 3)."""
        for first in range(0, len(pixels), ENCODED_TOGETHER):
            seen = self._encoder.run(SEEN, {"pixels": pixels[first : first + ENCODED_TOGETHER]})
            wanted = {name: value for name, value in seen.items() if name in self._regions.inputs}
            vectors = self._regions.run(["vectors"], wanted)["vectors"]
            if vectors.shape[1:] != (len(self.boxes), self.width):
                raise BundleError(
                    f"{self.name}: regions.onnx gives {vectors.shape[1:]}; bundle.json declares {len(self.boxes)} "
                    f"boxes and a width of {self.width}"
                )
            hubness = self._hubness(1, {"vectors": vectors}, len(vectors))
            yield from (Looked(row, self.boxes, each) for row, each in zip(vectors, hubness, strict=True))

    def read(self, sentences: Sequence[str]) -> list[Read]:
        """Return the words of sentences and their vectors; a word that is not known counts as the unknown one.

        Raises `DataError` for what is no text.
        """
        for text in sentences:
            if not isinstance(text, str):
                raise DataError(f"{text!r} is no text; give a sentence, as in 'a dog in the snow'")
        return [self._read(tokenize(text)) for text in sentences]

    def _read(self, said: list[str]) -> Read:
        """Return the first words of a sentence and their vectors."""
        words, unread = said[: self.manifest.max_words], tuple(said[self.manifest.max_words :])
        if not words:
            return Read((), np.zeros((0, self.width), np.float32))
        feeds = {"words": np.array([self.vocabulary.encode(words)]), "mask": np.ones((1, len(words)), bool)}
        vectors = self._words.run(["vectors"], feeds)["vectors"][0]
        (hubness,) = self._hubness(0, {"words": vectors}, 1)
        return Read(tuple(words), vectors, rarity(words, self.vocabulary), hubness, unread)

    def _hubness(self, bank: int, feeds: Arrays, count: int) -> list[float]:
        """Return how well each of so many sentences or photos fits what is in a bank; 0 where there is none."""
        if not self._banks:
            return [0.0] * count
        found = self._banks[bank].run(["hubness"], feeds)["hubness"]
        if found.size != count or not np.isfinite(found).all():
            raise BundleError(f"{self.name}: {BANKS[bank]} gives {found.shape}, or what is no number; export it again")
        return [float(each) for each in found.ravel()]

    @property
    def has_banks(self) -> bool:
        """Whether what fits everything is told from what fits one photo."""
        return bool(self._banks)

    def similarities(self, read: Read, looked: Looked) -> np.ndarray:
        """Return how alike each word and each region are (T, R): dot products, or cosines where it learnt with them."""
        times = len(read.vectors) if self.manifest.averaged else 1
        return times * (read.vectors @ looked.vectors.T)

    def boxes_of(self, read: Read, looked: Looked, runs: Sequence[Snippet]) -> np.ndarray:
        """Return the boxes (N, 4) float32 of runs of words: drawn for them where the bundle learnt to, else that of
        each one's region. Of drawn ones those that nearly coincide are one, see `core.boxes.gathered`.
        """
        if self._boxes is None or not runs or len(read.vectors) != len(read.words):
            return looked.boxes[[run.region for run in runs]]
        words = np.stack([read.vectors[run.first : run.end].sum(0) for run in runs])
        regions = np.repeat(looked.vectors[None], len(runs), 0)
        feeds = {"similarities": words @ looked.vectors.T, "words": words, "regions": regions}
        found = self._boxes.run(["boxes"], feeds)["boxes"]
        if found.shape != (len(runs), 4) or not are_boxes(found):
            raise BundleError(
                f"{self.name}: boxes.onnx gives what are no boxes, {found.shape}; export the bundle again"
            )
        return gathered(found)

    @property
    def draws_boxes(self) -> bool:
        """Whether boxes are drawn for words, rather than chosen among the regions."""
        return self._boxes is not None

    def align(self, image: Source, sentence: str, beta: float = 0.0) -> list[Named]:
        """Return the runs of words of a sentence in order, each with the box of the picture that it names.

        beta: what two neighbouring words in the same region are worth, 0 or more; see `core.smoothing.aligned`.
        Raises `PictureError` for a picture that cannot be opened, `DataError` for a sentence without a word.
        """
        return snippets_of(self, image, sentence, beta)
