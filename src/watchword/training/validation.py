"""What a model says of held-back photos, and how well."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from watchword.data.vocabulary import Vocabulary
from watchword.generation.constraints import Rules
from watchword.generation.hypotheses import Hypothesis
from watchword.generation.search import SearchOptions, search
from watchword.metrics.scorer import Scorer
from watchword.training.model import CaptioningModel
from watchword.training.stepper import TorchStepper

FIGURES = ("CIDEr-D", "BLEU-4", "ROUGE-L")


def rules_for(vocabulary: Vocabulary, *, max_words: int = 20, **others: Any) -> Rules:
    """Return the rules of a sentence in this vocabulary: padding, start and the unknown word are never spoken."""
    forbidden = tuple(i for i in (vocabulary.pad, vocabulary.start, vocabulary.unknown) if i is not None)
    return Rules(vocabulary.start, vocabulary.end, forbidden, max_words=max_words, **others)


def say(
    model: CaptioningModel,
    seen: Iterable[np.ndarray],
    vocabulary: Vocabulary,
    options: SearchOptions,
    *,
    max_words: int = 20,
) -> list[list[Hypothesis]]:
    """Return the hypotheses, best first, of every photo; `seen`: what the trunk saw, batch by batch."""
    model.eval()
    stepper, rules = TorchStepper(model.decoder), rules_for(vocabulary, max_words=max_words)
    return [said for batch in seen for said in search(stepper, model.features(batch), rules, options)]


class Validator:
    """Scores what is said of the same photos again and again.

    references: by photo's id, its sentences as people wrote them.
    """

    def __init__(self, references: Mapping[str, Sequence[str]], vocabulary: Vocabulary) -> None:
        """Count the references' n-grams once."""
        self.ids = list(references)
        self.scorer = Scorer(references, only=FIGURES)
        self.vocabulary = vocabulary

    def figures(self, said: Sequence[Sequence[Hypothesis]]) -> dict[str, float]:
        """Return BLEU-4, ROUGE-L and CIDEr-D of the best hypothesis of each photo, and how many sentences differ."""
        texts = [" ".join(self.vocabulary.decode(hypotheses[0].words)) for hypotheses in said]
        scores = self.scorer.score(dict(zip(self.ids, texts, strict=True)))
        return {name: scores[name] for name in FIGURES} | {"distinct": float(len(set(texts)))}


def in_batches(rows: np.ndarray, size: int) -> list[np.ndarray]:
    """Return rows (N,) in runs of at most `size`."""
    return [rows[i : i + size] for i in range(0, len(rows), size)]
