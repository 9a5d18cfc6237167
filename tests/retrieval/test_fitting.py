"""What of a search fits: by its best first, then by each."""

import pytest

from watchword.retrieval.calibration import Calibration
from watchword.retrieval.fitting import best_of, fitting, hidden, looked_at
from watchword.retrieval.hits import Hit
from watchword.runtime.match_calibration import OfPhoto

OF_PHOTO = OfPhoto(per_word=1.0, words=0.0, bias=0.0, least=0.3)


def found(*chances):
    """Hits of such probabilities to answer the search, and to fit."""
    return [Hit(f"{i}.jpg", 0.0, (), fits, answers=answers) for i, (answers, fits) in enumerate(chances)]


@pytest.mark.parametrize(
    ("chances", "shown"),
    [
        (((0.9, 0.8), (0.6, 0.4), (0.5, 0.3), (0.4, 0.29)), [0, 1, 2]),  # that some do not answer by themselves is well
        (((0.49, 0.9), (0.4, 0.8)), []),  # the best does not answer
        (((0.6, 0.1), (0.55, 0.05)), [0]),  # the best is shown always
        (((0.2, 0.1), (0.6, 0.4), (0.5, 0.35)), [1, 2]),  # in an order of sentences the best need not be the first
        ((), []),
    ],
)
def test_the_best_decides_whether_anything_fits_and_each_for_itself(chances, shown):
    hits = found(*chances)
    calibration = Calibration(1.0, 0.0, 0.0, least=0.5, photo=OF_PHOTO)
    assert [hits.index(hit) for hit in fitting(hits, calibration)] == shown


def test_what_is_hidden_is_counted_among_the_first():
    hits = found((0.9, 0.8), (0.6, 0.1), (0.5, 0.4), (0.4, 0.1))
    fits = fitting(hits, Calibration(1.0, 0.0, 0.0, least=0.5, photo=OF_PHOTO))[:2]
    assert [hits.index(hit) for hit in fits] == [0, 2]
    assert [hidden(hits[:limit], fits) for limit in (1, 2, 3, 4)] == [0, 1, 1, 2]
    assert (looked_at(5, "regions"), looked_at(5, "both"), looked_at(96, "sentences")) == (5, 60, 96)


def test_without_a_model_of_photos_each_is_judged_as_the_best():
    hits = found((0.9, 0.9), (0.6, 0.6), (0.4, 0.4))
    assert fitting(hits, Calibration(1.0, 0.0, 0.0, least=0.5)) == hits[:2]
    assert fitting(hits, None) == hits


def test_the_best_of_hits_without_probabilities_is_the_first():
    hits = found((None, None), (None, None))
    assert best_of(hits) is hits[0]
    assert best_of([]) is None
