"""A trained model that describes pictures."""

from collections.abc import Iterable, Iterator, Sequence, Sized
from pathlib import Path
from typing import Unpack, get_args

import numpy as np
from PIL import Image

from watchword.core.errors import BundleError, PictureError, SearchError
from watchword.core.types import Features, Sentence, Stepper, Way
from watchword.data.grids import boxes_of
from watchword.data.pictures import Part, Source, cut, open_picture
from watchword.data.vocabulary import Vocabulary
from watchword.generation.consensus import Alike
from watchword.generation.constraints import Rules
from watchword.generation.search import SearchOptions, search
from watchword.runtime.asking import Asked, alike_of, rules_and_options
from watchword.runtime.bundle import Bundle
from watchword.runtime.manifest import Manifest
from watchword.runtime.pipeline import AnySource, Decoded, decoded_batches
from watchword.runtime.regions import Region, checked, pooled
from watchword.runtime.sentences import Labels, to_sentence, top_labels
from watchword.runtime.sessions import Session, usable_cpus
from watchword.runtime.stepper import OnnxStepper

BATCH = 32
# The encoder is run on a few pictures at a time: what it computes on the way then stays in the processor's
# cache (a quarter less time than 32 at once) and in a fifth of the memory.
ENCODED_TOGETHER = 4
Said = tuple[AnySource, Sentence | PictureError]
SaidN = tuple[AnySource, list[Sentence] | PictureError]


class Captioner:
    """Pictures in, sentences out. May be used from several threads at once.

    name: the shipped model's, or the path it was loaded from. manifest: what the bundle says of itself.
    stepper: the decoder as search sees it. threads: how many compute and decode.

    Every way to describe takes the named arguments of `runtime.asking.Asked` (beam, sample, max_words,
    must_include and so on); what is left out is as the bundle says. `batch` is how many pictures are
    computed together. Arguments that make no sense raise `SearchError`.
    """

    def __init__(self, bundle: Bundle, threads: int | None = None) -> None:
        """Make the model of an open bundle run; `threads` is every usable processor unless given."""
        self.name = bundle.name
        self.manifest: Manifest = bundle.manifest
        self.vocabulary: Vocabulary = bundle.vocabulary
        self.threads = threads or usable_cpus()
        encoder, start, step = (Session(name, graph, self.threads) for name, graph in bundle.graphs.items())
        self._encoder = encoder
        self._fetches = [*Features._fields, *(["label_probs"] if self.manifest.labels else [])]
        self._check_encoder()
        self.stepper: Stepper = OnnxStepper(start, step, len(bundle.vocabulary))

    @classmethod
    def load(cls, model: str | Path = "small", threads: int | None = None) -> "Captioner":
        """Return the model called `model`: one that ships, or the path of a bundle (folder or .zip).

        Raises `BundleError` if it is missing, damaged, hostile or from a newer version.
        """
        return cls(Bundle.open(model), threads)

    def describe(self, images: Iterable[Source], *, batch: int = BATCH, **asked: Unpack[Asked]) -> list[Sentence]:
        """Return one sentence for each picture: paths, bytes, PIL images or arrays.

        Raises `PictureError`, which says which picture it is about, for the first that cannot be opened, and
        `TypeError` for a picture that is in no list.
        """
        _refuse_n(asked, "describe_n")
        return [said[0] for said in self.describe_n(images, 1, batch=batch, **asked)]

    def describe_n(
        self, images: Iterable[Source], n: int, *, batch: int = BATCH, **asked: Unpack[Asked]
    ) -> list[list[Sentence]]:
        """Return the `n` best sentences of each picture, best first (fewer if there are no more).

        Raises `PictureError` and `TypeError` as `describe` does.
        """
        rows = []
        for number, (_, said) in enumerate(self.describe_many_n(images, n, batch=batch, **asked), start=1):
            if isinstance(said, PictureError):
                raise PictureError(f"{_which(number, images)}{said}") from said
            rows.append(said)
        return rows

    def describe_many(
        self, sources: Iterable[AnySource], *, batch: int = BATCH, **asked: Unpack[Asked]
    ) -> Iterator[Said[AnySource]]:
        """Yield each source, in order, with its sentence, or with what is wrong with it; that stops nothing.

        Memory is bounded however many sources there are: the next batch is decoded while this one is
        computed, and no source beyond it is asked for.
        """
        _refuse_n(asked, "describe_many_n")
        rows = self.describe_many_n(sources, 1, batch=batch, **asked)
        return ((source, said if isinstance(said, PictureError) else said[0]) for source, said in rows)

    def describe_many_n(
        self, sources: Iterable[AnySource], n: int, *, batch: int = BATCH, **asked: Unpack[Asked]
    ) -> Iterator[SaidN[AnySource]]:
        """Yield each source with its `n` best sentences, best first; otherwise as `describe_many`."""
        _refuse_single(sources)
        if batch < 1:
            raise SearchError(f"batch={batch}: 1 picture at a time or more")
        rules, options = rules_and_options(asked, n, self.manifest.search, self.vocabulary)
        alike = alike_of(asked, self.vocabulary)
        return self._described(decoded_batches(sources, self.manifest.size, batch, self.threads), rules, options, alike)

    def describe_regions(
        self,
        image: Source,
        boxes: Sequence[Sequence[float]] | np.ndarray | None = None,
        *,
        way: Way | None = None,
        batch: int = BATCH,
        **asked: Unpack[Asked],
    ) -> list[Region]:
        """Return a sentence for each box of one picture, in order; `runtime.regions.telling` leaves out repetitions.

        boxes: (R, 4), x0, y0, x1, y1 as fractions of width and height; None for a grid of 19. way: "cropped", each
            looked at by itself, or "pooled", all by one look at the picture; None as the model learnt, else cropped.

        Raises `PictureError` as `describe`, `DataError` for what is no box, `BundleError` for a model whose cells
        cannot be pooled, `SearchError` for another way.
        """
        _refuse_n(asked, "describe_n, with `data.pictures.Part` for pictures")
        given = boxes_of() if boxes is None else checked(boxes)
        way = way or self.manifest.regions or "cropped"
        if way not in get_args(Way):
            raise SearchError(f"way={way!r}: {' or '.join(get_args(Way))}")
        if batch < 1:
            raise SearchError(f"batch={batch}: 1 region at a time or more")
        rules, options = rules_and_options(asked, 1, self.manifest.search, self.vocabulary)
        alike, draws = alike_of(asked, self.vocabulary), np.random.default_rng(options.seed)
        size = self.manifest.size
        pixels = open_picture(image, size if way == "pooled" else None)
        found: list[Sentence] = []
        for part in (given[place : place + batch] for place in range(0, len(given), batch)):
            if way == "pooled":
                said = self._say(pixels[None], rules, options, draws, alike, part)
            else:
                crops = np.stack([cut(pixels, box, size) for box in part.tolist()])
                said = self._say(crops, rules, options, draws, alike)
            found += [sentences[0] for sentences in said]
        return [Region(tuple(box), sentence) for box, sentence in zip(given.tolist(), found, strict=True)]

    def encode(self, pixels: np.ndarray, boxes: np.ndarray | None = None) -> tuple[Features[np.ndarray], list[Labels]]:
        """Return the features of pixels (B, size, size, 3) uint8 RGB, B >= 1, and each picture's likeliest labels.

        boxes: (R, 4) of one picture; then features are of these (R, ...), pooled, and there are no labels.
        """
        if boxes is not None:
            features, _ = self.encode(pixels)
            return pooled(features, self.manifest.shapes.grid, boxes), [()] * len(boxes)
        parts = [
            self._encoder.run(self._fetches, {"pixels": pixels[place : place + ENCODED_TOGETHER]})
            for place in range(0, len(pixels), ENCODED_TOGETHER)
        ]
        features = Features(*(np.concatenate([part[name] for part in parts]) for name in Features._fields))
        if not self.manifest.labels:
            return features, [()] * len(pixels)
        return features, [top_labels(row, self.manifest.labels) for part in parts for row in part["label_probs"]]

    def look(
        self, pixels: np.ndarray, boxes: np.ndarray | None = None
    ) -> tuple[Stepper, Features[np.ndarray], list[Labels]]:
        """Return decoder and features as `encode` does, ready for a search, and the labels."""
        return self.stepper, *self.encode(pixels, boxes)

    def _described(
        self, batches: Iterator[list[Decoded[AnySource]]], rules: Rules, options: SearchOptions, alike: Alike | None
    ) -> Iterator[SaidN[AnySource]]:
        """Describe batch by batch; pictures that could not be opened pass through."""
        draws = np.random.default_rng(options.seed)
        for rows in batches:
            pixels = [picture for _, picture in rows if isinstance(picture, np.ndarray)]
            said = iter(self._say(np.stack(pixels), rules, options, draws, alike) if pixels else ())
            for source, picture in rows:
                yield source, picture if isinstance(picture, PictureError) else next(said)

    def _say(
        self,
        pixels: np.ndarray,
        rules: Rules,
        options: SearchOptions,
        draws: np.random.Generator,
        alike: Alike | None,
        boxes: np.ndarray | None = None,
    ) -> list[list[Sentence]]:
        """Return the sentences of each of B pictures, pixels (B, size, size, 3), or of boxes (R, 4) of one."""
        stepper, features, labels = self.look(pixels, boxes)
        found = search(stepper, features, rules, options, draws, alike)
        return [
            [to_sentence(hypothesis, self.vocabulary, row, self.manifest.calibration) for hypothesis in hypotheses]
            for hypotheses, row in zip(found, labels, strict=True)
        ]

    def _check_encoder(self) -> None:
        """Refuse an encoder whose outputs are not those that the manifest declares."""
        self._encoder.demand(["pixels"], self._fetches)
        shapes, names = self.manifest.shapes, self.manifest.labels
        declared = {"cells": shapes.cells, "whole": (shapes.whole,), "label_probs": (len(names),)}
        for name in set(self._fetches) & declared.keys():
            given = self._encoder.outputs[name][1:]
            if any(isinstance(g, int) and g != d for g, d in zip(given, declared[name], strict=False)):
                raise BundleError(f"encoder.onnx gives {name} of shape {given}; bundle.json declares {declared[name]}")


def _refuse_single(images: object) -> None:
    """Raise `TypeError` for one picture in the place of a list; its bytes, letters or rows would be taken for many."""
    rows = isinstance(images, np.ndarray) and images.ndim < 4
    if rows or isinstance(images, str | bytes | Path | Image.Image | Part):
        raise TypeError("images is a list of pictures; put a single one in a list: describe([picture])")


def _refuse_n(asked: Asked, instead: str) -> None:
    """Raise `TypeError` for an `n` where one sentence is given, and name the method that gives more."""
    if "n" in asked:
        raise TypeError(f"no argument 'n' here, which gives one sentence a picture; for more: {instead}(images, n)")


def _which(number: int, images: Iterable[Source]) -> str:
    """Return which picture it was, to stand before what is wrong with it; nothing where there is only one."""
    if not isinstance(images, Sized):
        return f"picture {number}: "
    return f"picture {number} of {len(images)}: " if len(images) > 1 else ""
