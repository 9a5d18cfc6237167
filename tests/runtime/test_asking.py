import pytest

from tests.runtime import tiny
from watchword.core.errors import SearchError
from watchword.data.vocabulary import Vocabulary
from watchword.runtime.asking import rules_and_options
from watchword.runtime.manifest import Search

VOCABULARY = Vocabulary(tiny.WORDS)
USUAL = Search(beam=3, length_normalization=0.7, max_words=12)


def asked(n=1, vocabulary=VOCABULARY, **asked):
    return rules_and_options(asked, n, USUAL, vocabulary)


def test_what_is_left_out_is_as_the_bundle_says():
    rules, options = asked(beam=None, max_words=None, seed=None)
    assert (rules.max_words, rules.min_words, rules.no_repeat_ngram, rules.must_include) == (12, 0, 0, ())
    assert (options.beam, options.length_normalization, options.n, options.sample) == (3, 0.7, 1, False)


def test_what_is_given_counts():
    rules, options = asked(beam=5, length_normalization=0.0, max_words=4, min_words=2, no_repeat_ngram=3)
    assert (rules.max_words, rules.min_words, rules.no_repeat_ngram) == (4, 2, 3)
    assert (options.beam, options.length_normalization) == (5, 0.0)
    _, options = asked(sample=True, temperature=0.5, top_k=4, top_p=0.9, seed=1)
    assert (options.sample, options.temperature, options.top_k, options.top_p, options.seed) == (True, 0.5, 4, 0.9, 1)


def test_special_words_are_never_spoken():
    assert asked()[0].forbidden == (0, 1, 3)
    without = Vocabulary(tuple(word for word in tiny.WORDS if word != "<unk>"))
    assert asked(vocabulary=without)[0].forbidden == (0, 1)


def test_the_beam_is_wide_enough_for_n_unless_the_caller_narrows_it():
    assert asked(n=7)[1].beam == 7
    with pytest.raises(SearchError, match="n=7 sentences from beam=2"):
        asked(n=7, beam=2)


def test_demanded_words_become_groups():
    red, green, picture = (tiny.WORDS.index(word) for word in ("red", "green", "picture"))
    assert asked(must_include=["Red"])[0].groups == ((red,),)
    assert asked(must_include=["red picture", "green"])[0].groups == ((red,), (picture,), (green,))
    assert asked(must_include=["red|Green"])[0].groups == ((red, green),)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["bleu"], r"the model cannot say 'bleu' \(did you mean 'blue'\?\); it knows 12 words"),
        (["red|zebra"], "cannot say 'zebra'"),
        (["<unk>"], "cannot say 'unk'"),
        (["!"], "has '!', which holds no word"),
        (["|"], "holds no word"),
        ("red", r"is one text; give a list of words, as in \['red'\]"),
    ],
)
def test_words_that_cannot_be_demanded_are_refused(words, complaint):
    with pytest.raises(SearchError, match=complaint):
        asked(must_include=words)


def test_an_argument_that_does_not_exist_gets_a_suggestion():
    with pytest.raises(TypeError, match=r"no argument 'beams' \(did you mean 'beam'\?\)"):
        asked(beams=3)
