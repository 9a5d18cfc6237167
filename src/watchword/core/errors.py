"""Errors. Each message says what was given, what is allowed, and what to do next.

WatchwordError
├── PictureError     a file that cannot be shown as a picture
│   └── ClipError    a file that cannot be played as a clip
├── DataError        a data set, a caption file or a feature store that cannot be read
├── SettingsError    an unknown or mistyped setting
├── UnknownName      a name that no registry holds
├── BundleError      a bundle that is missing, damaged, hostile or from another version
├── CheckpointError  a checkpoint that cannot be resumed
├── SearchError      a search over words that cannot be run as asked
├── RetrievalError   an index of photos that cannot be opened, updated or searched as asked
└── ScoreError       sentences that cannot be scored as asked
"""

from collections.abc import Iterable
from difflib import get_close_matches


class WatchwordError(Exception):
    """Anything that a user can put right; the command line prints it without a traceback."""


class PictureError(WatchwordError):
    """A file that cannot be shown as a picture."""


class ClipError(PictureError):
    """A file that cannot be played as a clip."""


class DataError(WatchwordError):
    """A data set, a caption file or a feature store that cannot be read."""


class SettingsError(WatchwordError):
    """An unknown setting, or a value of the wrong type."""


class BundleError(WatchwordError):
    """A bundle that is missing, damaged, hostile or from another version."""


class CheckpointError(WatchwordError):
    """A checkpoint that cannot be read or resumed."""


class SearchError(WatchwordError):
    """A search over words that cannot be run as asked."""


class RetrievalError(WatchwordError):
    """An index of photos that cannot be opened, updated or searched as asked."""


class ScoreError(WatchwordError):
    """Sentences that cannot be scored as asked: ids that differ, no references, no Java."""


class UnknownName(WatchwordError):
    """A name that is not among those allowed."""

    def __init__(self, kind: str, given: str, allowed: Iterable[str]) -> None:
        """Name the `kind` of thing, what was `given`, and what is `allowed`."""
        names = sorted(allowed)
        super().__init__(
            f"no {kind} named {given!r}{suggestion(given, names)}; there are: {', '.join(names) or 'none'}"
        )


def suggestion(given: str, allowed: Iterable[str]) -> str:
    """Return " (did you mean 'x'?)" for the nearest allowed name, or nothing."""
    near = get_close_matches(given, list(allowed), n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""
