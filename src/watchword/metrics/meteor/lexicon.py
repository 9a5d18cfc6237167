"""What METEOR knows of English, compiled: paraphrases, synonyms, stems, function words, abbreviations."""

from typing import Any, NamedTuple

import numpy as np

from watchword.metrics.meteor.hashes import different, java_hash, word_keys
from watchword.metrics.meteor.packaged import Packaged
from watchword.metrics.meteor.paraphrases import Paraphrases, read_paraphrases
from watchword.metrics.meteor.stems import stem


class Rows(NamedTuple):
    """For each of N keys some numbers.

    keys: (N,) uint64, sorted. ends: (N + 1,) int32, where the numbers of each start in `values`, int32.
    """

    keys: np.ndarray
    ends: np.ndarray
    values: np.ndarray


class Lexicon(NamedTuple):
    """All that the matches need.

    synonyms: for each word of WordNet the sets of synonyms that it is in. bases: for each irregular form
    the places of its bases among those words. stems: for each word the Java hash of its stem.
    function_words; prefixes: what keeps its period; numeric: what keeps it before a number.
    """

    paraphrases: Paraphrases
    synonyms: Rows
    bases: Rows
    stems: Rows
    function_words: frozenset[str]
    prefixes: frozenset[str]
    numeric: frozenset[str]


_TABLES = ("paraphrases", "synonyms", "bases", "stems")  # three arrays each
_LISTS = ("function_words", "prefixes", "numeric")
_NOTHING = (np.empty(0, np.uint64), np.zeros(1, np.int32), np.empty(0, np.int32))
_NO_ROWS, _NO_WORDS = Rows(*_NOTHING), frozenset[str]()
EMPTY = Lexicon(Paraphrases(*_NOTHING), _NO_ROWS, _NO_ROWS, _NO_ROWS, _NO_WORDS, _NO_WORDS, _NO_WORDS)


def compile_lexicon(packaged: Packaged) -> Lexicon:
    """Read the data files of the package. Takes half a minute and 400 MB."""
    synonyms: dict[str, list[int]] = {}
    for word, numbers in packaged.synsets():
        synonyms.setdefault(word, []).extend(numbers)
    words = set(synonyms)
    paraphrases = read_paraphrases(packaged.paraphrases, words)
    table = _rows(synonyms)
    bases: dict[str, list[int]] = {}
    forms = list(packaged.irregular())
    places = np.searchsorted(table.keys, word_keys([base for _, base in forms])).tolist()
    for (form, base), place in zip(forms, places, strict=True):
        bases.setdefault(form, []).extend([place] if base in synonyms else [])
    plain = [word for word in words | set(bases) if "_" not in word]
    prefixes, numeric = packaged.prefixes()
    return Lexicon(
        paraphrases,
        table,
        _rows(bases),
        _rows({word: [java_hash(stem(word))] for word in plain}),
        frozenset(packaged.function_words()),
        frozenset(prefixes),
        frozenset(numeric),
    )


def to_arrays(lexicon: Lexicon) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """Return a lexicon as named arrays and facts that JSON can say."""
    arrays = {f"{name}.{column}": array for name in _TABLES for column, array in enumerate(getattr(lexicon, name))}
    return arrays, {name: sorted(getattr(lexicon, name)) for name in _LISTS}


def from_arrays(arrays: dict[str, np.ndarray], facts: dict[str, Any]) -> Lexicon:
    """Return the lexicon that `to_arrays` took apart."""
    paraphrases, *rows = ([arrays[f"{name}.{column}"] for column in range(3)] for name in _TABLES)
    synonyms, bases, stems = (Rows(*columns) for columns in rows)
    return Lexicon(Paraphrases(*paraphrases), synonyms, bases, stems, *(frozenset(facts[name]) for name in _LISTS))


def _rows(numbers: dict[str, list[int]]) -> Rows:
    keys = word_keys(list(numbers))
    order = np.argsort(keys)
    assert len(different(keys)) == len(keys), "two words share a key"
    lists = list(numbers.values())
    lists = [lists[place] for place in order.tolist()]
    ends = np.zeros(len(keys) + 1, np.int32)
    np.cumsum([len(row) for row in lists], out=ends[1:])
    return Rows(keys[order], ends, np.array([number for row in lists for number in row], np.int32))
