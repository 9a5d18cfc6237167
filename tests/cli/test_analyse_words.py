"""Words by the lengths of their vectors: figures, both ends, what has no lengths."""

import json

import numpy as np
import pytest
from PIL import Image

from tests.cli.made_matcher import NAMED, OTHERS, PHOTOS, Made, saved
from watchword.data.vocabulary import Vocabulary


@pytest.fixture
def asked(watchword, monkeypatch, tmp_path):
    """Run the command on a made matcher and a made data set."""
    data = saved(tmp_path / "data", PHOTOS)

    def run(*arguments, made=None):
        monkeypatch.setattr("watchword.cli.opening.matcher", lambda name: made or Made())
        return watchword("analyse", "words", "made", "--data", data, "--split", "val", *arguments)

    return run


def test_words_are_ranked_by_their_lengths(asked):
    found = json.loads(asked("--least-count", "1", "--top", "2", "--json").out)
    # "A left , of a right .", "nothing", "Left right left right"; "nothing" is not known
    assert (found["sentences"], found["words"], found["least_count"]) == (3, 4, 1)
    long, short = float(np.linalg.norm(NAMED["left"])), float(np.linalg.norm(OTHERS))
    assert [(row["word"], row["seen"]) for row in found["longest"]] == [("left", 3), ("right", 3)]
    assert [(row["word"], row["seen"]) for row in found["shortest"]] == [("of", 1), ("a", 2)]
    assert found["longest"][0]["length"] == pytest.approx(long)
    assert found["shortest"][0]["length"] == pytest.approx(short)


def test_table_and_figure(asked, tmp_path):
    pytest.importorskip("matplotlib")
    done = asked("--least-count", "2", "--output", tmp_path / "words.png")
    assert done.status == 0
    assert "3 words said 2 times or more, in 3 sentences" in done.out
    with Image.open(tmp_path / "words.png") as drawn:
        assert drawn.format == "PNG"


def test_what_has_no_lengths_is_said(asked):
    done = asked(made=Made(cosines=True))
    assert done.status == 2
    assert "all vectors of 'made' have the same length, 1, for it compares by cosines" in done.err
    done = asked("--least-count", "9")
    assert done.status == 2
    assert "no known word is said 9 times in 3 sentences: lower --least-count" in done.err
    assert "no photo with a sentence in split 'test'" in asked("--split", "test").err
    assert "does not give each word a vector of its own" in asked(made=Made(one=True)).err
    foreign = Made()
    foreign.vocabulary = Vocabulary(("<pad>", "<start>", "<end>", "<unk>", "Hund"))
    done = asked("--least-count", "1", made=foreign)
    assert done.status == 2
    assert "'made' knows no word of the 3 sentences, as where they are of another language" in done.err
