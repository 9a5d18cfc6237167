"""What the tests against naive searches share."""

import pytest
from hypothesis import settings
from hypothesis import strategies as some

from tests.generation.naive import Told
from watchword.generation.hypotheses import Hypothesis

WIDE = 400  # more hypotheses than there are at any step over the small vocabularies of these tests
seeds = some.integers(0, 10_000)
few = settings(max_examples=25, deadline=None, derandomize=True)


def assert_same(
    found: list[list[Hypothesis]], expected: list[list[Told]], exponent: float = 0.0, tolerance: float = 1e-6
) -> None:
    """Compare the hypotheses of each photo with those of a naive search: words, order, figures."""
    assert [[told.words for told in photo] for photo in found] == [[told.words for told in photo] for photo in expected]
    for photo, expected_photo in zip(found, expected, strict=True):
        for hypothesis, told in zip(photo, expected_photo, strict=True):
            assert hypothesis.log_probs == pytest.approx(told.log_probs, abs=tolerance)
            assert hypothesis.score == pytest.approx(told.score(exponent), abs=10 * tolerance)
            assert hypothesis.ended == told.ended
