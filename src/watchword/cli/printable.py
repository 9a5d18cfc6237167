"""Text from outside, made safe to show: file names may hold line ends, escape sequences or broken bytes."""

import unicodedata

_SHORT = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}


def printable(text: str) -> str:
    r"""Return `text` on one line, each character that is not seen but acted upon written as an escape.

    >>> printable("a\nb\x1b[31m")
    'a\\nb\\x1b[31m'
    """
    if text.isprintable():
        return text
    return "".join(char if _harmless(char) else _SHORT.get(char) or _escaped(char) for char in text)


def writable(text: str) -> str:
    r"""Return `text` with what no UTF-8 file can hold, half of a surrogate pair, written as an escape.

    >>> writable("a \ud800 dog")
    'a \\ud800 dog'
    """
    return text.encode(errors="backslashreplace").decode()


def _harmless(char: str) -> bool:
    """Tell whether a character is shown as itself: not a control, a mark of direction, or half a surrogate pair.

    The joiners and the variation selectors of emoji are.
    """
    return char in "\u200c\u200d\ufe0f" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp", "Cn", "Co")


def _escaped(char: str) -> str:
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:  # how Python holds a byte of a name that is not UTF-8
        return f"\\x{code - 0xDC00:02x}"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
