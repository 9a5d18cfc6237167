import math

import numpy as np
import pytest

from watchword.core.errors import ScoreError
from watchword.metrics.cider import Cider
from watchword.metrics.prepared import References

REFERENCES = [
    ["a dog runs on grass", "the brown dog runs"],
    ["a cat sleeps"],
    ["two men play chess", "men play a game"],
]
SAID = ["a dog runs", "a cat sleeps", "men play chess outside"]


def naive_cosines(candidate, reference, references):
    """Plain CIDEr of one candidate and one reference, from the paper's formula."""

    def vector(sentence, order):
        words = sentence.split()
        ngrams = [tuple(words[i : i + order]) for i in range(len(words) - order + 1)]
        return {ngram: ngrams.count(ngram) * rarity(ngram) for ngram in ngrams}

    def rarity(ngram):
        text = " ".join(ngram)
        holding = sum(any(f" {text} " in f" {sentence} " for sentence in sentences) for sentences in references)
        return math.log(len(references) / max(1, holding))

    total = 0.0
    for order in (1, 2, 3, 4):
        mine, wanted = vector(candidate, order), vector(reference, order)
        norms = math.hypot(*mine.values()) * math.hypot(*wanted.values())
        total += sum(weight * wanted.get(ngram, 0) for ngram, weight in mine.items()) / norms if norms else 0.0
    return total / 4 * 10


def test_plain_cider_is_the_papers_formula():
    expected = [
        np.mean([naive_cosines(candidate, sentence, REFERENCES) for sentence in sentences])
        for candidate, sentences in zip(SAID, REFERENCES, strict=True)
    ]
    np.testing.assert_allclose(Cider(REFERENCES, robust=False).scores(SAID), expected, atol=1e-12)


def test_saying_a_reference_word_for_word_scores_ten():
    references = [["a dog runs on grass"], ["two cats sleep at home"]]
    for robust in (True, False):
        assert Cider(references, robust=robust).scores(["a dog runs on grass", "nothing"]).tolist() == pytest.approx(
            [10, 0]
        )


def test_repeating_a_word_pays_in_plain_cider_only():
    said = ["dog dog dog dog", "", ""]
    assert Cider(REFERENCES, robust=False).scores(said)[0] > 2 * Cider(REFERENCES).scores(said)[0]


def test_figures_follow_the_photos_asked_for():
    cider = Cider(REFERENCES)
    all_of_them = cider.scores(SAID)
    np.testing.assert_array_equal(cider.scores([SAID[2], SAID[0], SAID[2]], photos=[2, 0, 2]), all_of_them[[2, 0, 2]])
    assert cider.scores(["a cat sleeps"], photos=[0])[0] < 1
    assert cider.score(SAID) == all_of_them.mean()


def test_prepared_references_may_be_shared_and_scored_again():
    prepared = References(REFERENCES)
    first, second = Cider(prepared), Cider(prepared, robust=False)
    before = first.scores(SAID)
    second.scores(["a zebra", "", "dog"])
    np.testing.assert_array_equal(first.scores(SAID), before)


def test_no_candidates_have_no_figures():
    assert Cider(REFERENCES).scores([], photos=[]).shape == (0,)


def test_too_few_candidates_are_refused():
    with pytest.raises(ScoreError, match="2 candidate sentences for 3 photos: give one for each"):
        Cider(REFERENCES).score(SAID[:2])


def test_between_any_sentences_it_is_the_papers_formula():
    sentences = ["a brown dog sleeps", "the brown dog", "two zebras play", "two zebras play", ""]
    found = Cider(REFERENCES, robust=False).between(sentences)
    expected = [[naive_cosines(one, other, REFERENCES) for other in sentences] for one in sentences]
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_between_the_references_it_is_their_score():
    captions = ["a dog runs on the grass", "a dog sleeps on a sofa", "two dogs run", "men play chess", "a a a dog"]
    cider = Cider([[caption] for caption in captions])
    expected = [[cider.scores([one], [place])[0] for place in range(len(captions))] for one in captions]
    np.testing.assert_allclose(cider.between(captions), expected, atol=1e-12)
    assert cider.between([]).shape == (0, 0)
