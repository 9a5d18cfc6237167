"""The 23 figures of an alignment, in the order of METEOR's own program, and the score that they give."""

import numpy as np

from watchword.metrics.meteor.matches import Matches
from watchword.metrics.meteor.power import fragmentation
from watchword.metrics.meteor.sentences import Sentences

FIGURES = 23
_LENGTHS = slice(0, 2)  # words of candidate and reference; then the function words of both
_MATCHED = 4  # from here on, for each module: content words of both, then function words of both
_CHUNKS, _WORDS = 20, slice(21, 23)  # chunks; matched words of both
_WEIGHTS = (1.0, 0.6, 0.8, 0.6)  # of the modules
_CONTENT = 0.75  # weight of a content word; a function word has the rest
_RECALL = 0.85  # weight of recall in the mean of both
_PENALTY = 0.6


def statistics(
    matches: Matches, candidates: Sentences, references: Sentences, ours: np.ndarray, theirs: np.ndarray
) -> np.ndarray:
    """Return (P, 23) float64 of the `matches` taken between sentences `ours` and `theirs`, (P,) numbers each."""
    table = np.zeros((len(ours), FIGURES))
    table[:, _CHUNKS] = np.bincount(matches.pairs, _opens_chunk(matches), len(ours))
    sides = (
        (candidates, ours, matches.places, matches.sizes),
        (references, theirs, matches.reference_places, matches.reference_sizes),
    )
    cells = matches.pairs * FIGURES + _MATCHED + 4 * matches.modules
    flat = table.reshape(-1)
    for side, (sentences, which, places, sizes) in enumerate(sides):
        table[:, side] = sentences.lengths[which]
        table[:, 2 + side] = sentences.functions[sentences.ends[which + 1]] - sentences.functions[sentences.ends[which]]
        first = sentences.ends[which[matches.pairs]] + places
        functions = sentences.functions[first + sizes] - sentences.functions[first]
        np.add.at(flat, cells + side, sizes - functions)
        np.add.at(flat, cells + 2 + side, functions)
        table[:, 21 + side] = np.bincount(matches.pairs, sizes, len(ours))
    return table


def _opens_chunk(matches: Matches) -> np.ndarray:
    """Return (M,) bool: whether a match does not go on, in both sentences, where the one before ends."""
    opens = np.ones(len(matches.pairs), bool)
    same = matches.pairs[1:] == matches.pairs[:-1]
    for starts, sizes in (
        (matches.places, matches.sizes),
        (matches.reference_places, matches.reference_sizes),
    ):
        same &= starts[1:] == (starts + sizes)[:-1]
    opens[1:] = ~same
    return opens


def score(figures: np.ndarray) -> np.ndarray:
    """Return (P,) float64, 0 to 1, the scores of `figures`, (P, 23), of pairs or of sums that `total` made.

    The steps are those of the published program, in its order, so that not even the last digits differ.
    """
    matched = [_matched(figures, side) for side in (0, 1)]
    scores = np.zeros(len(figures))
    rows = np.flatnonzero((matched[0] > 0) & (matched[1] > 0))
    figures = figures[rows]
    precision, recall = (matched[side][rows] / _weighed(figures, side) for side in (0, 1))
    means = 1 / ((1 - _RECALL) / precision + _RECALL / recall)
    chunks, words = figures[:, _CHUNKS].astype(int).tolist(), figures[:, _WORDS].sum(1).astype(int).tolist()
    broken = np.array(list(map(fragmentation, chunks, words)))
    broken[_whole(figures)] = 0
    scores[rows] = means * (1 - _PENALTY * broken)
    return scores


def total(figures: np.ndarray) -> np.ndarray:
    """Return (23,) float64, the figures of a set: the sum of `figures`, (P, 23). Perfect sentences have no chunks."""
    return without_chunks_of_whole(figures).sum(0)


def without_chunks_of_whole(figures: np.ndarray) -> np.ndarray:
    """Return `figures`, (P, 23), ready to be added up; the scores of single rows stay as they are."""
    kept = figures.copy()
    kept[_whole(figures), _CHUNKS] = 0
    return kept


def _whole(figures: np.ndarray) -> np.ndarray:
    """Return (P,) bool: whether all words of both sides are matched in one chunk."""
    return (figures[:, _LENGTHS] == figures[:, _WORDS]).all(1) & (figures[:, _CHUNKS] <= 1)


def _matched(figures: np.ndarray, side: int) -> np.ndarray:
    """Return (P,) the words of one side that are matched, by the weights of their modules and kinds."""
    sums = np.zeros(len(figures))
    for first, weight in ((_MATCHED, _CONTENT), (_MATCHED + 2, 1 - _CONTENT)):
        for module, of_module in enumerate(_WEIGHTS):
            sums += figures[:, first + 4 * module + side] * of_module * weight
    return sums


def _weighed(figures: np.ndarray, side: int) -> np.ndarray:
    """Return (P,) the words of one side, by the weights of their kinds."""
    functions = figures[:, 2 + side]
    return _CONTENT * (figures[:, side] - functions) + (1 - _CONTENT) * functions
