import dataclasses

import pytest

from watchword import __version__
from watchword.core.errors import ScoreError
from watchword.metrics.cider import Cider
from watchword.metrics.score import Scorer, score

REFERENCES = {
    "one.jpg": ["A dog runs on the grass .", "The brown dog's running ."],
    "two.jpg": ["Two men play chess .", "Men sit at a table ."],
    "three.jpg": ["A cat can't sleep .", "A cat is awake ."],
}
SAID = {"two.jpg": "two men play chess", "three.jpg": "a cat is awake", "one.jpg": "a dog is running on the grass"}
NAMES = ["BLEU-1", "BLEU-2", "BLEU-3", "BLEU-4", "ROUGE-L", "CIDEr-D"]


def test_the_figures_come_by_name_whatever_the_order_of_photos():
    figures = score(SAID, REFERENCES)
    assert list(figures) == NAMES
    assert figures == pytest.approx(score(dict(reversed(SAID.items())), dict(sorted(REFERENCES.items()))))
    assert figures["BLEU-1"] == pytest.approx(14 / 15)  # all words but one "is"


def test_both_sides_are_tokenised():
    shouted = {photo: sentence.upper() + " !" for photo, sentence in SAID.items()}
    assert score(shouted, REFERENCES) == score(SAID, REFERENCES)
    assert score({**SAID, "one.jpg": "the brown dog's running"}, REFERENCES)["CIDEr-D"] == pytest.approx(
        Cider([["a dog runs on the grass", "the brown dog 's running"], ["two men play chess", "men sit at a table"],
               ["a cat ca n't sleep", "a cat is awake"]]).score(
            ["the brown dog 's running", "two men play chess", "a cat is awake"])
    )  # fmt: skip


def test_a_scorer_scores_many_sets():
    scorer = Scorer(REFERENCES)
    best, worst = scorer.score(SAID), scorer.score(dict.fromkeys(SAID, "zebra"))
    assert dict(best.values) == score(SAID, REFERENCES)
    assert all(best.values[name] > worst.values[name] for name in NAMES)
    assert scorer.score(SAID) == best


def test_the_signature_names_tokeniser_references_photos_and_version():
    assert Scorer(REFERENCES).signature == f"tokens:plain|references:2|photos:3|watchword:{__version__}"
    uneven = {**REFERENCES, "one.jpg": ["a dog"]}
    assert Scorer(uneven).score(SAID).signature.split("|")[1] == "references:1-2"


def test_figures_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Scorer(REFERENCES).score(SAID).signature = "other"


@pytest.mark.parametrize(
    ("candidates", "references", "message"),
    [
        (SAID, {}, "no photos: scores need one or more"),
        (SAID, {**REFERENCES, "two.jpg": []}, "photo 'two.jpg': has no reference sentence; leave it out"),
        ({}, REFERENCES, "photo 'one.jpg' and 2 more: has references but no candidate; score the same photos"),
        ({**SAID, "x": "a"}, REFERENCES, "photo 'x': has a candidate but no references; score the same photos"),
    ],
)
def test_sides_that_do_not_fit_are_refused(candidates, references, message):
    with pytest.raises(ScoreError, match=message):
        score(candidates, references)
