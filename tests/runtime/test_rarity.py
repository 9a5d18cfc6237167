"""How rare words are: by their rank in the vocabulary, a few middling words counted in."""

import math

import pytest

from watchword.data.vocabulary import Vocabulary
from watchword.runtime.rarity import MIDDLING, rarity

WORDS = [f"word{i:03}" for i in range(200)]
VOCABULARY = Vocabulary(("<pad>", "<start>", "<end>", "<unk>", *WORDS))


def test_a_rarer_word_is_rarer_and_an_unknown_one_the_rarest():
    found = [rarity([word], VOCABULARY) for word in (WORDS[0], WORDS[13], WORDS[-1], "nowhere")]
    assert found == sorted(found)
    assert len(set(found)) == 4
    assert found[0] == pytest.approx((math.log(1) - math.log(204) / 2) / (1 + MIDDLING))
    assert found[-1] == pytest.approx((math.log(201) - math.log(204) / 2) / (1 + MIDDLING))


def test_more_words_say_more():
    assert rarity(WORDS[-1:], VOCABULARY) < rarity(WORDS[-4:], VOCABULARY)


def test_words_that_hold_sentences_together_and_repetitions_do_not_count():
    assert rarity(["the", WORDS[5], "of", WORDS[5], "a"], VOCABULARY) == rarity([WORDS[5]], VOCABULARY)
    assert rarity(["the", "of"], VOCABULARY) == rarity([], VOCABULARY) == 0


def test_ranks_start_at_one_whatever_stands_before_them():
    without = Vocabulary(("<pad>", "<start>", "<end>", *WORDS))
    assert [each.rank(WORDS[0]) for each in (VOCABULARY, without)] == [1, 1]
    assert [each.rank("nowhere") for each in (VOCABULARY, without)] == [201, 201]
