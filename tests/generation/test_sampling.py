from collections import Counter

import numpy as np
import pytest

from tests.generation import naive
from tests.generation.tables import LONGEST, ScriptedStepper, TableStepper, photos, rules
from watchword.core.errors import SearchError
from watchword.generation.sampling import draw, sample

CHI_SQUARE = {1: 10.83, 2: 13.82, 3: 16.27}  # by degrees of freedom, what chance exceeds once in a thousand


def generator(seed=0):
    return np.random.default_rng(seed)


def frequencies(probabilities, count=20_000, temperature=1.0, top_k=0, top_p=1.0):
    """Return how often each word is drawn."""
    with np.errstate(divide="ignore"):
        log_probs = np.log(np.array(probabilities, dtype=np.float32))
    rows = np.broadcast_to(log_probs, (1, count, len(probabilities)))
    places = draw(rows, generator(1).random((1, count)), temperature, top_k, top_p)
    return np.bincount(places.ravel(), minlength=len(probabilities))


def assert_drawn_from(observed, probabilities):
    """Chi-square test of counts against probabilities, of which zeros are never drawn."""
    expected = np.array(probabilities) / np.sum(probabilities) * observed.sum()
    possible = expected > 0
    assert (observed[~possible] == 0).all()
    distance = ((observed - expected)[possible] ** 2 / expected[possible]).sum()
    assert distance < CHI_SQUARE[possible.sum() - 1]


def test_words_are_drawn_as_often_as_they_are_likely():
    assert_drawn_from(frequencies([0.5, 0.3, 0.15, 0.05]), [0.5, 0.3, 0.15, 0.05])


def test_blocked_words_leave_their_share_to_the_others():
    assert_drawn_from(frequencies([0.5, 0.0, 0.15, 0.05]), [0.5, 0.0, 0.15, 0.05])


@pytest.mark.parametrize("temperature", [0.5, 2.0])
def test_temperature_sharpens_and_flattens(temperature):
    probabilities = np.array([0.1, 0.2, 0.3, 0.4])
    observed = frequencies(probabilities, temperature=temperature)
    assert_drawn_from(observed, probabilities ** (1 / temperature))


def test_next_to_no_temperature_is_greedy():
    assert frequencies([0.3, 0.4, 0.3], 1000, temperature=1e-3).tolist() == [0, 1000, 0]


@pytest.mark.parametrize(("top_k", "left"), [(2, [0, 0.3, 0, 0.4]), (3, [0, 0.3, 0.2, 0.4])])
def test_top_k_keeps_the_k_likeliest(top_k, left):
    assert_drawn_from(frequencies([0.1, 0.3, 0.2, 0.4], top_k=top_k), left)


def test_top_1_is_greedy():
    assert frequencies([0.1, 0.3, 0.2, 0.4], 500, top_k=1).tolist() == [0, 0, 0, 500]


@pytest.mark.parametrize(
    ("top_p", "left"),
    [
        (0.01, [0, 0, 0, 1]),
        (0.39, [0, 0, 0, 1]),
        (0.41, [0, 0.3, 0, 0.4]),
        (0.69, [0, 0.3, 0, 0.4]),
        (0.71, [0, 0.3, 0.2, 0.4]),
        (0.91, [0.1, 0.3, 0.2, 0.4]),
    ],
)
def test_top_p_keeps_the_fewest_likeliest_that_reach_p(top_p, left):
    observed = frequencies([0.1, 0.3, 0.2, 0.4], top_p=top_p)
    assert ((observed > 0) == (np.array(left) > 0)).all()
    if sum(share > 0 for share in left) > 1:
        assert_drawn_from(observed, left)


def test_top_p_is_a_share_of_what_top_k_and_blocking_left():
    # of 0.4 and 0.3 the first is 57 %, which reaches 0.55; of all four it would not
    assert set(np.flatnonzero(frequencies([0.1, 0.3, 0.2, 0.4], top_k=2, top_p=0.55))) == {3}
    assert set(np.flatnonzero(frequencies([0.1, 0.3, 0.0, 0.2], top_p=0.45))) == {1}


def test_chances_at_either_edge_draw_words_that_are_possible():
    log_probs = np.log(np.array([[[1e-30, 0.7, 0.3 - 1e-30, 1e-30]]], dtype=np.float32))
    log_probs[..., [0, 3]] = -np.inf
    for chance, place in ((0.0, 1), (np.nextafter(1, 0), 2)):
        assert draw(log_probs, np.array([[chance]]), 1.0, 0, 1.0) == place


def test_sentences_are_drawn_as_often_as_the_model_says_them():
    allowed = rules(max_words=2)
    stepper = ScriptedStepper([0, 0, 0.2, 0, 0.5, 0.3], [0, 0, 0.6, 0, 0.4, 0])
    [drawn] = sample(stepper, photos(0), allowed, generator(), n=10_000)
    counts = Counter(told.words for told in drawn if len(told.words) < 2)
    finished = {told.words: np.exp(told.total) for told in naive.sentences(stepper, photos(0), allowed)[0]}
    for words, count in counts.items():
        assert count / 10_000 == pytest.approx(finished[words], abs=0.02)
    assert len(counts) == 3


def test_log_probs_are_the_models_own_whatever_bends_the_draw():
    settings = {"temperature": 3.0, "top_k": 3, "top_p": 0.95}
    [drawn] = sample(TableStepper(), photos(4), rules(), generator(), n=50, **settings)
    known = {told.words: told for told in naive.sentences(TableStepper(), photos(4), rules())[0]}
    finished = [told for told in drawn if told.ended]
    assert len({told.words for told in finished}) > 5
    for told in finished:
        assert told.log_probs == pytest.approx(known[told.words].log_probs)
        assert told.score == pytest.approx(sum(told.log_probs))


def test_samples_come_finished_first_and_best_first():
    [drawn] = sample(TableStepper(20, sharpness=1.0), photos(4), rules(), generator(), n=60)
    order = [(not told.ended, -told.score) for told in drawn]
    assert order == sorted(order)
    assert {told.ended for told in drawn} == {True, False}


@pytest.mark.parametrize("settings", [{}, {"top_k": 4}, {"top_p": 0.8}, {"top_k": 5, "top_p": 0.9, "temperature": 2.0}])
def test_every_way_of_handing_words_back_draws_the_same(settings):
    allowed = rules(max_words=6, no_repeat_ngram=2)
    batch = photos(*range(10))
    dense = sample(TableStepper(20), batch, allowed, generator(), 3, **settings)
    for handing in ("asked", 4):
        assert sample(TableStepper(20, handing), batch, allowed, generator(), 3, **settings) == dense


def test_a_seed_says_the_same_again_and_another_does_not():
    def drawn(seed):
        return sample(TableStepper(20), photos(*range(10)), rules(), generator(seed), 2)

    assert drawn(3) == drawn(3)
    assert drawn(3) != drawn(4)


def test_photos_one_after_another_say_what_they_say_together():
    together = sample(TableStepper(20), photos(*range(10)), rules(), generator(), 3)
    stream = generator()
    assert [sample(TableStepper(20), photos(seed), rules(), stream, 3)[0] for seed in range(10)] == together


def test_rules_hold_for_samples():
    allowed = rules(max_words=6, min_words=3, no_repeat_ngram=1)
    [drawn] = sample(TableStepper(12), photos(0), allowed, generator(), n=200, temperature=5.0)
    for told in drawn:
        assert 3 <= len(told.words) <= 6
        assert len(set(told.words)) == len(told.words)
        assert not {0, 1, 2, 3} & set(told.words)


def test_samples_say_once_what_is_said_once():
    allowed = rules(max_words=6, min_words=5, once=(4, 5))
    [drawn] = sample(TableStepper(7), photos(0), allowed, generator(), n=200, temperature=5.0)
    assert all(told.words.count(word) <= 1 for told in drawn for word in (4, 5))
    assert any(told.words.count(6) > 1 for told in drawn)


def test_looked_at_belongs_to_each_sample():
    [drawn] = sample(TableStepper(12), photos(0), rules(max_words=6), generator(), n=20)
    for told in drawn:
        assert told.looked_at.shape == (len(told.words), LONGEST)
        assert told.looked_at[:, -1].tolist() == [word + 1 for word in (1, *told.words)][: len(told.words)]


def test_a_dead_end_is_an_error():
    with pytest.raises(SearchError, match="no word may follow after 1 words"):
        sample(ScriptedStepper([0, 0, 0, 0, 1]), photos(0), rules(no_repeat_ngram=1), generator())
