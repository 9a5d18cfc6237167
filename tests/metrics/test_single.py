import pytest

import watchword
from watchword.core.errors import ScoreError
from watchword.metrics import bleu_score, cider_d_score, cider_score, meteor_score, rouge_l_score
from watchword.metrics.meteor import scorer
from watchword.metrics.meteor.lexicon import EMPTY

SAID = ["a dog runs on the grass", "two men play chess"]
REFERENCES = [["A dog is running .", "The dog runs on grass ."], ["Two men play chess ."]]


def test_each_function_gives_the_figure_of_that_name():
    every = watchword.metrics.score(SAID, REFERENCES)
    assert bleu_score(SAID, REFERENCES) == tuple(every[f"BLEU-{order}"] for order in (1, 2, 3, 4))
    assert rouge_l_score(SAID, REFERENCES) == every["ROUGE-L"]
    assert cider_d_score(SAID, REFERENCES) == every["CIDEr-D"]
    assert cider_score(SAID, REFERENCES) == every["CIDEr"]


def test_meteor_is_that_of_all_figures():
    pytest.importorskip("pycocoevalcap")
    assert meteor_score(SAID, REFERENCES) == watchword.metrics.score(SAID, REFERENCES)["METEOR"]


def test_without_its_data_it_is_not_called_meteor(monkeypatch):
    monkeypatch.setattr(scorer, "load_lexicon", lambda: EMPTY)
    scores = watchword.metrics.score(SAID, REFERENCES, only=["METEOR"])
    assert list(scores) == ["METEOR-exact-stem"]
    with pytest.raises(ScoreError, match=r"needs the data of the package pycocoevalcap: .* METEOR-exact-stem can be"):
        meteor_score(SAID, REFERENCES)


def test_the_package_offers_nothing_else():
    with pytest.raises(AttributeError, match="no attribute 'scores'"):
        watchword.scores  # noqa: B018
