"""What a rule is, and the ways in which rules write their tokens."""

import re
from collections.abc import Callable
from dataclasses import dataclass

# Units of a match -> the token ("" for none), and how many of the units are used up.
Write = Callable[[str], tuple[str, int]]

_AMPERSAND = re.compile("&amp;", re.IGNORECASE)
_SOFT_HYPHEN = "\u00ad"
_NO_BREAK_SPACE = "\u00a0"
_QUOTES = {
    "`": "‘‛‹\u0091",
    "'": "’›\u0092",
    "``": "“«\u0093",
    "''": "”»\u0094",
}
_WRITTEN = str.maketrans({mark: written for written, marks in _QUOTES.items() for mark in marks})


def keep(text: str) -> tuple[str, int]:
    """Write the match as it is."""
    return text, len(text)


def drop(text: str) -> tuple[str, int]:
    """Write nothing."""
    return "", len(text)


def soft(text: str) -> tuple[str, int]:
    """Write the match without its soft hyphens; a hyphen if it is nothing else."""
    return text.replace(_SOFT_HYPHEN, "") or "-", len(text)


def joined(text: str) -> tuple[str, int]:
    """Write spaces as no-break spaces: it is one token."""
    return text.replace(" ", _NO_BREAK_SPACE), len(text)


def ampersand(text: str) -> tuple[str, int]:
    """Write `&` for `&amp;`."""
    return _AMPERSAND.sub("&", text), len(text)


def brackets(text: str) -> tuple[str, int]:
    """Write round brackets in letters."""
    return text.replace("(", "-LRB-").replace(")", "-RRB-"), len(text)


def joined_brackets(text: str) -> tuple[str, int]:
    """Write round brackets in letters, and spaces as no-break spaces."""
    return joined(brackets(text)[0])[0], len(text)


def quotes(text: str) -> tuple[str, int]:
    """Write quotation marks and apostrophes in ASCII."""
    return text.replace("&apos;", "'").translate(_WRITTEN), len(text)


def as_token(token: str) -> Write:
    """Write always the same."""
    return lambda text: (token, len(text))


def double_quote(token: str) -> Write:
    """Write a straight quotation mark as `token`, its entity too if in small letters."""
    return lambda text: (token if text in ('"', "&quot;") else text, len(text))


def give_back(units: int) -> Write:
    """Write the match without its last units, which are read again."""
    return lambda text: (text[:-units], len(text) - units)


def with_period_twice(text: str) -> tuple[str, int]:
    """Write the whole abbreviation, and give its period back to be a token too."""
    return text, len(text) - 1


def acronym_at_end(text: str) -> tuple[str, int]:
    """Write an acronym that ends a sentence: a single letter without its period."""
    return text[:1] if len(text) == 2 else text, len(text) - 1


@dataclass(frozen=True)
class Rule:
    """One kind of token.

    pattern: what it is. before: what must follow it; that is measured with it, and then read again.
    write: what becomes of it.
    """

    pattern: str
    write: Write = keep
    before: str = ""
