import pytest

from tests.runtime import tiny
from watchword.core.errors import SearchError
from watchword.data.vocabulary import Vocabulary
from watchword.runtime.asking import alike_of, rules_and_options
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


def test_what_says_nothing_of_a_photo_may_be_said_twice():
    english = Vocabulary.build([["a", "dog", "and", "a", "cat"]], minimum=1)
    ids = {word: english.encode([word])[0] for word in ("a", "dog", "and", "cat")}
    rules, _ = asked(vocabulary=english, once=True)
    assert set(rules.once) == {ids["dog"], ids["cat"]}
    assert asked(vocabulary=english)[0].once == ()
    usual = Search(beam=3, length_normalization=0.7, max_words=12, once=True)
    assert rules_and_options({}, 1, usual, english)[0].once == rules.once
    assert rules_and_options({"once": False}, 1, usual, english)[0].once == ()


def test_worn_phrases_cost_what_the_bundle_or_the_caller_says():
    english = Vocabulary.build([["a", "dog", "and", "a", "cat"]], minimum=1)
    usual = Search(beam=3, length_normalization=0.7, max_words=12, worn=("a dog", "a horse", "and a"), worn_cost=1.5)
    rules, _ = rules_and_options({}, 1, usual, english)
    assert rules.worn == tuple(tuple(english.encode(said.split())) for said in ("a dog", "and a"))  # no horse is said
    assert rules.worn_cost == 1.5
    assert rules_and_options({"worn_cost": 6.0}, 1, usual, english)[0].worn_cost == 6.0
    assert not rules_and_options({"worn_cost": 0.0}, 1, usual, english)[0].avoids
    plain = Search(beam=3, length_normalization=0.7, max_words=12)
    assert not rules_and_options({"worn_cost": 0.0}, 1, plain, english)[0].avoids
    with pytest.raises(SearchError, match=r"worn_cost=2\.0: this model knows no phrases that are said too often"):
        rules_and_options({"worn_cost": 2.0}, 1, plain, english)
    with pytest.raises(SearchError, match=r"worn_cost=-1"):
        rules_and_options({"worn_cost": -1.0}, 1, usual, english)


def test_groups_and_draws_reach_the_search():
    _, options = asked(groups=2, diversity=0.8, beam=4)
    assert (options.groups, options.diversity, options.beam) == (2, 0.8, 4)
    _, options = asked(sample=True, draws=100, temperature=1.5)
    assert (options.draws, options.n) == (100, 1)


def test_the_beam_is_as_wide_as_groups_need_it_unless_the_caller_says():
    assert asked(groups=2)[1].beam == 4
    assert asked(n=5, groups=3)[1].beam == 6
    assert asked(groups=3)[1].beam == 3
    with pytest.raises(SearchError, match=r"groups=2 of beam=3: .* set beam=4"):
        asked(groups=2, beam=3)
    with pytest.raises(SearchError, match="groups=0"):
        asked(groups=0)


def test_a_consensus_is_asked_in_words():
    heard = []
    alike = alike_of({"consensus": lambda texts: heard.append(list(texts))}, VOCABULARY)
    alike([(4, 6, 5), (4,)])
    assert heard == [["a red picture", "a"]]
    assert alike_of({}, VOCABULARY) is None
    assert alike_of({"consensus": None}, VOCABULARY) is None


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
        (["bleu"], r"the model cannot say 'bleu' \(did you mean 'blue'\?\); it knows 8 words"),
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
