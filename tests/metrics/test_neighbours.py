"""The nearest rows, and the sentence that most others agree with."""

import time

import numpy as np
import pytest

from watchword.metrics.cider import Cider
from watchword.metrics.neighbours import most_agreed, nearest


def cosine(a, b):
    a, b = a.astype(np.float64), b.astype(np.float64)
    return a @ b / (np.linalg.norm(a) * np.linalg.norm(b))


@pytest.mark.parametrize("most", [1, 3, 40])
def test_the_nearest_are_those_of_brute_force(most):
    random = np.random.default_rng(0)
    known, queries = random.normal(size=(40, 6)).astype(np.float16), random.normal(size=(300, 6)).astype(np.float16)
    found = nearest(queries, known, most)
    assert found.shape == (300, most)
    for query, places in zip(queries, found.tolist(), strict=True):
        expected = sorted(range(40), key=lambda place: -cosine(query, known[place]))
        assert places == expected[:most]


def test_length_does_not_matter_and_zeros_are_like_nothing():
    known = np.array([[0, 0], [-1, 0], [100, 1], [1, 1]])
    assert nearest(np.array([[0.001, 0]]), known, 4).tolist() == [[2, 3, 0, 1]]
    assert nearest(np.zeros((1, 2)), known, 2).tolist() == [[0, 1]]
    assert nearest(np.zeros((0, 2)), known, 2).shape == (0, 2)


def test_of_equals_the_first_is_nearest():
    known = np.array([[1.0, 1.0], [1.0, 0.0], [1.0, 0.0]])
    assert nearest(np.array([[2.0, 0.0]]), known, 3).tolist() == [[1, 2, 0]]


@pytest.mark.parametrize("most", [1, 3, 700])
def test_of_many_equals_those_that_stand_first_are_taken(most):
    known = np.zeros((1000, 3))
    assert nearest(np.ones((200, 3)), known, most).tolist() == [list(range(most))] * 200
    known[500:] = [1.0, 0.0, 0.0]
    assert nearest(np.array([[1.0, 0.0, 0.0]]), known, most)[0].tolist() == [*range(500, 1000), *range(500)][:most]


def test_a_thousand_photos_among_six_thousand_take_seconds_at_most():
    random = np.random.default_rng(0)
    known, queries = (random.normal(size=(count, 1280)).astype(np.float16) for count in (6000, 1000))
    started = time.process_time()
    nearest(queries, known, 60)
    assert time.process_time() - started < 3  # 0.3 s alone on one core


def test_what_most_sentences_say_is_agreed_on():
    photos = [["a dog runs in the grass", "a dog in grass"], ["two men play"], ["a red bus stops"], ["a cat sleeps"]]
    between = Cider(photos).between
    offered = ["two men play", "a brown dog runs in the grass", "a dog runs in the grass", "a dog runs on grass"]
    found = most_agreed(offered, between)
    likeness = between(offered)
    means = [sum(likeness[i, j] for j in range(4) if j != i) / 3 for i in range(4)]
    assert found == int(np.argmax(means)) == 2


def test_one_sentence_and_equals_give_the_first():
    between = Cider([["a dog"], ["a cat"]]).between
    assert most_agreed(["a dog"], between) == 0
    assert most_agreed(["a bird", "a bird", "a dog"], between) == 0
