"""Relations between the words and phrases of references and those of candidates."""

import numpy as np

from watchword.metrics.meteor.hashes import different
from watchword.metrics.meteor.paraphrases import Paraphrases
from watchword.metrics.meteor.ragged import join, spans
from watchword.metrics.meteor.relation import Relation
from watchword.metrics.meteor.vocabulary import Vocabulary

EXACT, STEM, SYNONYM, PARAPHRASE = range(4)  # the modules of METEOR


def related_words(vocabulary: Vocabulary, references: np.ndarray, candidates: np.ndarray) -> Relation:
    """Relate words, given by their numbers, that differ but share a stem or a set of synonyms; tags: the module."""
    theirs, ours = different(references), different(candidates)
    rows, columns = join(vocabulary.stems[theirs], vocabulary.stems[ours])
    stems = theirs[rows].astype(np.int64) << 32 | ours[columns]
    left, right = _synsets(vocabulary, theirs), _synsets(vocabulary, ours)
    rows, columns = join(vocabulary.synsets[left], vocabulary.synsets[right])
    words = vocabulary.synset_words
    synonyms = different(words[left[rows]].astype(np.int64) << 32 | words[right[columns]])
    pairs, modules = np.concatenate([stems, synonyms]), np.repeat([STEM, SYNONYM], [len(stems), len(synonyms)])
    left, right = pairs >> 32, pairs & 0xFFFFFFFF
    kept = vocabulary.hashes[left] != vocabulary.hashes[right]
    return Relation(left[kept], right[kept], modules[kept])


def related_phrases(table: Paraphrases, references: np.ndarray, candidates: np.ndarray) -> Relation:
    """Relate phrases, given by their numbers, of which one stands in the table as a paraphrase of the other.

    Tags: twice the place in the row of the table; and one more where it is the row of the candidate's phrase.
    """
    theirs, ours = different(references), different(candidates)
    source, target, rank = _paraphrases(table, theirs, ours)
    back, to, place = _paraphrases(table, ours, theirs)
    return Relation(
        np.concatenate([source, to]), np.concatenate([target, back]), np.concatenate([2 * rank, 2 * place + 1])
    )


def _paraphrases(table: Paraphrases, sources: np.ndarray, targets: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return the rows of the table from `sources` to `targets`: both numbers, and the place in the row."""
    wanted = np.zeros(len(table.keys), bool)
    wanted[targets] = True
    starts = table.ends[sources]
    which, at = spans(starts, table.ends[sources + 1])
    others = table.others[at]
    kept = np.flatnonzero(wanted[others])
    which, at = which[kept], at[kept]
    return sources[which], others[kept].astype(np.int64), at - starts[which]


def _synsets(vocabulary: Vocabulary, words: np.ndarray) -> np.ndarray:
    """Return the places in the vocabulary's columns of synonyms that are about `words`."""
    wanted = np.zeros(len(vocabulary), bool)
    wanted[words] = True
    return np.flatnonzero(wanted[vocabulary.synset_words])
