"""From what the search found, as word ids, to the sentence that people get."""

from dataclasses import replace

import numpy as np

from watchword.core.types import Sentence
from watchword.data.vocabulary import Vocabulary
from watchword.generation.hypotheses import Hypothesis
from watchword.runtime.confidence import Calibration

Labels = tuple[tuple[str, float], ...]
LABELS = 5


def to_sentence(
    hypothesis: Hypothesis, vocabulary: Vocabulary, labels: Labels, calibration: Calibration | None
) -> Sentence:
    """Return a hypothesis in words, with the picture's labels and, if the model is calibrated, a confidence."""
    words = tuple(vocabulary.words[i] for i in hypothesis.words)
    text = " ".join(words)
    sentence = Sentence(text, words, hypothesis.log_probs, looked_at=hypothesis.looked_at, labels=labels)
    return replace(sentence, confidence=calibration.confidence(sentence)) if calibration else sentence


def top_labels(probabilities: np.ndarray, names: tuple[str, ...]) -> Labels:
    """Return the `LABELS` likeliest of one picture's labels, likeliest first; probabilities: (L,) float32."""
    likeliest = np.argsort(-probabilities, kind="stable")[:LABELS]
    return tuple((names[i], float(probabilities[i])) for i in likeliest)
