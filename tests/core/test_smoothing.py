from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchword.core.errors import ScoreError, SettingsError
from watchword.core.smoothing import aligned, total


def naive_total(similarities, alignment, beta):
    """Equations (10)-(12), a term at a time."""
    value = sum(similarities[t][region] for t, region in enumerate(alignment))
    return value + sum(beta for a, b in pairwise(alignment) if a == b)


def every_alignment(similarities):
    words, regions = similarities.shape
    return product(range(regions), repeat=words)


@given(
    seed=st.integers(0, 10_000),
    words=st.integers(1, 6),
    regions=st.integers(1, 4),
    beta=st.sampled_from([0.0, 0.3, 1.0, 2.5]),
)
def test_no_alignment_is_better(seed, words, regions, beta):
    similarities = np.random.default_rng(seed).normal(size=(words, regions))
    totals = [naive_total(similarities, alignment, beta) for alignment in every_alignment(similarities)]
    assert len(totals) == regions**words
    found = aligned(similarities, beta)
    assert found.shape == (words,)
    assert found.dtype == np.int64
    assert naive_total(similarities, found, beta) == pytest.approx(max(totals), abs=1e-9)
    assert total(similarities, found, beta) == pytest.approx(naive_total(similarities, found, beta))


@given(seed=st.integers(0, 10_000), beta=st.sampled_from([0.0, 1.0, 2.0]))
def test_no_alignment_is_better_where_many_are_as_good(seed, beta):
    similarities = np.random.default_rng(seed).integers(0, 3, size=(5, 3)).astype(float)
    best = max(naive_total(similarities, alignment, beta) for alignment in every_alignment(similarities))
    found = aligned(similarities, beta)
    assert naive_total(similarities, found, beta) == best
    assert np.array_equal(found, aligned(similarities, beta))


def test_of_equals_the_first_region_and_no_change():
    assert aligned(np.zeros((4, 3)), 0.0).tolist() == [0, 0, 0, 0]
    assert aligned(np.zeros((4, 3)), 1.0).tolist() == [0, 0, 0, 0]


def test_beta_0_gives_each_word_its_best_region():
    similarities = np.random.default_rng(0).normal(size=(30, 9))
    assert np.array_equal(aligned(similarities, 0.0), similarities.argmax(1))


@pytest.mark.parametrize("beta", [1e3, 1e30, 1e300])
def test_much_beta_gives_all_words_the_region_that_fits_most(beta):
    similarities = np.random.default_rng(0).normal(size=(30, 9))
    assert aligned(similarities, beta).tolist() == [similarities.sum(0).argmax()] * 30


def test_more_beta_never_means_more_changes():
    similarities = np.random.default_rng(3).normal(size=(40, 8))
    changes = [int(np.count_nonzero(np.diff(aligned(similarities, beta)))) for beta in np.linspace(0, 8, 30)]
    assert changes == sorted(changes, reverse=True)
    assert changes[0] > 20
    assert changes[-1] == 0


def test_it_is_what_fits_best_that_is_found_not_what_fits_worst():
    """By the letter of the paper, which minimises equation (10), the word would go to region 0."""
    assert aligned(np.array([[-5.0, 5.0]]), 1.0).tolist() == [1]
    assert aligned(np.array([[1.0, 0.0], [0.0, 0.5], [1.0, 0.0]]), 0.3).tolist() == [0, 0, 0]


def test_a_long_sentence_and_many_regions_are_no_matter():
    similarities = np.random.default_rng(0).normal(size=(2_000, 3_000))
    found = aligned(similarities, 2.0)
    assert total(similarities, found, 2.0) > total(similarities, similarities.argmax(1), 2.0)


def test_a_sentence_without_words_has_no_regions():
    assert aligned(np.zeros((0, 3)), 1.0).shape == (0,)


@pytest.mark.parametrize("beta", [-0.1, float("nan"), float("inf")])
def test_beta_has_to_be_0_or_more(beta):
    with pytest.raises(SettingsError, match=rf"beta={beta}: 0 or more, and finite"):
        aligned(np.zeros((2, 3)), beta)


@pytest.mark.parametrize("shape", [(3,), (3, 0), (1, 2, 3)])
def test_shapes_are_checked(shape):
    with pytest.raises(ScoreError, match=r"similarities \(.*\): \(words, regions\) is what it takes"):
        aligned(np.zeros(shape), 1.0)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_similarities_have_to_be_numbers(value):
    similarities = np.zeros((2, 3))
    similarities[1, 2] = value
    with pytest.raises(ScoreError, match="a similarity is not finite"):
        aligned(similarities, 1.0)
