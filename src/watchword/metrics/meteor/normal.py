"""Sentences to words as METEOR does it, on top of whatever tokeniser went before.

Its rules are those of an old translation tool: whatever is no letter, digit or period stands alone,
hyphens fall away, quotes and apostrophes become one kind, and a period stays with an abbreviation only.
"""

import re
from collections.abc import Iterator

from watchword.metrics.meteor.lexicon import Lexicon

_LETTER = "A-Za-zŠŽšžŸÀ-ÖØ-öø-ž\u0400-\u0527\ua640-\ua66e\ua67e-\ua697\u1d00-\u1d7f"
_ALNUM = f"{_LETTER}0-9"
_PLAIN = re.compile("[A-Za-z0-9]+(?: [A-Za-z0-9]+)*")
_PASSES = [
    (re.compile(pattern), new)
    for pattern, new in [
        (rf"([^{_ALNUM} \t\n\v\f\r.'`,\-‘’])", r" \1 "),
        (r"(\.\.+)", r" \1 "),
        ("([^0-9]),([^0-9])", r"\1 , \2"),
        ("([0-9]),([^0-9])", r"\1 , \2"),
        ("([^0-9]),([0-9])", r"\1 , \2"),
        ("[`‘’]", "'"),
        ("[“”]|''", ' " '),
        ("–|--", "-"),
        (rf"([{_ALNUM}.])-([{_ALNUM}])", r"\1 \2"),
        (rf"([^{_LETTER}])'([^{_LETTER}])", r"\1 ' \2"),
        (rf"([^{_ALNUM}])'([{_LETTER}])", r"\1 ' \2"),
        (rf"([{_LETTER}])'([^{_LETTER}])", r"\1 ' \2"),
        (rf"([{_LETTER}])'([{_LETTER}])", r"\1 '\2"),
        ("([0-9])'(s)", r"\1 '\2"),
    ]
]
_BREAKS = re.compile("[ \t\n\r\f]+")
_HAS_LETTER = re.compile(f"[{_LETTER}]")
_SPACES = re.compile("[ \u00a0\u2000-\u200a\u202f\u205f\u3000]+")

_TRIMMED = "".join(map(chr, range(33)))  # at the ends, with the spaces: what Java's trim takes


def words_of(sentence: str, lexicon: Lexicon) -> list[str]:
    """Return the words of `sentence`, in small letters."""
    if _PLAIN.fullmatch(sentence):  # nothing to do: an ordinary sentence, tokenised
        return sentence.lower().split(" ")
    text = f" {sentence.encode(errors='replace').decode()} "  # half of a surrogate pair is a question mark
    for pattern, new in _PASSES:
        text = pattern.sub(new, text)
    words = [word for word in _BREAKS.split(text) if word]
    text = _SPACES.sub(" ", " ".join(_with_periods(words, lexicon))).strip(_TRIMMED)
    return text.lower().split(" ") if text else []


def _with_periods(words: list[str], lexicon: Lexicon) -> Iterator[str]:
    """Yield the words, a period at the end of a word kept, taken out or set apart."""
    for word, following in zip(words, [*words[1:], ""], strict=False):
        rest = word[:-1]
        if word[-1] != "." or not rest.strip("."):
            yield word
        elif "." in rest and _HAS_LETTER.search(rest):
            yield word.replace(".", "")
        elif (
            rest in lexicon.prefixes
            or "a" <= following[:1] <= "z"
            or (rest in lexicon.numeric and "0" <= following[:1] <= "9")
        ):
            yield word
        else:
            yield f"{rest} ."
