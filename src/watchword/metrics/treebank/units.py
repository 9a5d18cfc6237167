"""Between Python's text and what the published tokeniser reads: UTF-16 units."""

import re

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_HALVES = re.compile("[\ud800-\udfff]")


def to_units(text: str) -> str:
    """Write characters beyond U+FFFF as two units each; a lone half of such a pair becomes "?"."""
    return text if text.isascii() else _ASTRAL.sub(_in_two, _HALVES.sub("?", text))


def from_units(text: str) -> str:
    """Join pairs of units to characters again; a lone half becomes "?"."""
    if text.isascii() or not _HALVES.search(text):
        return text
    return _HALVES.sub("?", text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass"))


def _in_two(character: re.Match[str]) -> str:
    above = ord(character[0]) - 0x10000
    return chr(0xD800 + (above >> 10)) + chr(0xDC00 + (above & 0x3FF))
