"""The part of a clip that a row is about, as its fields "start" and "end" give it."""

from watchword.core.errors import DataError
from watchword.data.clips.files import is_clip
from watchword.data.readers.fields import Record

SPAN = ("start", "end")
Span = tuple[float, float]


def span_of(record: Record, name: str | None, where: str) -> Span | None:
    """Return start and end in seconds, or None for a row about a whole clip, or about a photo `name`."""
    given = [record.get(side) for side in SPAN]
    if name is None or not is_clip(name) or all(each in (None, "") for each in given):
        return None
    try:
        start, end = map(float, given)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        start, end = 0.0, 0.0
    if not 0 <= start < end < float("inf"):
        raise DataError(f"{where}: start {given[0]!r} and end {given[1]!r}: give seconds, the end after the start")
    return start, end
