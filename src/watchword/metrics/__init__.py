"""Sentences and references into figures; ranking, classification, diversity and calibration in files beside."""

from watchword.metrics.figures import CaptionScores
from watchword.metrics.scorer import Scorer, score
from watchword.metrics.single import bleu_score, cider_d_score, cider_score, meteor_score, rouge_l_score

__all__ = [
    "CaptionScores",
    "Scorer",
    "bleu_score",
    "cider_d_score",
    "cider_score",
    "meteor_score",
    "rouge_l_score",
    "score",
]
