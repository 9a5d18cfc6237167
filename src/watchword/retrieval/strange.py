"""Words of a search that the model never learnt: it is judged by the others, as long as those are enough."""

from collections.abc import Callable
from typing import NamedTuple

from watchword.data.words import tokenize


class Strange(NamedTuple):
    """Words that the model does not know. most: whether there are fewer others to go by, so that nothing fits.

    Where no word says what is looked for, there are none to go by either.
    """

    words: list[str]
    most: bool


def strange(text: str, *, content: Callable[[str], bool], knows: Callable[[str], bool], unread: int = 0) -> Strange:
    """Return the strange ones among the different words of `text` that say what is looked for.

    content: whether a word does, as "dog" does and "the" does not. knows: whether the model has learnt a word.
    unread: how many words at the end it passes over.
    """
    words = tokenize(text)
    said = dict.fromkeys(word for word in words[: len(words) - unread] if content(word))
    words = [word for word in said if not knows(word)]
    return Strange(words, most=2 * len(words) > len(said) or not said)
