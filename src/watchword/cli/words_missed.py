"""What a matcher did not take in of a sentence, on standard error."""

import sys
from collections.abc import Sequence

from watchword.cli.printable import printable
from watchword.core.types import Read

_SHOWN = 5  # words


def tell_missed(unknown: Sequence[str], read: Read) -> None:
    """Say which words the matcher does not know, and which it did not read because there are too many before."""
    if unknown:
        _tell(f"the matcher does not know {_listed(unknown)}")
    if read.unread:
        _tell(f"only the first {len(read.words)} words were read, without {_listed(read.unread)}; say it in fewer")


def _listed(words: Sequence[str]) -> str:
    shown = ", ".join(map(repr, words[:_SHOWN]))
    return shown if len(words) <= _SHOWN else f"{shown} and {len(words) - _SHOWN} more"


def _tell(text: str) -> None:
    print(printable(f"watchword: {text}"), file=sys.stderr)
