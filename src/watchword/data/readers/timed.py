"""Sentences with times: TACoS multi-level (Rohrbach et al. 2014) as JSON, and rows with lists of times.

    {"s17-d69.avi": {"timestamps": [[224, 358], [418, 732]], "sentences": ["He took out a pan", "He took out an egg"],
                     "fps": 29.4, "num_frames": 12438}}

Times are numbers of frames where there is "fps", else seconds. Sentences of one stretch are of one example, of whatever
level they are: a detailed one, a short one, and one for the whole.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from watchword.core.errors import DataError
from watchword.data.readers.faults import Faults
from watchword.data.readers.fields import Record, listed, split_named

_LISTS = ("timestamps", "sentences", "fps", "num_frames", "duration")


def is_timed(value: Any) -> bool:
    """Tell whether a value is what such a file says of one clip."""
    return isinstance(value, dict) and isinstance(value.get("timestamps"), list)


def timed_clips(document: Record, source: Path) -> Iterator[tuple[str, Any]]:
    """Yield a row for each clip of a JSON object; the split is the file's name, as in train.json."""
    for name, value in document.items():
        yield f"{name!r}", {"path": name, "split": split_named(source.name), **value} if is_timed(value) else value


def spread(rows: Iterable[tuple[str, Any]], source: Path, faults: Faults) -> Iterator[tuple[str, Any]]:
    """Yield rows as they are, but one that has lists of times and sentences as a row for each of them."""
    for place, row in rows:
        if not is_timed(row):
            yield place, row
            continue
        with faults:
            yield from _parts(row, place, f"{source}, {place}")


def _parts(row: Record, place: str, where: str) -> Iterator[tuple[str, Any]]:
    """Yield a row for each time and sentence of one; their clip is their group."""
    times, sentences = row["timestamps"], listed(row, "sentences", where)
    if len(times) != len(sentences):
        raise DataError(f"{where}: {len(times)} timestamps for {len(sentences)} sentences; give one for each")
    fps = row.get("fps") or 1
    common = {name: value for name, value in row.items() if name not in _LISTS}
    if name := row.get("path") or row.get("video"):
        common.setdefault("group", name)
    for time, sentence in zip(times, sentences, strict=True):
        if not isinstance(time, list) or len(time) != 2:
            raise DataError(f"{where}: {time!r} is no start and end")
        try:
            start, end = (float(side) / float(fps) for side in time)
        except (TypeError, ValueError, ZeroDivisionError):
            raise DataError(f"{where}: {time!r} at {fps!r} frames a second are no times") from None
        yield place, {**common, "start": start, "end": end, "sentence": sentence}
