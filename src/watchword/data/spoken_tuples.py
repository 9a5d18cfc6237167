"""The tuple that people's sentences hold, by a rule of a few lines: no parser is here.

"A man is playing the wooden guitar" is man, playing, guitar: the word before "is" or "are", the word in -ing behind
it, and the last word of what follows at once without a preposition. Sentences of any other form say nothing; how
many that leaves is for whoever asks to tell.
"""

from collections import Counter
from collections.abc import Sequence

from watchword.core.function_words import FUNCTION_WORDS
from watchword.core.types import Example
from watchword.data.tuples import NONE, Words, given_words
from watchword.data.words import tokenize

_IS = {"is", "are", "was", "were"}
_BEFORE_A_NAME = frozenset(("a", "an", "the", "his", "her", "its", "their", "some", "two", "three", "four", "several"))
ROLES = ("subject", "verb", "object")


def tuple_of(example: Example) -> Words | None:
    """Return the tuple of an example: its own field "tuple", or else what most of its sentences say; None if nothing.

    Raises `DataError` for a field that is no tuple.
    """
    if example.extra.get("tuple"):
        return given_words(example.extra["tuple"], f"example {example.id!r}")
    found = [said for said in (spoken(tokenize(text)) for text in example.sentences) if said]
    if not found:
        return None
    verb = _most([said[1] for said in found])
    alike = [said for said in found if said[1] == verb]
    return dict(zip(ROLES, (_most([said[role] for said in alike]) for role in range(3)), strict=True))


def spoken(words: Sequence[str]) -> tuple[str, str, str] | None:
    """Return subject, verb and object ("-" for none) of a sentence of that form, else None."""
    for place in range(1, len(words) - 1):
        subject, verb = words[place - 1], words[place + 1]
        if words[place] in _IS and verb.endswith("ing") and subject not in FUNCTION_WORDS:
            return subject, verb, _object(words[place + 2 :])
    return None


def _object(behind: Sequence[str]) -> str:
    """Return the last word of the name that follows a verb at once."""
    name: list[str] = []
    for word in behind:
        if word in FUNCTION_WORDS and not (word in _BEFORE_A_NAME and not name):
            break
        if word not in _BEFORE_A_NAME:
            name.append(word)
    return name[-1] if name else NONE


def _most(words: Sequence[str]) -> str:
    """Return the word that is there most often, of equals the first."""
    return Counter(words).most_common(1)[0][0]
