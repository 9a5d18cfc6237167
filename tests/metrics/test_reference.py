import shutil

import pytest

from watchword.core.errors import ScoreError
from watchword.metrics.reference import NAMES, reference_scores
from watchword.metrics.scorer import score

REFERENCES = {
    "one.jpg": ["A dog runs on the grass .", "The brown dog's running ."],
    "two.jpg": ["Two men play chess .", "Men sit at a table ."],
    "three.jpg": ["A cat can't sleep .", "A cat is awake ."],
}
SAID = {"two.jpg": "two men play chess", "three.jpg": "a cat is awake", "one.jpg": "a dog is running on the grass"}
METEOR = 0.5668618048570379  # what the package's own wrapper answers for the sentences above
java = pytest.mark.skipif(not shutil.which("java"), reason="needs Java")


@java
@pytest.mark.slow
def test_published_figures_and_ours_are_equal_where_we_have_one():
    pytest.importorskip("pycocoevalcap")
    published, ours = reference_scores(SAID, REFERENCES), score(SAID, REFERENCES)
    assert tuple(published) == NAMES
    assert published["METEOR"] == pytest.approx(METEOR, abs=1e-9)
    assert published == pytest.approx({name: ours[name] for name in NAMES}, abs=1e-9)


def test_sides_that_do_not_fit_are_refused_before_anything_runs():
    with pytest.raises(ScoreError, match=r"references but no candidate: 'one\.jpg'"):
        reference_scores({name: SAID[name] for name in ("two.jpg", "three.jpg")}, REFERENCES)


@java
def test_references_without_words_are_refused():
    pytest.importorskip("pycocoevalcap")
    with pytest.raises(ScoreError, match="the references hold no words"):
        reference_scores({"one.jpg": "a dog"}, {"one.jpg": ["...", ""]})
