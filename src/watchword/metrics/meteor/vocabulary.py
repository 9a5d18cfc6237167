"""What METEOR knows of each word, looked up once, many new words at a time."""

from collections.abc import Sequence
from itertools import chain

import numpy as np

from watchword.metrics.meteor.hashes import java_hash, places, word_keys
from watchword.metrics.meteor.lexicon import Lexicon, Rows
from watchword.metrics.meteor.ragged import spans
from watchword.metrics.meteor.stems import stem

# WordNet's rules from inflected forms to bases: nouns, verbs, adjectives. The first that leads to a word counts.
_SUFFIXES = [
    rule.split("-")
    for rule in [
        "s-",
        "ses-s",
        "xes-x",
        "zes-z",
        "ches-ch",
        "shes-sh",
        "men-man",
        "ies-y",
        "s-",
        "ies-y",
        "es-e",
        "es-",
        "ed-e",
        "ed-",
        "ing-e",
        "ing-",
        "er-",
        "est-",
        "er-e",
        "est-e",
    ]
]


class Vocabulary:
    """Numbers for words, and columns that tell of each number; words that come later get later numbers.

    keys: (V,) uint64. hashes, stems: (V,) int32, the Java hash of the word and of its stem. function: (V,)
    bool. synset_words, synsets: (X,) int32 each, which word is in which set of synonyms, by word.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        """Start with no words."""
        self._lexicon = lexicon
        self._numbers: dict[str, int] = {}
        self.keys = np.empty(0, np.uint64)
        self.hashes, self.stems, self.synset_words, self.synsets = [np.empty(0, np.int32)] * 4
        self.function = np.empty(0, bool)

    def __len__(self) -> int:
        """Count the words."""
        return len(self._numbers)

    def numbers(self, sentences: Sequence[Sequence[str]]) -> np.ndarray:
        """Return the numbers, int32, of all words of `sentences`, one after the other."""
        numbers = self._numbers
        new = [word for word in dict.fromkeys(chain.from_iterable(sentences)) if word not in numbers]
        if new:
            self._add(new)
        return np.fromiter(map(numbers.__getitem__, chain.from_iterable(sentences)), np.int32)

    def _add(self, words: list[str]) -> None:
        first, lexicon = len(self._numbers), self._lexicon
        self._numbers.update(zip(words, range(first, first + len(words)), strict=True))
        keys = word_keys(words)
        self.keys = np.concatenate([self.keys, keys])
        self.hashes = np.concatenate([self.hashes, np.array(list(map(java_hash, words)), np.int32)])
        self.stems = np.concatenate([self.stems, _stems(words, keys, lexicon.stems)])
        self.function = np.concatenate([self.function, [word in lexicon.function_words for word in words]])
        holders, synsets = _synsets(words, keys, lexicon)
        self.synset_words = np.concatenate([self.synset_words, first + holders])
        self.synsets = np.concatenate([self.synsets, synsets])


def _stems(words: list[str], keys: np.ndarray, known: Rows) -> np.ndarray:
    """Return (N,) int32, the Java hashes of the stems: of known words as they were compiled."""
    rows = places(known.keys, keys)
    stems = known.values[rows] if len(known.values) else np.zeros(len(words), np.int32)
    for place in np.flatnonzero(rows < 0).tolist():
        stems[place] = java_hash(stem(words[place]))
    return stems


def _synsets(words: list[str], keys: np.ndarray, lexicon: Lexicon) -> tuple[np.ndarray, np.ndarray]:
    """Return which word is in which set of synonyms, each once, by word: two int32 columns.

    A word is in the sets of its own and in those of its bases.
    """
    wordnet, bases = lexicon.synonyms, lexicon.bases
    irregular = places(bases.keys, keys)
    forms = np.flatnonzero(irregular >= 0)
    which, at = spans(bases.ends[irregular[forms]], bases.ends[irregular[forms] + 1])
    regular, base = _regular_bases(words, irregular < 0, wordnet.keys)
    own = places(wordnet.keys, keys)
    known = np.flatnonzero(own >= 0)
    holders = np.concatenate([known, forms[which], regular])
    rows = np.concatenate([own[known], bases.values[at], base])
    which, at = spans(wordnet.ends[rows], wordnet.ends[rows + 1])
    pairs = np.unique(holders[which].astype(np.int64) << 32 | wordnet.values[at])
    return (pairs >> 32).astype(np.int32), (pairs & 0xFFFFFFFF).astype(np.int32)


def _regular_bases(words: list[str], allowed: np.ndarray, known: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the places in `words` of those that a rule leads to a known word, and where that word is in `known`."""
    holders, shorter = [], []
    for place in np.flatnonzero(allowed).tolist():
        word = words[place]
        if len(word) > 2 and not word.endswith("ss"):
            for suffix, instead in _SUFFIXES:
                if word.endswith(suffix):
                    holders.append(place)
                    shorter.append(word[: -len(suffix)] + instead)
    found = places(known, word_keys(shorter))
    hits = np.flatnonzero(found >= 0)
    regular, first = np.unique(np.array(holders, np.int64)[hits], return_index=True)
    return regular, found[hits[first]]
