"""Stems of English words, as METEOR's Java program finds them: Snowball's English stemmer of 2010."""

from functools import cache, lru_cache
from typing import Any


@lru_cache(maxsize=1 << 17)
def stem(word: str) -> str:
    """Return the stem of a word in small letters ("runs" and "running": "run")."""
    return _stemmer().stemWord(word)


@cache
def _stemmer() -> Any:
    # The library's factory would take PyStemmer where that is installed, whose rules are newer ("added").
    from snowballstemmer.english_stemmer import EnglishStemmer

    return EnglishStemmer()
