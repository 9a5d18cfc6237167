"""Which words of an English sentence say what is in the photo: those that are not in FUNCTION_WORDS."""

from collections.abc import Iterable
from functools import lru_cache

from snowballstemmer.porter_stemmer import PorterStemmer

from watchword.core.function_words import FUNCTION_WORDS

_stem = lru_cache(maxsize=65536)(PorterStemmer().stemWord)  # Porter 1980


def content_stems(words: Iterable[str]) -> frozenset[str]:
    """Return the stems of the content words among `words`; what has no letter or digit is not a word."""
    lower = (word.lower() for word in words)
    return frozenset(_stem(word) for word in lower if word not in FUNCTION_WORDS and any(map(str.isalnum, word)))
