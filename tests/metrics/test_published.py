"""Our BLEU, ROUGE-L and CIDEr-D against the published scorers (pure Python for these three)."""

import json
import os
import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watchword.metrics.bleu import Bleu, bleu
from watchword.metrics.cider import Cider
from watchword.metrics.rouge import rouge_l_scores

published = pytest.importorskip("pycocoevalcap.cider.cider")
EXACT = {"rtol": 0, "atol": 1e-9}


def theirs(scorer, candidates, references, **options):
    corpus, each = scorer.compute_score(
        dict(enumerate(references)), {photo: [said] for photo, said in enumerate(candidates)}, **options
    )
    return corpus, np.array(each)


def assert_equal_to_published(candidates, references):
    from pycocoevalcap.bleu.bleu import Bleu as PublishedBleu
    from pycocoevalcap.rouge.rouge import Rouge

    corpus, each = theirs(PublishedBleu(), candidates, references, verbose=0)
    statistics = Bleu(references).statistics(candidates)
    np.testing.assert_allclose(bleu(statistics.sum(0)), corpus, **EXACT)
    np.testing.assert_allclose(bleu(statistics).T, each, **EXACT)
    corpus, each = theirs(Rouge(), candidates, references)
    np.testing.assert_allclose(rouge_l_scores(candidates, references), each, **EXACT)
    cider = Cider(references)
    if any(sentence.split() for sentences in references for sentence in sentences):
        corpus, each = theirs(published.Cider(), candidates, references)
        np.testing.assert_allclose(cider.scores(candidates), each, **EXACT)
        np.testing.assert_allclose(cider.score(candidates), corpus, **EXACT)
    else:  # where the published one breaks
        assert cider.score(candidates) == 0


def generated(seed, photos, words, longest):
    rng = random.Random(seed)
    vocabulary = [f"w{number}" for number in range(words)]

    def sentence(extra=()):
        return " ".join(rng.choices([*vocabulary, *extra], k=rng.randint(0, longest)))

    references = [[sentence() for _ in range(rng.randint(1, 5))] for _ in range(photos)]
    return [sentence(["new", "strange"]) for _ in range(photos)], references


words = st.lists(st.sampled_from(["a", "b", "c", "new"]), max_size=9).map(" ".join)
photo = st.tuples(words, st.lists(words, min_size=1, max_size=4))


@settings(max_examples=60, deadline=None)
@given(st.lists(photo, min_size=1, max_size=6))
def test_any_small_set(photos):
    candidates, references = (list(column) for column in zip(*photos, strict=True))
    assert_equal_to_published(candidates, references)


@pytest.mark.parametrize(("photos", "words", "longest"), [(1, 3, 12), (40, 2, 30), (60, 30, 12), (80, 500, 25)])
def test_random_sets(photos, words, longest):
    assert_equal_to_published(*generated(photos, photos, words, longest))


SPACES = ["a  b", " a", "a ", "a\u00a0b c", "a\tb", " ", ""]


@pytest.mark.parametrize(
    ("candidates", "references"),
    [
        pytest.param(["a b c d e"], [["a b c d e"]], id="one photo"),
        pytest.param(["a", "b"], [["a"], ["b"]], id="one word"),
        pytest.param(["a b", "a b"], [["a b"], ["a b"]], id="every n-gram in every photo"),
        pytest.param(["", ""], [["a b", ""], ["c"]], id="empty candidates"),
        pytest.param(["a", ""], [[""], ["", ""]], id="empty references"),
        pytest.param(["z z z z z", "y x"], [["a b"], ["c d"]], id="nothing shared"),
        pytest.param(["a a a a a a a", "b"], [["a a b", "a"], ["b c"]], id="repeated words"),
        pytest.param(["a b c", "d"], [["a b c d e f", "a b", "a b c d"], ["d e"]], id="two as near in length"),
        pytest.param([" ".join("ab" * 300), "a"], [["a b a b", "b"], ["c"]], id="very long"),
        pytest.param(SPACES, [["a b", "a"]] * 7, id="odd spaces in candidates"),
        pytest.param(["a b"] * 7, [[odd, "x y"] for odd in SPACES], id="odd spaces in references"),
        pytest.param(["日本 語", "né é"], [["日本 語 だ"], ["é né"]], id="other scripts"),
    ],
)
def test_degenerate_sets(candidates, references):
    assert_equal_to_published(candidates, references)


@pytest.mark.data
def test_recorded_figures():
    sets = json.loads(Path(os.environ["WATCHWORD_DATA"], "metrics", "scores_small.json").read_text())
    assert len(sets) == 7
    for row in sets:
        candidates, references = row["tokens"]["cand"], row["tokens"]["refs"]
        each = dict(
            zip(("Bleu_1", "Bleu_2", "Bleu_3", "Bleu_4"), bleu(Bleu(references).statistics(candidates)).T, strict=True)
        )
        each["ROUGE_L"] = rouge_l_scores(candidates, references)
        for robust, name in ((True, "CIDEr_D"), (False, "CIDEr_plain")):
            each[next(key for key in row["corpus"] if key.startswith(name))] = Cider(references, robust=robust).scores(
                candidates
            )
        assert set(row["per_image"]) == {*each, "METEOR"}
        for name, figures in each.items():
            np.testing.assert_allclose(figures, row["per_image"][name], **EXACT)
