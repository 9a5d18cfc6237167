from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchword.core.errors import ScoreError
from watchword.core.smoothing import aligned
from watchword.core.snippets import Snippet, single, snippets

WORDS = ["tabby", "cat", "is", "leaning", "on", "a", "wooden", "table"]


def test_neighbours_in_one_region_are_one_snippet():
    alignment = np.array([2, 2, 2, 2, 0, 1, 1, 1])
    similarities = np.arange(24, dtype=np.float32).reshape(8, 3)
    found = snippets(similarities, alignment)
    assert found == [Snippet(0, 4, 2, 6.5), Snippet(4, 5, 0, 12.0), Snippet(5, 8, 1, 19.0)]
    assert [each.of(WORDS) for each in found] == ["tabby cat is leaning", "on", "a wooden table"]


def test_words_may_be_on_their_own():
    similarities = np.array([[1, 3], [2, 5], [4, 4], [0, -1]])
    assert single(similarities) == [Snippet(0, 1, 1, 3), Snippet(1, 2, 1, 5), Snippet(2, 3, 0, 4), Snippet(3, 4, 0, 0)]
    assert single(np.zeros((0, 2))) == []


@given(st.lists(st.integers(0, 3), min_size=1, max_size=12), st.integers(0, 1000))
def test_every_word_is_in_one_snippet_and_neighbouring_snippets_differ(regions, seed):
    similarities, alignment = np.random.default_rng(seed).normal(size=(len(regions), 4)), np.array(regions)
    found = snippets(similarities, alignment)
    rebuilt = [each.region for each in found for _ in range(each.first, each.end)]
    assert rebuilt == regions
    assert [each.first for each in found] == [0, *(each.end for each in found[:-1])]
    assert all(a.region != b.region for a, b in pairwise(found))
    weighed = sum(each.similarity * (each.end - each.first) for each in found)
    assert weighed == pytest.approx(similarities[np.arange(len(regions)), alignment].sum())


def test_more_beta_makes_fewer_and_longer_snippets():
    similarities = np.random.default_rng(0).normal(size=(20, 5))
    counts = [len(snippets(similarities, aligned(similarities, beta))) for beta in (0.0, 1.0, 50.0)]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[1] > counts[2] == 1


def test_a_sentence_without_words_has_none():
    assert snippets(np.zeros((0, 3)), np.zeros(0, np.int64)) == []


def test_what_does_not_fit_is_refused():
    with pytest.raises(ScoreError, match=r"similarities \(3, 2\), alignment \(4,\): \(words, regions\) and \(words,\)"):
        snippets(np.zeros((3, 2)), np.zeros(4, np.int64))
    for region in (2, -1):
        with pytest.raises(ScoreError, match="there are 2, from 0"):
            snippets(np.zeros((3, 2)), np.array([0, region, 1]))
