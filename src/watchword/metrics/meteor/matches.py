"""Which words of candidates and references may be aligned: exact, by stem, by synonym, by paraphrase."""

from typing import NamedTuple

import numpy as np

from watchword.metrics.meteor.lexicon import Lexicon
from watchword.metrics.meteor.ragged import spans
from watchword.metrics.meteor.related import PARAPHRASE, related_phrases, related_words
from watchword.metrics.meteor.relation import Numbers
from watchword.metrics.meteor.sentences import Sentences
from watchword.metrics.meteor.vocabulary import Vocabulary


class Matches(NamedTuple):
    """Possible alignments of pairs of sentences, by pair, by place in the reference, in the order of the search.

    Columns, (M,) int64 each: the pair; the module; where the match starts and how many words it has in the
    candidate; and in the reference.
    """

    pairs: np.ndarray
    modules: np.ndarray
    places: np.ndarray
    sizes: np.ndarray
    reference_places: np.ndarray
    reference_sizes: np.ndarray


class Matcher:
    """Finds the matches between some candidates and some references."""

    def __init__(self, candidates: Sentences, references: Sentences, vocabulary: Vocabulary, lexicon: Lexicon) -> None:
        """Gather which of their words and phrases go together."""
        self._candidates, self._references, self._hashes = candidates, references, vocabulary.hashes
        ours, theirs = candidates.phrases, references.phrases
        words = related_words(vocabulary, references.words, candidates.words)
        phrases = related_phrases(lexicon.paraphrases, theirs.numbers, ours.numbers)
        self._words = words.between(
            Numbers(references.ends, references.words), Numbers(candidates.ends, candidates.words)
        )
        self._phrases = phrases.between(Numbers(theirs.ends, theirs.numbers), Numbers(ours.ends, ours.numbers))

    def find(self, candidates: np.ndarray, references: np.ndarray) -> Matches:
        """Return the matches of P pairs: (P,) numbers of candidates, (P,) numbers of references."""
        exact = self._exact(candidates, references)
        same = self._same(exact, candidates, references)
        which = np.flatnonzero(~same)  # where all words are the same, only exact matches count
        words = self._related_words(which, candidates[which], references[which])
        phrases = self._paraphrases(which, candidates[which], references[which])
        return _in_order([exact, words, phrases])

    def _exact(self, candidates: np.ndarray, references: np.ndarray) -> "_Found":
        ours, theirs = self._candidates, self._references
        pairs, places = spans(theirs.ends[references], theirs.ends[references + 1])
        about = candidates[pairs]
        rows, columns = spans(ours.ends[about], ours.ends[about + 1])
        wanted, given = self._hashes[theirs.words[places]], self._hashes[ours.words]
        cells = np.flatnonzero(wanted[rows] == given[columns])
        rows, columns = rows[cells], columns[cells]
        pairs = pairs[rows]
        mine = columns - ours.ends[candidates[pairs]]
        return _found_words(pairs, np.zeros_like(pairs), mine, places[rows] - theirs.ends[references[pairs]])

    def _same(self, exact: "_Found", candidates: np.ndarray, references: np.ndarray) -> np.ndarray:
        """Return (P,) bool, whether both sentences of a pair have the same words in the same order."""
        ours, theirs = self._candidates.lengths[candidates], self._references.lengths[references]
        diagonal = np.bincount(exact.pairs[exact.places == exact.reference_places], minlength=len(ours))
        return (ours == theirs) & (diagonal == ours)

    def _related_words(self, which: np.ndarray, candidates: np.ndarray, references: np.ndarray) -> "_Found":
        pairs, theirs, ours, modules = self._words.find(references, candidates)
        mine = ours - self._candidates.ends[candidates[pairs]]
        return _found_words(which[pairs], modules, mine, theirs - self._references.ends[references[pairs]])

    def _paraphrases(self, which: np.ndarray, candidates: np.ndarray, references: np.ndarray) -> "_Found":
        pairs, at, by, tags = self._phrases.find(references, candidates)
        theirs, ours = self._references.phrases, self._candidates.phrases
        ranks, reverse = tags >> 1, tags & 1
        mine, size, their_size = ours.places[by], ours.sizes[by], theirs.sizes[at]
        # From the reference's phrase: the shorter first, by the table, by the candidate's order. Then from
        # the candidate's phrase: by its order, the shorter first, by the table.
        first, second, third = np.where(reverse, [mine, size, ranks], [their_size, ranks, mine])
        return _Found(
            which[pairs], PARAPHRASE + reverse, mine, size, theirs.places[at], their_size, first, second, third
        )


class _Found(NamedTuple):
    """Matches with what orders them: the columns of `Matches`, groups in place of modules, and three numbers."""

    pairs: np.ndarray
    groups: np.ndarray
    places: np.ndarray
    sizes: np.ndarray
    reference_places: np.ndarray
    reference_sizes: np.ndarray
    first: np.ndarray
    second: np.ndarray
    third: np.ndarray


def _found_words(pairs: np.ndarray, groups: np.ndarray, places: np.ndarray, others: np.ndarray) -> _Found:
    ones, none = np.ones_like(pairs), np.zeros_like(pairs)
    return _Found(pairs, groups, places, ones, others, ones, places, none, none)


def _in_order(parts: list[_Found]) -> Matches:
    """Join and sort: by pair, place in the reference, group, and the three numbers."""
    found = _Found(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))
    keys = [found.pairs, found.reference_places, found.groups, found.first, found.second, found.third]
    order = np.lexsort(_packed(keys)[::-1])
    columns = [column[order] for column in found[:6]]
    np.minimum(columns[1], PARAPHRASE, out=columns[1])
    return Matches(*columns)


def _packed(keys: list[np.ndarray]) -> list[np.ndarray]:
    """Return as few columns of int64 as hold the same order as `keys`, none below zero, first to last."""
    packed, room = [keys[0]], (1 << 62) // (int(keys[0].max(initial=0)) + 1)
    for key in keys[1:]:
        width = int(key.max(initial=0)) + 1
        if room < width:
            packed.append(key)
            room = (1 << 62) // width
        else:
            packed[-1] = packed[-1] * width + key
            room //= width
    return packed
