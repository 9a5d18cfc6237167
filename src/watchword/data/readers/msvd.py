"""Microsoft's video descriptions (MSVD, Chen and Dolan 2011): 1,970 clips of YouTube, about 40 sentences each.

In two forms: a table, and the older text, whose comments begin with #.

    VideoID,Start,End,WorkerID,Source,AnnotationTime,Language,Description
    mv89psg6zh4,33,46,588702,unverified,55,English,"A bird is bathing in a sink."

    mv89psg6zh4_33_46 A bird is bathing in a sink.

A clip's file is called by its video, start and end. Splits are those of all papers: of the clips in the order of their
names the first 1,200 for training, 100 for validation, 670 for testing. Where the file tells of more, those count whose
clips are there; where they are not 1,970, `youtube_mapping.txt`, if it is beside the file, tells which they are, and
else all are for training.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from watchword.core.errors import DataError
from watchword.core.types import Example
from watchword.data.readers.clip_files import clip_file, clip_folder, is_there
from watchword.data.readers.faults import Faults
from watchword.data.readers.fields import Record

COLUMNS = ("VideoID", "Start", "End", "Description")
LINE = re.compile(r"(?P<name>(?P<video>[\w-]{11})_\d+_\d+)\s+(?P<sentence>\S.*)")
MAPPING = "youtube_mapping.txt"
_ALL, _TRAIN, _VAL = 1970, 1200, 100
_NUMBERED = re.compile(r"(\S+)\s+vid(\d+)")


def check_msvd(record: Record, where: str) -> None:
    """Raise `DataError` for a table without the columns of MSVD's."""
    if lacking := [name for name in COLUMNS if name not in record]:
        raise DataError(f"{where}: no column {lacking[0]!r}; MSVD's table has: {', '.join(COLUMNS)}, maybe Language")


def read_msvd_table(
    rows: Iterable[tuple[str, Any]], source: Path, images: Path | None, faults: Faults
) -> Iterator[Example]:
    """Return the examples of MSVD's table; sentences in other languages than English are left out."""
    said: dict[str, list[str]] = {}
    for place, row in rows:
        with faults:
            where = f"{source}, {place}"
            check_msvd(row, where)
            name = "_".join([str(row["VideoID"]), *(_seconds(row, side, where) for side in ("Start", "End"))])
            sentence = (row["Description"] or "").strip()
            if sentence and (row.get("Language") or "English") == "English":
                said.setdefault(name, []).append(sentence)
    return _examples(said, source, images)


def read_msvd_text(text: str, source: Path, images: Path | None, faults: Faults) -> Iterator[Example]:
    """Return the examples of the older text."""
    said: dict[str, list[str]] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.startswith("#"):
            continue
        with faults:
            found = LINE.fullmatch(line.strip())
            if not found:
                raise DataError(
                    f"{source}, line {number}: no clip and sentence, as in: mv89psg6zh4_33_46 A bird sings."
                )
            said.setdefault(found["name"], []).append(found["sentence"])
    return _examples(said, source, images)


def _seconds(row: Record, side: str, where: str) -> str:
    try:
        return str(int(float(row[side])))
    except (TypeError, ValueError):
        raise DataError(f"{where}: {side!r} is {row[side]!r}, no number of seconds") from None


def _examples(said: dict[str, list[str]], source: Path, images: Path | None) -> Iterator[Example]:
    folder = clip_folder(source, images, said)
    files = {name: clip_file(folder, name) for name in said}
    numbers = _numbers(files, source)
    for name, sentences in said.items():
        yield Example(
            id=name,
            path=files[name],
            sentences=tuple(sentences),
            split=_split(numbers.get(name, 1)),
            extra={"group": name[:11]},
        )


def _numbers(files: Mapping[str, Path], source: Path) -> dict[str, int]:
    """Return the number of each clip, from 1, as papers count them; nothing where it cannot be known."""
    names = sorted(files)
    if len(names) > _ALL:  # the table tells of some whose videos were gone before anyone could share them
        names = [name for name in names if is_there(files[name])]
    if len(names) == _ALL:
        return {name: number for number, name in enumerate(names, 1)}
    try:
        lines = (source.parent / MAPPING).read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    found = (_NUMBERED.fullmatch(line.strip()) for line in lines)
    return {each[1]: int(each[2]) for each in found if each}


def _split(number: int) -> str:
    return "train" if number <= _TRAIN else "val" if number <= _TRAIN + _VAL else "test"
