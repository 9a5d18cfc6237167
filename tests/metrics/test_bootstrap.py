import numpy as np
import pytest

from watchword.core.errors import ScoreError
from watchword.metrics.bleu import Bleu, bleu
from watchword.metrics.bootstrap import drawn, intervals, resampled
from watchword.metrics.tally import Tally, mean_tally

SCORES = np.random.default_rng(1).normal(0.5, 0.1, 400)


def test_sets_have_as_many_images_and_are_the_same_for_the_same_seed():
    times = np.concatenate(list(drawn(7, 50, seed=3)))
    assert times.shape == (50, 7)
    assert (times.sum(1) == 7).all()
    assert (times == np.concatenate(list(drawn(7, 50, seed=3)))).all()
    assert (times != np.concatenate(list(drawn(7, 50, seed=4)))).any()


def test_many_images_are_drawn_a_few_sets_at_a_time():
    parts = list(drawn(1_000_000, 5, seed=0))
    assert [len(part) for part in parts] == [2, 2, 1]


def test_figures_of_drawn_sets_equal_those_computed_image_by_image():
    references = [["a b c d"], ["a b c d e"], ["x y"]]
    statistics = Bleu(references).statistics(["a b c d", "a b x", "x y z"]).astype(float)
    tallies = [Tally(("1", "2", "3", "4"), statistics, lambda sums, _: bleu(sums)), mean_tally("m", SCORES[:3])]
    found = resampled(tallies, resamples=20, seed=5)
    for row, times in zip(found, np.concatenate(list(drawn(3, 20, seed=5))), strict=True):
        chosen = np.repeat(np.arange(3), times.astype(int))
        np.testing.assert_allclose(row[:4], bleu(statistics[chosen].sum(0)))
        np.testing.assert_allclose(row[4], SCORES[chosen].mean())


def test_the_interval_of_a_mean_is_about_two_standard_errors_wide():
    span = intervals([mean_tally("m", SCORES)], resamples=4000)["m"]
    error = SCORES.std() / len(SCORES) ** 0.5
    assert span.low == pytest.approx(SCORES.mean() - 1.96 * error, abs=0.2 * error)
    assert span.high == pytest.approx(SCORES.mean() + 1.96 * error, abs=0.2 * error)
    narrow = intervals([mean_tally("m", SCORES)], level=0.5)["m"]
    assert span.low < narrow.low < narrow.high < span.high


def test_intervals_hold_the_truth_about_as_often_as_they_say():
    rng, hits = np.random.default_rng(0), 0
    for seed in range(200):
        span = intervals([mean_tally("m", rng.normal(0, 1, 60))], resamples=200, seed=seed)["m"]
        hits += span.low <= 0 <= span.high
    assert 180 <= hits <= 199


@pytest.mark.parametrize("bad", [{"resamples": 1}, {"level": 1.0}, {"level": 0.0}])
def test_what_makes_no_interval_is_refused(bad):
    with pytest.raises(ScoreError, match=r"resamples: 2 or more|between 0 and 1"):
        intervals([mean_tally("m", SCORES)], **bad)
