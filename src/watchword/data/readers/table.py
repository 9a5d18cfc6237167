"""Tables of path and sentence: CSV with a heading, JSON Lines, or a JSON list of objects.

    path,sentence,split
    a.jpg,A dog runs.,train
    a.jpg,A brown dog is running.,train

Rows of one photo are one example with several sentences; a field may also hold a list of them. Of rows with a "box"
those of one box are, and boxes that are nearly the same (`regions`). Of rows of clips with "start" and "end" (seconds)
those of one stretch are.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from watchword.core.errors import DataError
from watchword.core.types import Example
from watchword.data.clips.files import is_clip
from watchword.data.readers.box_fields import Box, fractions_of
from watchword.data.readers.clip_files import clip_file
from watchword.data.readers.faults import Faults, NoPhoto
from watchword.data.readers.fields import (
    LABELS,
    Record,
    first_of,
    is_record,
    labels_of,
    photo_folder,
    raw_sentence,
    split_of,
    text_of,
    the_rest,
)
from watchword.data.readers.span_fields import SPAN, Span, span_of

PATHS = (
    "path",
    "filename",
    "file_name",
    "image",
    "image_name",
    "image_path",
    "filepath",
    "file",
    "img",
    "video",
    "clip",
)
IDS = ("image_id", "video_id", "id")  # `id` last: beside another it is the number of the sentence
SENTENCES = ("sentence", "sentences", "caption", "captions", "text", "comment", "raw", "description")


@dataclass
class _Gathered:
    """What the rows of one photo say together: the first row's fields, and everyone's sentences."""

    record: Record
    where: str
    split: str
    box: Box | None = None
    span: Span | None = None
    sentences: list[str] = field(default_factory=list)


def read_table(rows: Iterable[tuple[str, Any]], source: Path, images: Path | None, faults: Faults) -> Iterator[Example]:
    """Return the examples of rows, each with its place in `source`, in the order in which their photos first come.

    A row needs a path (`PATHS`) or, without photo, an id or nothing; and a sentence (`SENTENCES`) or a label.
    It may have: id, split, weight, box (x0, y0, x1, y1 as fractions of the photo), start and end (seconds of a clip).
    What else it has goes to `extra`. An empty cell is an empty sentence. Raises `DataError` naming a row that is amiss.
    """
    gathered: dict[str, _Gathered] = {}
    for place, row in rows:
        with faults:
            _gather(row, place, f"{source}, {place}", gathered)
    paths = (text_of(each.record, PATHS) for each in gathered.values())
    folder = photo_folder(source, images, (path for path in paths if path))
    examples = _examples(gathered, folder, faults)
    if all(each.box is None for each in gathered.values()):
        return examples
    from watchword.data.readers.regions import joined  # which reads tables, too

    return joined(examples)


def _examples(gathered: dict[str, _Gathered], folder: Path, faults: Faults) -> Iterator[Example]:
    """Yield what was gathered, and note which rows name no photo."""
    for key, each in gathered.items():
        with faults:
            example = _example(each, key, folder)
            if example.path is None and (columns := [column for column in PATHS if column in each.record]):
                message = f"{each.where}: {columns[0]!r} is empty; name its photo there, or leave the row out"
                faults.note(NoPhoto(message, example.id))
            yield example


def _example(gathered: _Gathered, key: str, folder: Path) -> Example:
    """Return what the rows of one photo, or of one id, say together."""
    record = gathered.record
    name = text_of(record, PATHS)
    used = [*(["box"] if gathered.box else []), *(SPAN if gathered.span else [])]
    return Example(
        id=id_of(record) or (_stretch(name, gathered.span) if gathered.box and name else key),
        path=_path(folder, name),
        sentences=tuple(gathered.sentences),
        labels=labels_of(record),
        split=gathered.split,
        weight=_weight(record, gathered.where),
        extra=the_rest(record, (*PATHS, *SENTENCES, *IDS, "weight", *used)),
        box=gathered.box,
        span=gathered.span,
    )


def _gather(row: Any, place: str, where: str, gathered: dict[str, _Gathered]) -> None:
    """Add a row to those of its photo; without photo, to those of its id."""
    record = {str(name).strip(): value for name, value in is_record(row, where).items()}
    check_columns(record, where)
    key = text_of(record, PATHS) or id_of(record) or place
    split, said = split_of(record, where), _sentences(record, where)
    box = fractions_of(record["box"], where) if record.get("box") not in (None, "") else None
    span = span_of(record, text_of(record, PATHS), where)
    # A box of one photo, or a stretch of one clip, may be said of in several rows, as the photo may.
    key = " ".join([_stretch(key, span), *([str(box)] if box else [])])
    first = gathered.setdefault(key, _Gathered(record, where, split, box, span))
    if record.get("split") and split != first.split:
        raise DataError(f"{where}: {key!r} is in split {split!r}, but in {first.split!r} at {first.where}; choose one")
    first.sentences.extend(said)


def _stretch(name: str, span: Span | None) -> str:
    """Return the name of a photo or clip, the times of a stretch behind it."""
    return f"{name} {span[0]:.10g}-{span[1]:.10g}" if span else name


def _path(folder: Path, name: str | None) -> Path | None:
    if name is None:
        return None
    return clip_file(folder, name) if is_clip(name) else folder / name


def check_columns(record: Record, where: str) -> None:
    """Raise `DataError` for a row of a table that says nothing of a photo or a sentence."""
    for names, what in ((PATHS + SENTENCES, "a path or a sentence"), (SENTENCES + LABELS, "a sentence or a label")):
        if not any(name in record for name in names):
            raise DataError(f"{where}: no column holds {what} ({', '.join(names)}); there are: {', '.join(record)}")


def id_of(record: Record) -> str | None:
    """Return the id of what a row is about, or None; "5.0" is "5", for so a column of numbers with gaps is written."""
    name = text_of(record, IDS)
    if name and name.endswith(".0") and name[:-2].isdecimal():
        return name[:-2]
    return name


def _sentences(record: Record, where: str) -> list[str]:
    """Return the sentences of one row: none, one, or a list of them; an empty cell is one without words."""
    given = first_of(record, SENTENCES)
    if given is None:
        return [""] if any(record.get(name, []) != [] for name in SENTENCES) else []
    # Another line end at the beginning counts for metrics, so only what surrounds a cell is taken off.
    return [raw_sentence(each, where).strip(" \t\n") for each in (given if isinstance(given, list) else [given])]


def _weight(record: Record, where: str) -> float:
    """Return the weight of a row, 1 if it has none."""
    given = record.get("weight")
    try:
        return 1.0 if given in (None, "") else float(given)
    except (TypeError, ValueError, OverflowError):
        raise DataError(f"{where}: the weight {given!r} is not a number") from None
