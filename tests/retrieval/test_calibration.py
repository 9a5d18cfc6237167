import numpy as np
import pytest

from tests.retrieval.made import Fixed, MadeMatcher, fill, put
from watchword.core.errors import RetrievalError
from watchword.metrics.logistic import fit_logistic
from watchword.retrieval.calibration import Best, Calibration, fit_calibration, from_numbers, with_photos
from watchword.retrieval.index import Index
from watchword.runtime.match_calibration import OfPhoto


def drawn(count=4000, seed=0):
    """Scores of sentences of 2 to 9 words; those that fit score higher a word, long sentences less so."""
    random = np.random.default_rng(seed)
    words = random.integers(2, 10, count)
    fits = random.random(count) < 0.5
    each = random.normal(np.where(fits, 1.0, 0.2) - 0.03 * words, 0.3)
    return [(float(score), int(n)) for score, n in zip(each * words, words, strict=True)], fits


def test_probabilities_come_true():
    scored, fits = drawn()
    found = fit_calibration(
        [pair for pair, fit in zip(scored, fits, strict=True) if fit],
        [pair for pair, fit in zip(scored, fits, strict=True) if not fit],
        fit_logistic,
    )
    said = np.array([found.probability(*pair) for pair in scored])
    for low in (0.0, 0.25, 0.5, 0.75):
        inside = (said >= low) & (said < low + 0.25)
        assert abs(said[inside].mean() - fits[inside].mean()) < 0.06
    assert found.per_word > 0
    assert found.probability(1e9, 1) == 1
    assert found.probability(-1e9, 1) == 0


def test_sentences_of_one_length_are_enough():
    found = fit_calibration([(3.0, 3), (2.7, 3)], [(0.3, 3), (0.6, 3)], fit_logistic)
    assert found.probability(3.0, 3) > 0.5 > found.probability(0.3, 3)


@pytest.mark.parametrize(
    ("positive", "negative", "message"),
    [
        ([], [(1.0, 2)], "0 scores that fit and 1 that do not; there have to be both"),
        ([(float("nan"), 2)], [(1.0, 2)], "has to be finite, and of a sentence of at least one word"),
        ([(1.0, 0)], [(1.0, 2)], "at least one word"),
    ],
)
def test_what_cannot_be_fitted(positive, negative, message):
    with pytest.raises(RetrievalError, match=message):
        fit_calibration(positive, negative, fit_logistic)


def test_nothing_is_returned_when_nothing_fits(tmp_path):
    put(tmp_path / "photos" / "a.png", "red", "red", "red", "red")
    put(tmp_path / "photos" / "b.png", "green", "green", "green", "green")
    index = Index(tmp_path / "index")
    index.update([tmp_path / "photos"], MadeMatcher())
    index.calibrate(fit_calibration([(1.9, 1), (4.0, 2)], [(-1.0, 1), (0.1, 1), (0.4, 2)], fit_logistic))
    again = Index(tmp_path / "index", MadeMatcher())
    (hit,) = again.search("red", least=0.5)
    assert hit.path.endswith("a.png")
    assert hit.probability == again.about.calibration.probability(hit.score, 1) > 0.5
    assert again.search("blue", least=0.5) == []
    assert len(again.search("blue")) == 2
    index.calibrate(None)
    assert again.search("red")[0].probability is None


def test_a_model_that_is_replaced_takes_its_calibration_along(tmp_path):
    index = Index(tmp_path / "index")
    index.update([], MadeMatcher("one"))
    index.calibrate(Calibration(1.0, 0.0, -1.0))
    assert index.about.calibration == Calibration(1.0, 0.0, -1.0)
    index.update([], MadeMatcher("one"))
    assert index.about.calibration == Calibration(1.0, 0.0, -1.0)
    index.update([], MadeMatcher("two"), rebuild=True)
    assert index.about.calibration is None


def test_there_is_nothing_to_calibrate(tmp_path):
    with pytest.raises(RetrievalError, match="there is no index at"):
        Index(tmp_path / "index").calibrate(None)
    assert not (tmp_path / "index").exists()


def test_pictures_have_no_probability(tmp_path):
    index = Index(fill(tmp_path / "index", [np.ones((1, 4), np.float16)]), Fixed(np.ones((1, 4))))
    index.calibrate(Calibration(1.0, 0.0, -1.0))
    assert index.search(image=np.zeros((2, 2), np.uint8))[0].probability is None


def photos_drawn(count=4000):
    """Means over words, numbers of words, rarities and hubnesses of photos, of which a third fit, and which do."""
    random = np.random.default_rng(1)
    fits = random.random(count) < 0.3
    rows = np.stack(
        [random.normal(np.where(fits, 0.8, 0.3), 0.2), random.integers(1, 9, count), *random.normal(0, 1, (2, count))],
        1,
    )
    return rows, fits


@pytest.mark.parametrize("averaged", [False, True])
def test_probabilities_of_single_photos_come_true(averaged):
    rows, fits = photos_drawn()
    found = with_photos(Calibration(1.0, 0.0, 0.0, averaged=averaged), rows, fits, fit_logistic)
    said = np.array([found.of_photo(row[0] * (1 if averaged else row[1]), int(row[1]), *row[2:]) for row in rows])
    for low in (0.0, 0.25, 0.5, 0.75):
        inside = (said >= low) & (said < low + 0.25)
        assert inside.sum() > 20
        assert abs(said[inside].mean() - fits[inside].mean()) < 0.08
    assert Calibration(1.0, 0.0, 0.0).of_photo(1.0, 1) is None
    with pytest.raises(RetrievalError, match="4000 of 4000 photos fit; there have to be some of both kinds"):
        with_photos(found, rows, np.ones(len(rows), bool), fit_logistic)


def test_what_is_known_of_single_photos_is_kept_with_the_index(tmp_path):
    index = Index(fill(tmp_path / "index", [np.ones((1, 4), np.float16)]), Fixed(np.ones((1, 4))))
    known = with_photos(Calibration(1.0, 0.0, -1.0), *photos_drawn(200), fit_logistic, least=0.25)
    index.calibrate(known)
    again = Index(tmp_path / "index", Fixed(np.ones((1, 4))))
    assert again.calibration == known
    (hit,) = again.search("red")
    assert hit.probability == known.of_photo(hit.score, 1)
    assert hit.answers == known.probability(hit.score, 1, 1)


def test_the_best_is_no_less_probable_than_that_it_answers(tmp_path):
    """By the model of single photos none is likely; the best of them answers."""
    vectors = [np.full((1, 4), value, np.float16) for value in (1.0, 0.9, 0.5)]
    index = Index(fill(tmp_path / "index", vectors), Fixed(np.ones((1, 4))))
    index.calibrate(Calibration(1.0, 0.0, -3.0, photo=OfPhoto(1.0, 0.0, -9.0)))
    found = index.search("red")
    assert found[0].probability == found[0].answers > 0.5
    assert all(hit.probability < 0.05 < hit.answers for hit in found[1:])
    assert len(index.search("red", least=0.5)) == 1


@pytest.mark.parametrize("photo", [{"per_word": 1}, [1], "x", {"per_word": 1, "words": 0, "bias": 0, "odd": 1}])
def test_numbers_that_are_no_calibration_are_refused(photo):
    numbers = {"per_word": 1.0, "words": 0.0, "bias": 0.0}
    assert from_numbers(numbers).photo is None
    with pytest.raises(ValueError, match="single photos"):
        from_numbers({**numbers, "photo": photo})


def test_a_larger_collection_has_a_better_best_by_chance():
    """Fitted on collections of two sizes: what is a find among ten photos is chance among a thousand."""
    positive = [Best(2.0, 2, 10), Best(2.2, 2, 10), Best(3.0, 2, 1000), Best(3.2, 2, 1000)] * 20
    negative = [Best(1.0, 2, 10), Best(1.2, 2, 10), Best(2.0, 2, 1000), Best(2.2, 2, 1000)] * 20
    found = fit_calibration(positive, negative, fit_logistic)
    assert found.photos < 0
    assert found.probability(2.0, 2, 10) > 0.5 > found.probability(2.0, 2, 1000)


def test_the_cut_off_lets_most_of_what_fits_through():
    scored, fits = drawn()
    positive = [pair for pair, fit in zip(scored, fits, strict=True) if fit]
    negative = [pair for pair, fit in zip(scored, fits, strict=True) if not fit]
    found = fit_calibration(positive, negative, fit_logistic, answered=0.95)
    assert np.mean([found.probability(*each) >= found.least for each in positive]) == pytest.approx(0.95, abs=0.01)
    assert fit_calibration(positive, negative, fit_logistic, answered=0.1).least == 0.5  # what rather fits is shown
    averaged = fit_calibration(
        [(score / n, n) for score, n in positive],
        [(score / n, n) for score, n in negative],
        fit_logistic,
        averaged=True,
    )
    assert averaged.probability(1.0, 4) == pytest.approx(found.probability(4.0, 4))


def test_an_index_takes_the_matchers_calibration_when_it_has_none(tmp_path):
    put(tmp_path / "photos" / "a.png", "red", "red", "red", "red")
    matcher = MadeMatcher()
    matcher.calibration = Calibration(1.0, 0.0, 0.0, photos=-1.0, least=0.25)
    index = Index(tmp_path / "index")
    index.update([tmp_path / "photos"], matcher)
    (hit,) = index.search("red")
    assert index.calibration == matcher.calibration
    assert hit.probability == matcher.calibration.probability(hit.score, 1, 1)
    put(tmp_path / "photos" / "b.png", "green", "green", "green", "green")
    index.update([tmp_path / "photos"], matcher)
    assert index.search("red")[0].probability < hit.probability
    own = Calibration(2.0, 0.0, 0.0)
    index.calibrate(own)
    assert (index.calibration, index.about.calibration) == (own, own)
    index.calibrate(None)
    assert index.calibration == matcher.calibration
