"""What is wrong with a data set, row by row, before hours are spent on it."""

import hashlib
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from watchword.core.errors import ClipError, DataError, PictureError
from watchword.core.types import Example
from watchword.data.clips.files import clip_hash, is_clip
from watchword.data.clips.frames import by_rate, probe
from watchword.data.picture_files import open_file
from watchword.data.pictures import open_picture
from watchword.data.readers.faults import NoPhoto, SameId
from watchword.data.words import tokenize

Kind = Literal["missing", "broken", "empty", "duplicate", "leak", "same id", "weight", "malformed"]

# Every photo is decoded to its end, as damage may lie anywhere; how small the result is makes no difference.
_SIZE = 64


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one example.

    kind: "missing" (no such file, or none is named), "broken" (not to be opened), "empty" (nothing to learn from,
        or a sentence without a word), "duplicate" (the same photo twice in a split), "leak" (the same photo in
        two splits, so that a model is judged by what it has seen), "same id", "weight" (not a number of 0 or
        more), "malformed" (a row that could not be read).
    example: its id, "" for a malformed row. path: its photo. message: what is wrong and what to do.
    """

    kind: Kind
    example: str
    path: Path | None
    message: str


@dataclass
class Report:
    """What a check found. counts: of each split, its "examples", "photos", "clips", "sentences" and "labels"."""

    problems: list[Problem] = field(default_factory=list)
    counts: dict[str, Counter[str]] = field(default_factory=dict)


def check_dataset(
    examples: Sequence[Example],
    progress: Callable[[int, int], None] | None = None,
    faults: Iterable[DataError] = (),
) -> Report:
    """Open every photo, read every sentence, and return all that is wrong, in the order of the examples.

    Of clips the first frame is decoded, and nothing after it. Photos are compared by content: two files with the same
    bytes are the same photo, a photo saved anew is another. progress: told how many examples of how many are done.
    faults: what was wrong with rows as they were read; these come first.
    """
    report = Report([_as_problem(fault) for fault in faults])
    contents: dict[str, Example] = {}
    ids: dict[str, Example] = {}
    for done, example in enumerate(examples, 1):
        _count(example, report.counts.setdefault(example.split, Counter()))
        report.problems.extend(_wrong_words(example))
        report.problems.extend(_wrong_weight(example))
        report.problems.extend(_wrong_photo(example, contents))
        if ids.setdefault(example.id, example) is not example:
            message = f"another example has the id {example.id!r}; give each its own"
            report.problems.append(Problem("same id", example.id, example.path, message))
        if progress is not None:
            progress(done, len(examples))
    return report


def _as_problem(fault: DataError) -> Problem:
    """Return what was wrong with a row as a problem."""
    if isinstance(fault, NoPhoto):
        return Problem("missing", fault.example, None, str(fault))
    if isinstance(fault, SameId):
        return Problem("same id", fault.example, None, str(fault))
    return Problem("malformed", "", None, str(fault))


def _count(example: Example, counts: Counter[str]) -> None:
    """Add an example to the counts of its split."""
    counts.update(
        examples=1,
        photos=int(example.path is not None and not is_clip(example.path)),
        clips=int(example.path is not None and is_clip(example.path)),
        sentences=len(example.sentences),
        labels=len(example.labels),
    )


def _wrong_words(example: Example) -> Iterator[Problem]:
    """Yield what is wrong with the sentences."""
    if not example.sentences and not example.labels:
        yield Problem("empty", example.id, example.path, "it has neither sentence nor label; add one or leave it out")
    for number, sentence in enumerate(example.sentences, 1):
        if not tokenize(sentence):
            message = f"sentence {number}, {sentence!r}, holds no word; write one or leave it out"
            yield Problem("empty", example.id, example.path, message)


def _wrong_weight(example: Example) -> Iterator[Problem]:
    """Yield what is wrong with the weight, which training would refuse."""
    if not 0 <= example.weight < math.inf:
        message = f"its weight is {example.weight}; give a number of 0 or more, 1 being usual"
        yield Problem("weight", example.id, example.path, message)


def _wrong_photo(example: Example, contents: dict[str, Example]) -> Iterator[Problem]:
    """Yield what is wrong with the photo; `contents` holds the first example of each content so far."""
    if example.path is None:
        return
    try:
        content = _clip(example.path, example.span) if is_clip(example.path) else _photo(example.path)
    except PictureError as error:
        kind: Kind = "broken" if _is_there(example.path) else "missing"
        yield Problem(kind, example.id, example.path, str(error))
        return
    first = contents.setdefault(content, example)
    same_part = (first.box, first.span) == (example.box, example.span)
    if first is not example and (same_part or first.split != example.split):
        yield _twice(example, first)


def _photo(path: Path) -> str:
    """Return the SHA-256 of a photo's content; `PictureError` if it cannot be shown."""
    with open_file(path) as stream:
        content = stream.read()
    open_picture(content, _SIZE, name=repr(str(path)))
    return hashlib.sha256(content).hexdigest()


def _clip(path: Path, span: tuple[float, float] | None) -> str:
    """Return the SHA-256 of a clip's content; `ClipError` if it cannot be played, or ends before its span begins."""
    content, ends = clip_hash(path), probe(path).ends
    if span and span[0] >= ends and not any(True for _ in by_rate(path, 1, start=span[0], end=span[1])):
        raise ClipError(f"{str(path)!r} ends after {ends:g} seconds, and what begins at {span[0]:g} is spoken of")
    return content


def _is_there(path: Path) -> bool:
    """Tell whether there is anything at a path; a name that no disk can hold is nowhere."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _twice(example: Example, first: Example) -> Problem:
    """Return the problem of a photo that another example has already."""
    same = f"its content is that of {str(first.path)!r} (example {first.id!r}"
    if first.split == example.split:
        return Problem("duplicate", example.id, example.path, f"{same}, {first.split}, too); keep one of them")
    message = f"{same}) in split {first.split!r}, while it is in {example.split!r}; take it out of one"
    return Problem("leak", example.id, example.path, message)
