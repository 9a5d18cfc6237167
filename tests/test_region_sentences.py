"""The baselines of bench/region_sentences.py."""

import sys
from pathlib import Path

import numpy as np
import pytest

BENCH = Path(__file__).parent.parent / "bench"


@pytest.fixture
def region_sentences(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCH))
    for name in ("trainings", "region_sentences"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    import region_sentences

    return region_sentences


def test_the_phrase_that_fits_best_is_found_word_by_word(region_sentences, monkeypatch):
    random = np.random.default_rng(0)
    vectors = random.normal(size=(7, 4))
    words = [random.normal(size=(count, 4)) for count in random.integers(1, 4, 11)]
    expected = [max(range(11), key=lambda each: float((words[each] @ vector).sum())) for vector in vectors]
    for together in (3, 100):
        monkeypatch.setattr(region_sentences, "TOGETHER", together)
        assert region_sentences.most_compatible(vectors, words).tolist() == expected


def test_settings_given_come_over_the_usual_ones(region_sentences):
    assert region_sentences.merged("width=256 epochs=12", "epochs=1 minimum=2") == "width=256 epochs=1 minimum=2"
    assert region_sentences.merged("width=256", "") == "width=256"
