"""`bundle.json`: what a bundle says of itself. `docs/formats.md` describes every field."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast, get_args

from watchword.core.errors import BundleError
from watchword.core.types import Way
from watchword.data.played import Playing
from watchword.runtime.confidence import Calibration
from watchword.runtime.fields import Fields
from watchword.runtime.legible import refuse_illegible
from watchword.runtime.playing import playing_in

FORMAT = 1
GRAPHS = ("encoder.onnx", "start.onnx", "step.onnx")
USES = {  # what each kind of bundle is for
    "captioner": "watchword describe",
    "matcher": "watchword evaluate and align",
    "labeller": "watchword evaluate and label",
}
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_JSON_OBJECT = cast("type[dict[str, Any]]", dict)


@dataclass(frozen=True)
class Entry:
    """One file of a bundle: its SHA-256 in lower-case hexadecimal and its size in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True)
class Shapes:
    """What the encoder gives: cells (C, W'), the whole (W), and the grid (rows, columns) if cells lie in one."""

    cells: tuple[int, int]
    whole: int
    grid: tuple[int, int] | None


@dataclass(frozen=True)
class Search:
    """How the model is searched unless the caller says otherwise.

    worn: phrases of one length that are said too often; worn_cost: nats that each costs a sentence.
    """

    beam: int
    length_normalization: float
    max_words: int
    once: bool = False
    worn: tuple[str, ...] = ()
    worn_cost: float = 0.0


@dataclass(frozen=True)
class Manifest:
    """`bundle.json`, checked.

    made_by: version of watchword that wrote the bundle. settings: of the recipe. vocabulary: name of the file.
    size: height and width of the pictures that the encoder takes, in pixels.
    labels: names of the encoder's own classes, or (). scores: as the exporter measured them.
    licence: under which the model may be used, or "". regions: how it looked at those that it learnt to describe,
    "cropped" or "pooled"; None where it learnt whole photos. frames: how clips are shown to it, whose frames are its
    cells; None where it describes photos. files: every file but `bundle.json` itself.
    """

    made_by: str
    recipe: str
    settings: Mapping[str, Any]
    vocabulary: str
    size: int
    shapes: Shapes
    labels: tuple[str, ...]
    scores: Mapping[str, Any]
    licence: str
    calibration: Calibration | None
    search: Search
    regions: Way | None
    frames: Playing | None
    files: Mapping[str, Entry]

    @classmethod
    def parse(cls, data: bytes, where: str) -> "Manifest":
        """Read the bytes of `bundle.json`; `where` names it in messages.

        Raises `BundleError` for a newer format, a missing field or a value of the wrong type.
        """
        fields = Fields.parse(data, where)
        check_format(fields)
        check_kind(fields, "captioner")
        return cls(
            made_by=fields.take("watchword", str),
            recipe=fields.take("recipe", str),
            settings=fields.take("settings", _JSON_OBJECT, {}),
            vocabulary=fields.take("vocabulary", str),
            size=picture_size(fields.inside("preprocessing")),
            shapes=_shapes(fields.inside("shapes")),
            labels=_labels(fields),
            scores=fields.take("scores", _JSON_OBJECT, {}),
            licence=fields.take("licence", str, ""),
            calibration=Calibration.parse(fields.inside("calibration")) if "calibration" in fields else None,
            search=_search(fields.inside("search")),
            regions=_way(fields),
            frames=_frames(fields),
            files=files_of(fields.inside("files"), (*GRAPHS, fields.take("vocabulary", str))),
        )


def check_format(fields: Fields) -> None:
    """Refuse bundles of a format that this version does not read."""
    given = fields.take("format", int)
    if given > FORMAT:
        made_by = fields.take("watchword", str, "a newer version")
        raise BundleError(
            f"{fields.where} has format {given}, written by watchword {made_by}; this version reads up to {FORMAT}. "
            "Bring the checkout of watchword up to date, then in it: make install, or pip install ."
        )
    if given < 1:
        raise BundleError(f"{fields.where} has format {given}; formats begin at 1. Export the bundle again")


def check_kind(fields: Fields, wanted: str) -> None:
    """Refuse a bundle of another kind than the caller makes use of."""
    if (given := fields.take("kind", str, "captioner")) != wanted:
        hint = f"; it is for {USES[given]}" if given in USES else ""
        raise BundleError(f"{fields.where} is of kind {given!r}, not {wanted!r}{hint}")


def picture_size(fields: Fields) -> int:
    """Return the size of the pictures to feed; the only preprocessing known is an RGB picture squashed square."""
    for name, allowed in (("resize", "squash"), ("mode", "RGB")):
        if (given := fields.take(name, str)) != allowed:
            raise BundleError(f"{name!r} in {fields.where} is {given!r}; this version knows {allowed!r} only")
    return fields.take_count("size", most=4096)


def _shapes(fields: Fields) -> Shapes:
    """Read the shapes; a grid has as many places as there are cells."""
    cells = fields.take_list("cells", int, 2)
    (whole,) = fields.take_list("whole", int, 1)
    grid = fields.take_list("grid", int, 2) if "grid" in fields else None
    if min(*cells, whole, *(grid or (1,))) < 1:
        raise BundleError(f"{fields.where} holds a number below 1")
    if grid and grid[0] * grid[1] != cells[0]:
        raise BundleError(f"{fields.where}: a grid of {grid[0]} x {grid[1]} has not {cells[0]} cells")
    return Shapes((cells[0], cells[1]), whole, (grid[0], grid[1]) if grid else None)


def _labels(fields: Fields) -> tuple[str, ...]:
    """Read the names of the encoder's classes, () if it has none."""
    labels = fields.take_list("labels", str) if "labels" in fields else ()
    refuse_illegible(labels, f"'labels' in {fields.where}")
    return labels


def _way(fields: Fields) -> Way | None:
    """Read how the model looked at regions, where it learnt them."""
    if "regions" not in fields:
        return None
    given = fields.take("regions", str)
    if given not in get_args(Way):
        raise BundleError(f"'regions' in {fields.where} is {given!r}; this version knows {' and '.join(get_args(Way))}")
    return cast("Way", given)


def _frames(fields: Fields) -> Playing | None:
    """Read how clips are shown to the model; each of their pictures is a cell."""
    playing = playing_in(fields)
    if playing and (cells := fields.inside("shapes").take_list("cells", int, 2)[0]) != playing.count:
        raise BundleError(f"{fields.where}: clips of {playing.count} pictures have not {cells} cells")
    return playing


def _search(fields: Fields) -> Search:
    """Read the search that suits the model."""
    return Search(
        beam=fields.take_count("beam", most=1000, default=3),
        length_normalization=fields.take("length_normalization", float, 0.0),
        max_words=fields.take_count("max_words", most=1000, default=20),
        once=fields.take_flag("once"),
        worn=_worn(fields),
        worn_cost=_cost(fields),
    )


def _worn(fields: Fields) -> tuple[str, ...]:
    """Read the phrases that are said too often, all of one length."""
    phrases = fields.take_list("worn", str) if "worn" in fields else ()
    lengths = {len(phrase.split()) for phrase in phrases}
    if len(lengths) > 1 or min(lengths, default=2) < 2:
        raise BundleError(
            f"'worn' in {fields.where} holds phrases of {sorted(lengths)} words; all are of one length, 2 or more"
        )
    return tuple(phrases)


def _cost(fields: Fields) -> float:
    """Read what such a phrase costs."""
    cost = fields.take("worn_cost", float, 0.0)
    if cost < 0:
        raise BundleError(f"'worn_cost' in {fields.where} is {cost}; it is 0 or more")
    return cost


def files_of(fields: Fields, needed: Iterable[str]) -> dict[str, Entry]:
    """Read the list of files: plain names, and among them the graphs and the vocabulary."""
    for name in fields.names():
        if not _PLAIN.fullmatch(name):
            raise BundleError(f"{fields.where} names {name!r}; a bundle holds plain file names, no folders")
    for name in needed:
        if name not in fields:
            raise BundleError(f"{fields.where} does not name {name!r}; get or export the bundle again")
    return {name: _entry(fields.inside(name)) for name in fields.names()}


def _entry(fields: Fields) -> Entry:
    """Read size and hash of one file."""
    digest, size = fields.take("sha256", str), fields.take("bytes", int)
    if not _SHA256.fullmatch(digest) or size < 0:
        raise BundleError(f"{fields.where} has no SHA-256 of 64 hexadecimal digits, or a size below 0")
    return Entry(digest, size)
