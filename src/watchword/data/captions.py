"""Candidates and references from files, brought together image by image."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from watchword.core.errors import DataError
from watchword.core.types import Example
from watchword.data.readers.flickr_tokens import LINE
from watchword.data.readers.open import FORMATS, read_dataset, read_text
from watchword.data.readers.table import IDS, PATHS, SENTENCES

_TABLE = re.compile(r"\.(json|jsonl|csv|tsv|token)(\.gz)?$")
_JSON = re.compile(r'\s*(\[\s*[{"]|\{\s*"|(\[\s*\]|\{\s*\})\s*$)')  # "[unk] dog" is a sentence
_WANTED = f"give one sentence a line, or {FORMATS}"
# Which name of an image is looked for under which, the surest first.
_NAMES = (
    ("file name", "file name"),
    ("id", "id"),
    ("id", "cocoid"),
    ("id", "imgid"),
    ("id", "file name"),
    ("id", "name without ending"),
    ("name without ending", "id"),
    ("file name", "id"),
    ("name without ending", "name without ending"),
)


@dataclass(frozen=True)
class Paired:
    """Sentences by image, under the same ids on both sides as far as they are there.

    candidates, references: by id. photos: the file of each image, where the references name one. matched: by
    which names the two sides were brought together, for people. left_out: ids of one side only.
    """

    candidates: dict[str, str]
    references: dict[str, tuple[str, ...]]
    photos: dict[str, Path]
    matched: str
    left_out: tuple[str, ...] = ()


def read_captions(paths: Sequence[Path]) -> list[Example]:
    """Return the sentences of one or several files, those of the same id together.

    A data set in any format of `read_dataset`, COCO results among them, or text with one sentence a line, whose
    id is the number of the line; either may be gzipped, or a pipe. Raises `DataError` where a file cannot be read
    or texts differ in length.
    """
    gathered: dict[str, Example] = {}
    lines: tuple[Path, int] | None = None  # of the first text
    for path in paths:
        rows, text = _read(path)
        if text:
            lines = lines or (path, len(rows))
            _check_length(path, len(rows), *lines)
        for row in rows:
            first = gathered.get(row.id)
            gathered[row.id] = replace(first, sentences=first.sentences + row.sentences) if first else row
    return list(gathered.values())


def is_text(name: str, content: str) -> bool:
    """Say whether a file of that name and content is text with one sentence a line, not a data set."""
    if _TABLE.search(name):
        return False
    first = content.partition("\n")[0].removesuffix("\r")
    return not (_JSON.match(content) or LINE.fullmatch(first) or _is_heading(first))


def _is_heading(line: str) -> bool:
    """Tell whether a line names columns of both a photo and a sentence; captions have commas, too."""
    names = {cell.strip(' "') for cell in re.split(r"[,;|\t]", line)}
    return not (names.isdisjoint(PATHS + IDS) or names.isdisjoint(SENTENCES))


def _read(path: Path) -> tuple[list[Example], bool]:
    """Return the examples of a file, and whether it is a text; it is read once, for a pipe gives no more."""
    if path.is_dir():
        return read_dataset(path), False
    content = read_text(path, _WANTED)
    if is_text(path.name, content):
        return _lines(content, path), True
    return read_dataset(path, text=content), False


def _check_length(path: Path, lines: int, first: Path, wanted: int) -> None:
    """Raise `DataError` where a text has another number of lines than the first."""
    if lines != wanted:
        raise DataError(f"{path} has {lines} lines, {first} has {wanted}: texts need a line for each image")


def pair(
    candidates: Sequence[Example], references: Sequence[Example], *, split: str | None = None, partial: bool = False
) -> Paired:
    """Bring candidates and references of the same images together, in the order of the references.

    split: that of the references which is meant; by default all of them, or the one split that the candidates
    cover. partial: leave out images that only one side has. Raises `DataError` where an image has several
    candidates, or nothing belongs together.
    """
    many = [row.id for row in candidates if len(row.sentences) > 1]
    if many:
        have = "1 image has" if len(many) == 1 else f"{len(many)} images have"
        which = ", ".join(map(repr, many[:10])) + (", …" if len(many) > 10 else "")
        raise DataError(f"{have} several candidates: {which}; give one sentence for each")
    there = [row for row in references if split in (None, row.split)]
    if not there:
        found = ", ".join(sorted({row.split for row in references}))
        raise DataError(f"no references in split {split!r}; there are: {found}")
    (mine, theirs), both = max(
        ((names, _common(candidates, there, *names)) for names in _NAMES), key=lambda found: len(found[1])
    )
    if not both:
        raise DataError(
            f"no image is on both sides: candidates are of {_sample(candidates)}; references of {_sample(there)}"
        )
    if split is None:
        there = _covered(there, theirs, both)
    return _keyed(candidates, there, (mine, theirs), both, partial=partial)


def _keyed(
    candidates: Sequence[Example],
    references: Sequence[Example],
    names: tuple[str, str],
    both: set[str],
    *,
    partial: bool,
) -> Paired:
    """Return both sides under the candidates' ids; an image without candidate under its name, parted from those."""
    keys = {name: row.id for row in candidates if (name := _name(row, names[0])) in both and name}
    taken = set(keys.values())
    said = {row.id: " ".join(row.sentences) for row in candidates}
    wanted: dict[str, Example] = {}
    for row in references:
        key = keys.get(_name(row, names[1]) or "") or (f"{row.id} (references)" if row.id in said else row.id)
        wanted[key] = row
    left_out = tuple(key for key in (*wanted, *said) if key not in taken)
    if partial:
        said = {key: text for key, text in said.items() if key in taken}
        wanted = {key: row for key, row in wanted.items() if key in taken}
    return Paired(
        said,
        {key: row.sentences for key, row in wanted.items()},
        {key: row.path for key, row in wanted.items() if row.path},
        names[0] if names[0] == names[1] else f"{names[0]} and {names[1]}",
        left_out,
    )


def _lines(text: str, path: Path) -> list[Example]:
    """Return the lines of a text as examples; an empty line is an empty sentence."""
    lines = text.removesuffix("\n").split("\n") if text else []
    if not lines:
        raise DataError(f"{path} is empty; give one sentence a line")
    return [Example(str(number), None, (line.removesuffix("\r"),)) for number, line in enumerate(lines, 1)]


def _common(candidates: Sequence[Example], references: Sequence[Example], mine: str, theirs: str) -> set[str]:
    """Return the names that both sides have; none where a name is not one image's alone."""
    sides = [[_name(row, kind) for row in rows] for rows, kind in ((candidates, mine), (references, theirs))]
    if any(len(set(names)) < len(names) for names in sides):
        return set()
    return {name for name in set(sides[0]) & set(sides[1]) if name is not None}


def _name(row: Example, kind: str) -> str | None:
    """Return what an image is called: its id, its file, or a number that the data set has besides."""
    if kind == "id":
        return row.id
    if kind in ("file name", "name without ending"):
        return None if row.path is None else row.path.name if kind == "file name" else row.path.stem
    return str(row.extra[kind]) if kind in row.extra else None


def _covered(rows: Sequence[Example], kind: str, both: set[str]) -> list[Example]:
    """Return the rows of the one split whose images are just those with a candidate; all rows if there is none."""
    for split in dict.fromkeys(row.split for row in rows):
        chosen = [row for row in rows if row.split == split]
        if {_name(row, kind) for row in chosen} == both:
            return chosen
    return list(rows)


def _sample(rows: Sequence[Example]) -> str:
    def shown() -> Iterator[str]:
        for row in rows[:2]:
            yield f"{row.id!r}" + (f" ({row.path.name})" if row.path and row.path.name != row.id else "")

    return ", ".join(shown()) + (", …" if len(rows) > 2 else "")
