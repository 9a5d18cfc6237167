import pytest

from watchword import __version__
from watchword.core.errors import ScoreError, UnknownName
from watchword.metrics.bleu import Bleu, bleu
from watchword.metrics.cider import Cider
from watchword.metrics.scorer import WITHOUT_METEOR, Scorer
from watchword.metrics.scorer import score as score_all

REFERENCES = {
    "one.jpg": ["A dog runs on the grass .", "The brown dog's running ."],
    "two.jpg": ["Two men play chess .", "Men sit at a table ."],
    "three.jpg": ["A cat can't sleep .", "A cat is awake ."],
}
SAID = {"two.jpg": "two men play chess", "three.jpg": "a cat is awake", "one.jpg": "a dog is running on the grass"}
TOKENISED = [
    ["a dog runs on the grass", "the brown dog 's running"],
    ["two men play chess", "men sit at a table"],
    ["a cat ca n't sleep", "a cat is awake"],
]


def score(candidates, references):
    return score_all(candidates, references, only=WITHOUT_METEOR)


def test_the_figures_come_by_name_whatever_the_order_of_images():
    figures = score(SAID, REFERENCES)
    assert list(figures) == ["BLEU-1", "BLEU-2", "BLEU-3", "BLEU-4", "ROUGE-L", "CIDEr-D", "CIDEr"]
    assert dict(figures) == pytest.approx(dict(score(dict(reversed(SAID.items())), dict(sorted(REFERENCES.items())))))
    assert figures["BLEU-1"] == pytest.approx(14 / 15)  # all words but one "is"
    assert "BLEU-1: 0.9333" in repr(figures)


def test_both_sides_are_tokenised():
    shouted = {image: sentence.upper() + " !" for image, sentence in SAID.items()}
    assert score(shouted, REFERENCES) == score(SAID, REFERENCES)
    said = ["the brown dog 's running", "two men play chess", "a cat is awake"]
    figures = score({**SAID, "one.jpg": "the brown dog's running"}, REFERENCES)
    assert figures["CIDEr-D"] == pytest.approx(Cider(TOKENISED).score(said))
    assert figures["CIDEr"] == pytest.approx(Cider(TOKENISED, robust=False).score(said))


def test_a_scorer_scores_many_sets():
    scorer = Scorer(REFERENCES, only=["CIDEr-D", "ROUGE-L"])
    best, worst = scorer.score(SAID), scorer.score(dict.fromkeys(SAID, "zebra"))
    assert list(best) == ["ROUGE-L", "CIDEr-D"]  # in the order of papers' tables
    assert all(best[name] > worst[name] for name in best)
    assert scorer.score(SAID) == best != worst


def test_figures_of_each_image_stand_in_the_order_of_the_references():
    scores = score(SAID, REFERENCES)
    assert scores.images == ("one.jpg", "two.jpg", "three.jpg")
    said = ["a dog is running on the grass", "two men play chess", "a cat is awake"]
    assert scores.per_image["CIDEr-D"] == pytest.approx(Cider(TOKENISED).scores(said))
    each = bleu(Bleu(TOKENISED).statistics(said))
    assert scores.per_image["BLEU-4"] == pytest.approx(each[:, 3])
    assert scores.per_image["ROUGE-L"].mean() == pytest.approx(scores["ROUGE-L"])
    assert list(scores.per_image) == list(scores)


def test_an_image_may_have_several_candidates_or_none():
    scorer = Scorer(REFERENCES, only=["BLEU-2", "ROUGE-L", "CIDEr-D"])
    images = ["two.jpg", "one.jpg", "two.jpg"]
    said = ["two men play chess", "a dog", "zebra"]
    scores = scorer.score_each(images, said)
    assert scores.images == tuple(images)
    for place, (image, sentence) in enumerate(zip(images, said, strict=True)):
        alone = scorer.score({**SAID, image: sentence})
        at = alone.images.index(image)
        assert {name: values[place] for name, values in scores.per_image.items()} == pytest.approx(
            {name: values[at] for name, values in alone.per_image.items()}
        )
    with pytest.raises(ScoreError, match=r"image 'four.jpg' has a candidate but no references"):
        scorer.score_each(["four.jpg"], ["a"])
    with pytest.raises(ScoreError, match="2 candidates for 1 images"):
        scorer.score_each(["one.jpg"], ["a", "b"])


def test_lists_in_order_do_as_well_and_numbers_are_text():
    listed = score([SAID[image] for image in REFERENCES], list(REFERENCES.values()))
    assert listed == score(SAID, REFERENCES)
    assert listed.images == ("0", "1", "2")
    numbered = score({2: "a", "10": "b"}, {"2": ["a"], 10: ["b"]})
    assert numbered.images == ("2", "10")


def test_the_signature_names_tokeniser_references_images_and_version():
    signature = score(SAID, REFERENCES).signature
    assert signature.split("|")[1:] == ["references:2", "images:3", f"watchword:{__version__}"]
    assert signature.startswith("tokens:")
    assert score_all(SAID, REFERENCES).signature.split("|")[1].startswith("meteor:")
    uneven = {**REFERENCES, "one.jpg": ["a dog"]}
    assert score(SAID, uneven).signature.split("|")[1] == "references:1-2"


@pytest.mark.parametrize(
    ("candidates", "references", "message"),
    [
        (SAID, {}, "no images: scores need one or more"),
        (SAID, {**REFERENCES, "two.jpg": []}, r"1 image has no reference sentence: 'two.jpg'; leave out"),
        ({}, REFERENCES, r"3 images have references but no candidate: 'one.jpg', 'two.jpg', 'three.jpg'; score the"),
        ({**SAID, "x": "a"}, REFERENCES, "1 image has a candidate but no references: 'x'; score the same images"),
        ({"x": "a"}, {"y": ["b"]}, "no candidate: 'y'; 1 image has a candidate but no references: 'x'"),
        ({5: "a", "5": "b"}, {5: ["a"]}, "candidates: ids that are the same as text are given twice: '5'"),
        ({5: "a"}, {5: ["a"], "5": ["a"]}, "references: ids that are the same as text"),
        ({"x": ["a"]}, {"x": ["a"]}, "candidate 'x' is a list: each image has one sentence"),
        ({"x": "a"}, {"x": "a"}, "references 'x' have to be a list of sentences, not 'a'"),
        ("a dog", [["a dog"]], "the candidates are a str: give a mapping from ids, or a list"),
    ],
)
def test_sides_that_do_not_fit_are_refused(candidates, references, message):
    with pytest.raises(ScoreError, match=message):
        score(candidates, references)


def test_long_lists_of_ids_are_cut():
    with pytest.raises(ScoreError, match=r"40 images have references but no candidate: .*'9' and 30 more; score"):
        score({}, {number: ["a"] for number in range(40)})


def test_unknown_metrics_are_refused():
    with pytest.raises(UnknownName, match="no metric named 'Cider'; there are: BLEU-1"):
        score_all(SAID, REFERENCES, only=["Cider"])
    with pytest.raises(ScoreError, match="give a list of names, such as"):
        score_all(SAID, REFERENCES, only="CIDEr")
    with pytest.raises(ScoreError, match="no metric to compute"):
        score_all(SAID, REFERENCES, only=[])
