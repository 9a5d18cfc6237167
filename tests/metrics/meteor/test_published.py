"""Our METEOR and the published one: recorded figures, and the Java program itself where there is Java."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

from tests.metrics.meteor import jar
from tests.metrics.meteor.adversarial import Maker, read_phrases
from watchword.metrics.meteor.packaged import find_packaged
from watchword.metrics.meteor.scorer import Meteor, meteor_of, score

DATA = Path(os.environ.get("WATCHWORD_DATA", ""))


def assert_equal_to_java(candidates, references, lexicon):
    theirs, scores, total = jar.ask(candidates, references)
    ours = Meteor(references, lexicon).statistics(candidates)
    for candidate, sentences, mine, yours in zip(candidates, references, ours.tolist(), theirs, strict=True):
        assert mine == yours, (candidate, sentences)
    assert score(ours).tolist() == scores
    assert meteor_of(ours) == pytest.approx(total, rel=1e-15)


@pytest.mark.data
def test_recorded_statistics_and_scores(lexicon):
    kinds, candidates, references, scores, statistics = [], [], [], [], []
    for line in (DATA / "metrics" / "meteor_probe.tsv").read_text().splitlines()[1:]:
        kind, candidate, sentences, figure, figures = line.split("\t")
        kinds.append(kind)
        candidates.append(json.loads(candidate))
        references.append(json.loads(sentences))
        scores.append(float(figure))
        statistics.append([float(part) for part in figures.split()])
    assert len(kinds) == 1055
    ours = Meteor(references, lexicon).statistics(candidates)
    np.testing.assert_array_equal(ours, statistics)
    assert score(ours).tolist() == scores
    totals = json.loads((DATA / "metrics" / "meteor_probe_totals.json").read_text())
    assert set(totals) == {"all", *kinds}
    for kind, figure in totals.items():
        assert meteor_of(ours[[kind in (each, "all") for each in kinds]]) == figure


@pytest.mark.data
def test_recorded_figures_of_sets(lexicon):
    sets = json.loads((DATA / "metrics" / "scores_small.json").read_text())
    assert len(sets) == 7
    for row in sets:
        ours = Meteor(row["tokens"]["refs"], lexicon).statistics(row["tokens"]["cand"])
        np.testing.assert_allclose(score(ours), row["per_image"]["METEOR"], rtol=0, atol=1e-12)
        assert meteor_of(ours) == pytest.approx(row["corpus"]["METEOR"], abs=1e-12)


LONG = " ".join(f"the man in the red hat number {place} rides" for place in range(60))
DEGENERATE = [
    ("", ["a dog"]),
    ("a dog", [""]),
    ("", [""]),
    ("|||", ["a"]),
    ("a||| |||dog", ["a dog"]),
    ("a", ["b|||a", "c ||| d"]),
    ("a\u0007 b\u0001", ["\u0001 a b \u0007"]),
    ("a\u2028b\u0085c \u000b", ["a b c"]),
    ("\U0001f600 dog \ud83d", ["dog \U0001f600"]),
    ("日本 語 né", ["日 本語 ne"]),
    ("ao v1", ["c1 to"]),
    (LONG, [LONG + " on", LONG[::-1]]),
    ("the " * 150, ["the " * 90 + "cat the the"]),
    ("  a   dog  ", ["a dog"]),
    ("İx ΣΣ ß", ["i̇x σς ss"]),
]


@jar.needed
@pytest.mark.slow
def test_degenerate_and_made_up_pairs(lexicon):
    maker = Maker(7, read_phrases(find_packaged().paraphrases, 5_000, triples=500_000))
    pairs = [*DEGENERATE, *(maker.pair() for _ in range(2_000))]
    assert_equal_to_java(*zip(*pairs, strict=True), lexicon)


@jar.needed
@pytest.mark.slow
@pytest.mark.data
@pytest.mark.parametrize(("dataset", "photos"), [("flickr8k", 1_000), ("ucm_captions", 210)])
def test_the_validation_sentences_of_data_sets(dataset, photos, lexicon):
    listing = json.loads((DATA / dataset / "dataset.json").read_text())["images"]
    said = [[" ".join(row["tokens"]) for row in photo["sentences"]] for photo in listing if photo["split"] == "val"]
    assert len(said) == photos
    assert_equal_to_java([first for first, *_ in said], [rest for _, *rest in said], lexicon)
