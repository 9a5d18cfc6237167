"""When a photo was taken, as its camera wrote it down."""

from datetime import UTC, date, datetime

from PIL import Image

from watchword.core.errors import RetrievalError

_EXIF, _ORIGINAL, _DIGITIZED, _CHANGED = 0x8769, 0x9003, 0x9004, 0x0132


def taken(image: Image.Image) -> int | None:
    """Return when an opened picture was taken, in seconds of `clock`; None if it does not say."""
    try:
        exif = image.getexif()
        inner = exif.get_ifd(_EXIF)
        said = inner.get(_ORIGINAL) or inner.get(_DIGITIZED) or exif.get(_CHANGED)
        return clock(datetime.strptime(str(said).strip("\0 "), "%Y:%m:%d %H:%M:%S"))
    except Exception:  # damaged EXIF makes its parser raise anything, and is no reason to lose a photo
        return None


def clock(moment: datetime) -> int:
    """Return the seconds from the start of 1970 to what the clock on the wall showed; a time zone plays no part."""
    return int(moment.replace(tzinfo=UTC).timestamp())


def moment(seconds: int) -> datetime:
    """Return the time that `clock` gave seconds for."""
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)


def bound(given: str | date | datetime, *, end: bool) -> int:
    """Return the seconds of a time that bounds a search; of a day its first second, or its last with `end`."""
    if isinstance(given, str):
        try:
            given = _read(given)
        except ValueError:
            raise RetrievalError(f"{given!r} is no time; write 2026-01-31 or 2026-01-31T18:30") from None
    if isinstance(given, datetime):
        return clock(given)
    return clock(datetime(given.year, given.month, given.day)) + (86_399 if end else 0)


def _read(text: str) -> date | datetime:
    """Return the day, or the time of a day, that a text is in ISO 8601; `ValueError` if it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return datetime.fromisoformat(text)
