import pytest

from watchword.metrics.content import FUNCTION_WORDS, content_stems


def test_what_is_left_says_what_is_in_the_photo():
    sentence = "the two brown dogs are running through some very tall grass in front of a man 's house ."
    assert content_stems(sentence.split()) == {"two", "brown", "dog", "run", "tall", "grass", "front", "man", "hous"}


def test_capitals_and_punctuation_do_not_count():
    assert content_stems(["The", "DOG", "-", ".", "--", ""]) == {"dog"}


@pytest.mark.parametrize("word", ["a", "with", "himself", "is", "while", "another", "n't", "dont"])
def test_words_that_hold_sentences_together_are_function_words(word):
    assert content_stems([word]) == set()


def test_the_list_is_in_small_letters_and_holds_no_noun_of_ordinary_sentences():
    assert all(word == word.lower() for word in FUNCTION_WORDS)
    assert FUNCTION_WORDS.isdisjoint(
        ["man", "dog", "red", "two", "group", "top", "back", "holding", "playing", "young"]
    )
