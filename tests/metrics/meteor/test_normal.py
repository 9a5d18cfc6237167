import pytest

from watchword.metrics.meteor.lexicon import EMPTY
from watchword.metrics.meteor.normal import words_of

# What the Java program makes of each; "|" separates words.
CASES = {
    "a dog runs": "a|dog|runs",
    " A  dog ": "a|dog",
    "": "",
    "  ": "",
    "u.s. army": "us|army",
    "etc.": "etc|.",
    "etc. and": "etc.|and",
    "rev. X": "rev.|x",
    "no. 5": "no|.|5",
    "No. 5": "no.|5",
    "No. X": "no|.|x",
    "wait ... what": "wait|...|what",
    "10,000 men, red": "10,000|men|,|red",
    "it's the dogs' o'clock": "it|'s|the|dogs|'|o|'clock",
    "it 's": "it|'|s",
    "the 90's": "the|90|'s",
    "a t-shirt - -x x-": "a|t|shirt|-|-x|x-",
    "a--b": "a|b",
    "-lrb- a": "-lrb-|a",
    "“hi”": '"|hi|"',
    "café 日本": "café|日|本",
    "1\u00a01/2": "1|1|/|2",
    "😀 a😀": "😀|a|😀",
    "a\u000bb \u0007": "a\u000bb",
    "a\tb\rc\nd\fe": "a|b|c|d|e",
}


@pytest.mark.parametrize(("sentence", "expected"), CASES.items())
def test_words(sentence, expected, small):
    assert words_of(sentence, small) == (expected.split("|") if expected else [])


def test_a_bar_is_a_word(small):
    assert words_of("a|b", small) == ["a", "|", "b"]


def test_without_a_list_of_abbreviations_periods_stand_alone():
    assert words_of("rev. X", EMPTY) == ["rev", ".", "x"]
