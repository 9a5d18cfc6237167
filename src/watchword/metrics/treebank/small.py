"""Small letters as Java 17 writes them: Python's own, but for a capital sigma and for letters younger than it."""

import re

# Unicode 14 to 17; each version of Python knows more of them.
_YOUNG = "\u1c89\u2c2f\ua7c0\ua7cb-\ua7d8\ua7da\ua7dc\U00010570-\U00010595\U00010d50-\U00010d65\U00016ea0-\U00016eb8"
_OLD = f"[^{_YOUNG}]+"

# The stretch of text over which Java looks for other letters of a sigma's word: words and numbers in turn.
_IDEOGRAPHS = "\u3005\u3041-\u309e\u30a1-\u30fe\u4e00-\u9fa5\uf900-\ufa2d"
_MARKS = "[\u0300-\u036f\u00ad]*"
_LETTERS = rf"(?:[^\W\d_{_IDEOGRAPHS}]{_MARKS})+"
_DIGITS = rf"(?:\d{_MARKS})+"
_WORD = rf"{_LETTERS}(?:[-_\u2010-\u2015\u2027\"'.]{_LETTERS})*"
_NUMBER = rf"{_DIGITS}(?:[\"',.\u066b]{_DIGITS})*"
_STRETCH = rf"(?:{_WORD})?(?:{_NUMBER}(?:{_WORD})?)*"


def small(token: str) -> str:
    """Return a token in small letters."""
    if token.isascii():
        return token.lower()
    if "Σ" in token:
        token = re.sub(_STRETCH, _sigmas, token)
    return re.sub(_OLD, lambda old: old[0].lower(), token)


def _sigmas(stretch: re.Match[str]) -> str:
    """Write the capital sigmas of a stretch small: as at a word's end if it is the last letter with a case."""
    text = stretch[0]
    cased = [place for place, letter in enumerate(text) if letter.isupper() or letter.islower() or letter.istitle()]
    if len(cased) > 1 and text[cased[-1]] == "Σ":
        text = f"{text[: cased[-1]]}ς{text[cased[-1] + 1 :]}"
    return text.replace("Σ", "σ")
