"""A trained model that describes pictures, or clips."""

from collections.abc import Iterable, Iterator, Sequence, Sized
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Unpack, get_args

import numpy as np
from PIL import Image

from watchword.core.errors import BundleError, DataError, PictureError, SearchError
from watchword.core.types import Features, Sentence, Stepper, Way
from watchword.data.clips.files import is_clip
from watchword.data.grids import boxes_of
from watchword.data.pictures import Part, Source, cut, open_picture
from watchword.data.played import Clip, Playing, Watched
from watchword.data.vocabulary import Vocabulary
from watchword.generation.consensus import Alike
from watchword.generation.constraints import Rules
from watchword.generation.ensemble import Bound, Ensemble
from watchword.generation.search import SearchOptions, search
from watchword.runtime.asking import Asked, alike_of, rules_and_options
from watchword.runtime.bundle import Bundle
from watchword.runtime.manifest import Manifest
from watchword.runtime.pipeline import AnySource, Decoded, decoded_batches
from watchword.runtime.regions import Region, checked, pooled
from watchword.runtime.sentences import Labels, to_sentence, top_labels
from watchword.runtime.sessions import Session, usable_cpus
from watchword.runtime.stepper import OnnxStepper

if TYPE_CHECKING:
    from watchword.runtime.segments import Segment
    from watchword.runtime.timeline import Labelling

BATCH = 32
# The encoder is run on a few pictures at a time: what it computes on the way then stays in the processor's
# cache (a quarter less time than 32 at once) and in a fifth of the memory.
ENCODED_TOGETHER = 4
FRAMES_TOGETHER = 512  # of clips, decoded at a time: 77 MB of pixels
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
        seen = ["whole"] if self.manifest.frames else Features._fields  # frames are looked at one by one, and joined
        self._fetches = [*seen, *(["label_probs"] if self.manifest.labels else [])]
        self._check_encoder()
        self.stepper: Stepper = OnnxStepper(start, step, len(bundle.vocabulary))

    @classmethod
    def load(cls, model: str | Path = "small", threads: int | None = None) -> "Captioner":
        """Return the model called `model`: one that ships, or the path of a bundle (folder or .zip).

        Raises `BundleError` if it is missing, damaged, hostile or from a newer version.
        """
        return cls(Bundle.open(model), threads)

    def describe(self, images: Iterable[Watched], *, batch: int = BATCH, **asked: Unpack[Asked]) -> list[Sentence]:
        """Return one sentence for each picture: paths, bytes, PIL images or arrays.

        A model of clips (`manifest.frames`) takes paths of clips, `data.played.Clip`s, lists of frames and arrays
        (N, H, W, 3), too; to it a photo is a clip that stands still. A model of photos is shown the middle frame.

        Raises `PictureError`, which says which picture it is about, for the first that cannot be opened, and
        `TypeError` for a picture that is in no list.
        """
        _refuse_n(asked, "describe_n")
        return [said[0] for said in self.describe_n(images, 1, batch=batch, **asked)]

    def describe_n(
        self, images: Iterable[Watched], n: int, *, batch: int = BATCH, **asked: Unpack[Asked]
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
        return self._described(self.decoded(sources, batch), rules, options, alike)

    def decoded(self, sources: Iterable[AnySource], batch: int) -> Iterator[list[Decoded[AnySource]]]:
        """Yield sources with their pixels: of a model of photos (size, size, 3), of clips (T, size, size, 3)."""
        playing, size = self.manifest.frames, self.manifest.size
        if playing is None:
            return decoded_batches(sources, size, batch, self.threads, one_picture)
        few = max(1, min(batch, FRAMES_TOGETHER // playing.count))
        return decoded_batches(sources, size, few, self.threads, playing)

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
        if self.manifest.frames:
            raise BundleError(f"{self.name!r} describes clips, whose cells are frames; regions are of photos")
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

    def describe_together(self, images: Sequence[Source], **asked: Unpack[Asked]) -> Sentence:
        """Return one sentence of several pictures of the same, such as frames of a clip.

        Each word is chosen by the product of what each picture makes of it, so that a word which one of them all but
        rules out is not said. Labels are those of the middle one. The confidence is what single pictures taught.

        Raises `PictureError` for the first that cannot be opened, `TypeError` for a picture that is in no list.
        """
        _refuse_single(images)
        _refuse_n(asked, "describe_n, of single pictures")
        rules, options = rules_and_options(asked, 1, self.manifest.search, self.vocabulary)
        looked = [self.look(open_picture(image, self.manifest.size)[None]) for image in images]
        if not looked:
            raise DataError("no picture to describe; give one or more")
        together = Ensemble([Bound(stepper, features) for stepper, features, _ in looked], "log_probabilities")
        (found,) = search(together, looked[0][1], rules, options, None, alike_of(asked, self.vocabulary))
        labels = looked[len(looked) // 2][2][0]
        return to_sentence(found[0], self.vocabulary, labels, self.manifest.calibration)

    def describe_clip(
        self,
        path: str | Path,
        *,
        per_second: float = 2.0,
        labeller: "Labelling | None" = None,
        **asked: Unpack[Asked],
    ) -> list["Segment"]:
        """Return what is said of a clip over time, in order; `runtime.timeline.timeline` gives it piece by piece.

        per_second: frames looked at. labeller: a `runtime.labeller.Labeller`, which names what is done in each segment.
        Raises `ClipError`, which names the file, where it cannot be played to its end.
        """
        from watchword.runtime.timeline import timeline

        _refuse_n(asked, "describe_n, with frames for pictures")
        segments = timeline(self, path, per_second=per_second, labeller=labeller, **asked)
        return [replace(segment, frame=None) for segment in segments]

    def encode(self, pixels: np.ndarray, boxes: np.ndarray | None = None) -> tuple[Features[np.ndarray], list[Labels]]:
        """Return the features of pixels (B, size, size, 3) uint8 RGB, B >= 1, and each picture's likeliest labels.

        A model of clips takes their frames (B, T, size, size, 3), and makes a clip that stands still of a picture.
        boxes: (R, 4) of one picture; then features are of these (R, ...), pooled, and there are no labels.
        """
        if boxes is not None:
            features, _ = self.encode(pixels)
            return pooled(features, self.manifest.shapes.grid, boxes), [()] * len(boxes)
        playing = self.manifest.frames
        pictures = pixels.reshape(-1, *pixels.shape[-3:])
        parts = [
            self._encoder.run(self._fetches, {"pixels": pictures[place : place + ENCODED_TOGETHER]})
            for place in range(0, len(pictures), ENCODED_TOGETHER)
        ]
        seen = {name: np.concatenate([part[name] for part in parts]) for name in self._fetches}
        if playing:
            seen = {name: stacked(rows, len(pixels), playing.count) for name, rows in seen.items()}
            cells = seen["whole"]
            features = Features(cells.mean(1), cells, np.ones(cells.shape[:2], bool))
        else:
            features = Features(*(seen[name] for name in Features._fields))
        if not self.manifest.labels:
            return features, [()] * len(pixels)
        said = seen["label_probs"].mean(1) if playing else seen["label_probs"]
        return features, [top_labels(row, self.manifest.labels) for row in said]

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


def one_picture(source: Watched, size: int) -> np.ndarray:
    """Return the pixels (size, size, 3) of a picture, or of the middle frame of a clip."""
    if isinstance(source, Clip) or (isinstance(source, str | Path) and is_clip(source)):
        return Playing(1)(source, size)[0]
    return open_picture(source, size)  # type: ignore[arg-type]  # which refuses a list of frames


def stacked(rows: np.ndarray, clips: int, count: int) -> np.ndarray:
    """Return rows of frames (B T, ...) clip by clip (B, T, ...); where there is one a clip, it stands still."""
    each = rows.reshape(clips, -1, *rows.shape[1:])
    return np.repeat(each, count, 1) if each.shape[1] == 1 else each


def _refuse_single(images: object) -> None:
    """Raise `TypeError` for one picture in the place of a list; its bytes, letters or rows would be taken for many."""
    rows = isinstance(images, np.ndarray) and images.ndim < 4
    if rows or isinstance(images, str | bytes | Path | Image.Image | Part | Clip):
        raise TypeError("images is a list of pictures; put a single one in a list: describe([picture])")


def _refuse_n(asked: Asked, instead: str) -> None:
    """Raise `TypeError` for an `n` where one sentence is given, and name the method that gives more."""
    if "n" in asked:
        raise TypeError(f"no argument 'n' here, which gives one sentence a picture; for more: {instead}(images, n)")


def _which(number: int, images: Iterable[Watched]) -> str:
    """Return which picture it was, to stand before what is wrong with it; nothing where there is only one."""
    if not isinstance(images, Sized):
        return f"picture {number}: "
    return f"picture {number} of {len(images)}: " if len(images) > 1 else ""
