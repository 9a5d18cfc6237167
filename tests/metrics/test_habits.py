import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchword.metrics.habits import CHANCE, PHRASE, Habits

SENTENCE = st.lists(st.sampled_from("abc"), max_size=7).map(" ".join)
PHOTOS = st.lists(st.lists(SENTENCE, min_size=2, max_size=2), min_size=1, max_size=5)


def said_of(phrase: list[str], photos: list[list[str]]) -> int:
    """How many photos have a sentence with this run of words."""
    size = len(phrase)
    return sum(
        any(phrase == text.split()[i : i + size] for text in texts for i in range(len(text.split())))
        for texts in photos
    )


def naive(people: list[list[str]], drawn: list[list[str]], text: str) -> float:
    words, worst = text.split(), 0.0
    for start in range(len(words) - PHRASE + 1):
        phrase = words[start : start + PHRASE]
        expected = said_of(phrase, people) * len(drawn) / len(people)
        worst = max(worst, 1 - (expected + CHANCE) / said_of(phrase, drawn))
    return worst


@given(PHOTOS, PHOTOS)
def test_the_surplus_is_that_of_the_worst_phrase(people: list[list[str]], drawn: list[list[str]]) -> None:
    told = Habits(people).surplus(drawn)
    assert told.shape == (len(drawn), 2)
    assert told == pytest.approx(np.array([[naive(people, drawn, text) for text in texts] for texts in drawn]))
    assert ((told >= 0) & (told < 1)).all()


def test_what_people_say_as_often_is_no_habit() -> None:
    photos = [["a dog runs in the snow", "a dog"]] * 20
    assert Habits(photos).surplus(photos).max() == 0.0
    assert Habits([["a cat sleeps"]] * 20).surplus(photos).max() == pytest.approx(1 - CHANCE / 20)


def test_one_photo_with_one_phrase_in_all_its_sentences_has_no_habit() -> None:
    assert Habits([["nothing of the kind"]]).surplus([["two dogs run in snow"] * 5]).max() == 0.0
