"""Our figures against the published scorers' own answers, kept with the data."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

from watchword.metrics.figures import METRICS
from watchword.metrics.meteor.scorer import NAME
from watchword.metrics.scorer import Scorer

DATA = Path(os.environ.get("WATCHWORD_DATA", ""), "metrics", "scores_small.json")
pytestmark = pytest.mark.data
NAMES = {
    "Bleu_1": "BLEU-1",
    "Bleu_2": "BLEU-2",
    "Bleu_3": "BLEU-3",
    "Bleu_4": "BLEU-4",
    "METEOR": "METEOR",
    "ROUGE_L": "ROUGE-L",
    "CIDEr_D": "CIDEr-D",
    "CIDEr_plain": "CIDEr",
}


def test_every_figure_of_every_set_is_the_same():
    pytest.importorskip("pycocoevalcap")
    looked_at = 0
    for case in json.loads(DATA.read_text()):
        images = {row["id"]: row for row in case["images"]}
        scorer = Scorer({image: row["refs"] for image, row in images.items()})
        scores = scorer.score({image: row["cand"] for image, row in images.items()})
        assert NAME in scores
        for theirs, corpus in case["corpus"].items():
            ours = NAMES[theirs.split(" ")[0]]
            assert scores[ours] == pytest.approx(corpus, abs=1e-9), (case["name"], ours)
            np.testing.assert_allclose(scores.per_image[ours], case["per_image"][theirs], rtol=0, atol=1e-9)
            looked_at += 1
    assert looked_at == 7 * len(METRICS)
