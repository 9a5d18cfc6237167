"""The fast search and the fast matches against the slow ones of `naive`, on small words that match a lot."""

import random
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.metrics.meteor.adversarial import Maker
from tests.metrics.meteor.conftest import IRREGULAR, PARAPHRASES, SYNSETS
from tests.metrics.meteor.naive import Match, Naive
from tests.metrics.meteor.naive import search as slow_search
from watchword.metrics.meteor.align import align
from watchword.metrics.meteor.matches import Matcher, Matches
from watchword.metrics.meteor.normal import words_of
from watchword.metrics.meteor.scorer import Meteor, meteor_of, score
from watchword.metrics.meteor.sentences import read_sentences
from watchword.metrics.meteor.vocabulary import Vocabulary

FORMS = """geese men dogs hounds buses boxes watching watches rode rides bigger biggest glasses wines babies
    unknowns fuels going ss is"""
WORDS = [
    *SYNSETS,
    *FORMS.split(),
    *" ".join(IRREGULAR.values()).split(),
    *(phrase for pair in PARAPHRASES for phrase in pair),
]


def assert_same_as_naive(candidates, references, lexicon):
    """Compare statistics of every pair, and the scores of the pairs and of the set."""
    naive = Naive(lexicon)
    expected = np.array([naive.statistics(*pair) for pair in zip(candidates, references, strict=True)])
    found = Meteor(references, lexicon).statistics(candidates)
    for candidate, sentences, ours, theirs in zip(candidates, references, found, expected, strict=True):
        assert ours.tolist() == theirs.tolist(), (candidate, sentences)
    assert score(found).tolist() == [naive.score(figures) for figures in expected]


def made_up(seed, count, most=12, pool=WORDS):
    rng = random.Random(seed)

    def sentence():
        return " ".join(rng.choices(pool, k=rng.randint(0, most)))

    return [sentence() for _ in range(count)], [[sentence() for _ in range(rng.randint(1, 3))] for _ in range(count)]


@pytest.mark.parametrize(("seed", "most"), [(1, 6), (2, 12), (3, 18)])
def test_any_words(seed, most, small):
    assert_same_as_naive(*made_up(seed, 100 if most < 15 else 30, most), small)


@pytest.mark.parametrize("pool", [["a"], ["a", "the", "one"], ["a", "man", "a man", "a person", "men"]])
def test_few_words_many_times_fill_the_beam(pool, small):
    assert_same_as_naive(*made_up(len(pool), 40, 13, pool), small)


def test_sentences_that_are_variants_of_each_other(small):
    maker = Maker(5, PARAPHRASES)
    candidates, references = zip(*[maker.pair() for _ in range(60)], strict=True)
    assert_same_as_naive(candidates, references, small)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(*[st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join)] * 2), min_size=1, max_size=5))
def test_any_small_set(small, pairs):
    assert_same_as_naive([said for said, _ in pairs], [[theirs] for _, theirs in pairs], small)


@pytest.mark.parametrize("words", [31, 33, 64, 66])
def test_long_sentences_need_more_columns_of_bits(words, small):
    rng = random.Random(words)
    candidates = [" ".join(rng.choices(WORDS, k=words)) for _ in range(2)]
    references = [[" ".join(rng.choices(WORDS, k=length))] for length in (words, words - 3)]
    assert_same_as_naive(candidates, references, small)


def test_ranks_beyond_64_bits_are_as_good(small, monkeypatch):
    candidates, references = made_up(9, 60)
    expected = Meteor(references, small).statistics(candidates)
    monkeypatch.setattr("watchword.metrics.meteor.search._BITS", 1)
    assert np.array_equal(Meteor(references, small).statistics(candidates), expected)


def test_how_many_are_searched_at_once_does_not_matter(small, monkeypatch):
    candidates, references = made_up(8, 80)
    expected = Meteor(references, small).statistics(candidates)
    monkeypatch.setattr("watchword.metrics.meteor.align._TOGETHER", 3)
    monkeypatch.setattr("watchword.metrics.meteor.scorer._TOGETHER", 10)
    assert np.array_equal(Meteor(references, small).statistics(candidates), expected)


def test_long_sentences_take_little_memory(small):
    """NumPy tells tracemalloc of its arrays; with 8,000 pairs at once, whatever their length, it was 178 MB."""
    rng = random.Random(4)
    candidates, *references = ([" ".join(rng.choices(FORMS.split(), k=300)) for _ in range(25)] for _ in "1234")
    scorer = Meteor(list(zip(*references, strict=True)), small)
    tracemalloc.start()
    try:
        scorer.statistics(candidates)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 100e6


def test_matches_come_in_the_order_of_the_lists(small):
    candidates, references = made_up(7, 120)
    naive, vocabulary = Naive(small), Vocabulary(small)
    flat = [sentences[0] for sentences in references]
    ours, theirs = (read_sentences(texts, vocabulary, small) for texts in (candidates, flat))
    pairs = np.arange(len(flat))
    found = Matcher(ours, theirs, vocabulary, small).find(pairs, pairs)
    rows = list(zip(*(column.tolist() for column in found), strict=True))
    expected = [
        (pair, *match)
        for pair in pairs.tolist()
        for matches in naive.matches(words_of(candidates[pair], small), words_of(flat[pair], small))
        for match in matches
    ]
    assert rows == expected
    assert {row[1] for row in rows} == {0, 1, 2, 3}
    assert found.sizes.max() > 1


def random_matches(rng, ours, theirs):
    """Return matches from anywhere to anywhere, as lists by place in the reference."""
    found = [[] for _ in range(theirs)]
    for _ in range(rng.randint(0, 3 * theirs)):
        ref, cand = rng.randrange(theirs), rng.randrange(ours)
        sizes = (
            [1, 1]
            if rng.random() < 0.6
            else [rng.randint(1, min(3, ours - cand)), rng.randint(1, min(3, theirs - ref))]
        )
        found[ref].append(Match(rng.randint(0, 3), cand, sizes[0], ref, sizes[1]))
    return found


def test_the_search_alone_on_matches_that_no_words_would_give():
    rng = random.Random(11)
    sizes = [(rng.randint(1, 14), rng.randint(1, 14)) for _ in range(400)]
    found = [random_matches(rng, *size) for size in sizes]
    flat = [(pair, *match) for pair, lists in enumerate(found) for matches in lists for match in matches]
    matches = Matches(*np.array(flat).T)
    taken = align(matches, *np.array(sizes).T)
    for pair, (lists, size) in enumerate(zip(found, sizes, strict=True)):
        expected = slow_search(lists, *size).matches
        ours = [tuple(row[1:]) for row, chosen in zip(flat, taken, strict=True) if chosen and row[0] == pair]
        assert sorted(ours) == sorted(map(tuple, expected)), (lists, size)


def test_the_figure_of_a_set_is_that_of_summed_statistics(small):
    candidates, references = made_up(6, 50)
    naive = Naive(small)
    figures = Meteor(references, small).statistics(candidates)
    expected = figures.copy()
    whole = (figures[:, 0] == figures[:, 21]) & (figures[:, 1] == figures[:, 22]) & (figures[:, 20] == 1)
    expected[whole, 20] = 0
    assert meteor_of(figures) == naive.score(expected.sum(0))
