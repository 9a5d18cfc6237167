import numpy as np
import pytest

from watchword.core.errors import ScoreError
from watchword.metrics.kendall import kendall
from watchword.metrics.ratings import agreement, by_metric

RNG = np.random.default_rng(0)
QUALITY = RNG.normal(size=150)
IMAGES = np.repeat(np.arange(50), 3)
RATINGS = np.clip(np.round(QUALITY + RNG.normal(0, 0.5, 150) + 2.5), 1, 4)


def test_a_good_metric_agrees_more_than_a_poor_one():
    found = by_metric({"good": QUALITY, "poor": RNG.normal(size=150)}, RATINGS, IMAGES, resamples=200)
    assert found["good"].tau == kendall(QUALITY, RATINGS)
    assert found["good"].tau_c.low > 0.3 > found["poor"].tau_c.high
    for each in found.values():
        assert each.tau_b.low < each.tau.tau_b < each.tau_b.high
        assert each.tau_c.low < each.tau.tau_c < each.tau_c.high


def test_ratings_of_one_image_go_together():
    """The same ratings ten times over are no more to go by."""
    once = agreement(QUALITY, RATINGS, IMAGES, resamples=300).tau_b
    often = agreement(np.tile(QUALITY, 10), np.tile(RATINGS, 10), np.tile(IMAGES, 10), resamples=300).tau_b
    assert often.high - often.low == pytest.approx(once.high - once.low, rel=0.3)
    apart = agreement(np.tile(QUALITY, 10), np.tile(RATINGS, 10), np.arange(1500), resamples=300).tau_b
    assert apart.high - apart.low < 0.6 * (often.high - often.low)


def test_what_does_not_fit_is_refused():
    with pytest.raises(ScoreError, match="as many of both"):
        agreement(QUALITY, RATINGS[:5], IMAGES)
    with pytest.raises(ScoreError, match=r"images for .* scores"):
        agreement(QUALITY, RATINGS, IMAGES[:5])
