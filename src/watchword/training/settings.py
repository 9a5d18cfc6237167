"""How a captioner learns; every recipe's settings start from these."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Learning:
    """Settings of the loop.

    epochs: passes over the photos. batch: photos a step, each with `sentences` of its sentences.
    optimizer: "sgd" (with momentum), "rmsprop", "adam" or "adamw". learning_rate: of the decoder.
    schedule: "constant", "cosine" (to a twentieth) or "step" (halved every quarter). warmup: first steps, rising.
    clip: largest norm of the whole gradient. label_smoothing: share given to all words alike.
    encoder_rate: learning rate of the encoder's top; 0 keeps it frozen. encoder_start: the epoch it starts.
    keep_labels: weight of the distance between the encoder's own labels before and after (0: let them drift).
    views: flips and crops of each photo to learn from, 1 = the photo alone.
    dtype: of the matrix products. seed: of everything random.
    average: decay of the moving average of the weights, which is what is validated and kept; 0 for none.
    minimum: occurrences a word needs to be in the vocabulary. max_words: longer sentences are cut.
    draws: sentences drawn of each photo to learn from their CIDEr-D (self-critical); 0 learns from people's sentences.
    patience: epochs without a better validation score before the end. beam: of validation.
    """

    epochs: int = 20
    batch: int = 64
    sentences: int = 5
    optimizer: Literal["sgd", "rmsprop", "adam", "adamw"] = "adamw"
    learning_rate: float = 1e-3
    momentum: float = 0.9
    weight_decay: float = 0.01
    schedule: Literal["constant", "cosine", "step"] = "cosine"
    warmup: int = 100
    clip: float = 5.0
    label_smoothing: float = 0.0
    encoder_rate: float = 0.0
    encoder_start: int = 0
    keep_labels: float = 0.0
    views: int = 1
    dtype: Literal["float32", "bfloat16"] = "bfloat16"
    seed: int = 0
    average: float = 0.0
    minimum: int = 5
    max_words: int = 20
    draws: int = 0
    patience: int = 5
    beam: int = 3
