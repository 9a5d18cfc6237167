import numpy as np
import pytest

from watchword.core.errors import ScoreError
from watchword.metrics.bleu import Bleu, bleu
from watchword.metrics.comparison import compare
from watchword.metrics.tally import Tally, mean_tally

RNG = np.random.default_rng(2)
FIRST = RNG.normal(0.5, 0.1, 300)


def compared(second, **options):
    return compare([mean_tally("m", FIRST)], [mean_tally("m", second)], **options)[0]


def test_a_system_beside_itself_differs_by_nothing():
    same = compared(FIRST)
    assert (same.difference, same.low, same.high, same.bootstrap, same.permutation) == (0, 0, 0, 1, 1)


def test_a_steady_difference_is_real_and_a_small_one_is_not():
    real = compared(FIRST - RNG.normal(0.02, 0.05, 300))
    assert real.difference == pytest.approx(0.02, abs=0.01)
    assert 0 < real.low < real.difference < real.high
    assert max(real.bootstrap, real.permutation) < 0.01
    noise = compared(FIRST - RNG.normal(0, 0.05, 300))
    assert noise.low < 0 < noise.high
    assert min(noise.bootstrap, noise.permutation) > 0.05


def test_pairs_are_compared_not_sets():
    """A difference far smaller than the spread of images is seen when every image shows it."""
    assert compared(FIRST - 0.001).permutation < 0.01


def test_p_values_of_no_difference_are_spread_evenly():
    rng = np.random.default_rng(0)
    found = [
        compare([mean_tally("m", rng.normal(0, 1, 50))], [mean_tally("m", rng.normal(0, 1, 50))], resamples=200)[0]
        for _ in range(200)
    ]
    for name in ("bootstrap", "permutation"):
        small = sum(getattr(each, name) < 0.1 for each in found)
        assert 8 <= small <= 36  # 20 are expected


def test_the_permutation_test_equals_one_that_swaps_sentences():
    references = [["a b c d"], ["a b c d e"], ["x y"], ["p q r"]]
    sides = [["a b c d", "a b x", "x y z", "p q"], ["a b", "a b c d e", "x", "p q r"]]
    statistics = [Bleu(references).statistics(said).astype(float) for said in sides]
    tallies = [[Tally(("1", "2", "3", "4"), rows, lambda sums, _: bleu(sums))] for rows in statistics]
    found = compare(*tallies, resamples=4000)
    real = bleu(statistics[0].sum(0)) - bleu(statistics[1].sum(0))
    larger = np.zeros(4)
    for coins in np.ndindex(2, 2, 2, 2):
        swap = np.array(coins, bool)[:, None]
        mixed = [np.where(swap, statistics[1 - side], statistics[side]).sum(0) for side in (0, 1)]
        larger += np.abs(bleu(mixed[0]) - bleu(mixed[1])) >= np.abs(real) - 1e-12
    np.testing.assert_allclose([each.permutation for each in found], larger / 16, atol=0.03)
    np.testing.assert_allclose([each.difference for each in found], real)


def test_different_images_or_metrics_are_refused():
    with pytest.raises(ScoreError, match="over the same images and metrics"):
        compared(FIRST[:10])
    with pytest.raises(ScoreError, match="over the same images and metrics"):
        compare([mean_tally("m", FIRST)], [mean_tally("n", FIRST)])
