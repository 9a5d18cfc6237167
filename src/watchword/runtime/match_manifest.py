"""`bundle.json` of a matcher: what it says besides what every bundle says. `docs/formats.md` describes every field."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from watchword.core.errors import BundleError
from watchword.runtime.fields import Fields
from watchword.runtime.manifest import Entry, check_format, check_kind, files_of, picture_size
from watchword.runtime.match_calibration import Calibration
from watchword.runtime.sharing import Shared, shared_in

ENCODER, GRAPHS = "encoder.onnx", ("regions.onnx", "words.onnx")
BOXES, BANKS = "boxes.onnx", ("photo_bank.onnx", "sentence_bank.onnx")  # which may be absent
_JSON_OBJECT = cast("type[dict[str, Any]]", dict)


@dataclass(frozen=True)
class MatchManifest:
    """`bundle.json` of a matcher, checked.

    recipe, settings, vocabulary, size, scores, licence, files: as `Manifest` has them.
    encoder: the model whose encoder it looks with, and the SHA-256 of that graph, or None where it has its own.
    boxes: of its R regions, each (x0, y0, x1, y1) as shares of width and height; the first is the whole picture.
    width: D, of the vectors. averaged: a word's vector is divided by how many the sentence has.
    max_words: a longer sentence is cut. calibration: of what a search scores, or None.
    """

    recipe: str
    settings: Mapping[str, Any]
    vocabulary: str
    size: int
    encoder: Shared | None
    boxes: tuple[tuple[float, ...], ...]
    width: int
    averaged: bool
    max_words: int
    calibration: Calibration | None
    scores: Mapping[str, Any]
    licence: str
    files: Mapping[str, Entry]

    @classmethod
    def parse(cls, data: bytes, where: str) -> "MatchManifest":
        """Read the bytes of `bundle.json`; `where` names it in messages. Raises `BundleError`."""
        fields = Fields.parse(data, where)
        check_format(fields)
        check_kind(fields, "matcher")
        vocabulary, encoder = fields.take("vocabulary", str), shared_in(fields)
        own, averaged = () if encoder else (ENCODER,), fields.take_flag("averaged")
        return cls(
            recipe=fields.take("recipe", str),
            settings=fields.take("settings", _JSON_OBJECT, {}),
            vocabulary=vocabulary,
            size=picture_size(fields.inside("preprocessing")),
            encoder=encoder,
            boxes=_boxes(fields),
            width=fields.take_count("width", most=1 << 16),
            averaged=averaged,
            max_words=fields.take_count("max_words", most=1000, default=20),
            calibration=_calibration(fields, averaged=averaged),
            scores=fields.take("scores", _JSON_OBJECT, {}),
            licence=fields.take("licence", str, ""),
            files=files_of(fields.inside("files"), (*own, *GRAPHS, vocabulary)),
        )


def _calibration(fields: Fields, *, averaged: bool) -> Calibration | None:
    """Read the calibration, where there is one."""
    return Calibration.parse(fields.inside("calibration"), averaged=averaged) if "calibration" in fields else None


def _boxes(fields: Fields) -> tuple[tuple[float, ...], ...]:
    """Read the boxes; each lies inside the picture and holds something of it."""
    boxes = []
    for box in fields.take_list("boxes", cast("type[list[Any]]", list)):
        numbers = Fields({"box": box}, f"'boxes' in {fields.where}").take_list("box", float, 4)
        x0, y0, x1, y1 = numbers
        if not (0 <= x0 < x1 <= 1 and 0 <= y0 < y1 <= 1):
            raise BundleError(
                f"'boxes' in {fields.where} holds {list(numbers)}; a box is x0 < x1, y0 < y1, from 0 to 1"
            )
        boxes.append(numbers)
    if not boxes:
        raise BundleError(f"'boxes' in {fields.where} is empty; the whole picture is one region, at least")
    return tuple(boxes)
