"""How a model learns; every recipe's settings start from these."""

from dataclasses import dataclass
from typing import Annotated, Literal

from watchword.core.settings import Amount, Count, Needs, Range, Rate, Share


@dataclass(frozen=True)
class Learning:
    """Settings of the loop, whatever is learnt.

    epochs: passes over the photos. batch: photos a step, each with `sentences` of its sentences.
    optimizer: "sgd" (with `momentum`), "rmsprop", "adam" or "adamw". learning_rate: of what reads or says sentences.
    schedule: "constant", "cosine" (to a twentieth) or "step" (halved every quarter). warmup: first steps, rising.
    clip: largest norm of the whole gradient; 0 for any. clip_each: largest size of each of its numbers; 0 for any.
    encoder_rate: learning rate of the encoder's top; 0 keeps it frozen. encoder_start: the epoch it starts.
    keep_labels: weight of the distance between the encoder's own labels before and after (0: let them drift).
    views: flips and crops of each photo to learn from, 1 = the photo alone.
    dtype: of all layers in training; weights, loss and optimiser stay float32. seed: of everything random.
    average: decay of the moving average of the weights, which is what is validated and kept; 0 for none.
    minimum: occurrences a word needs to be in the vocabulary. max_words: longer sentences are cut.
    patience: epochs without a better validation score before the end.
    """

    epochs: Count = 20
    batch: Count = 64
    sentences: Annotated[int, Range(1, 1000)] = 5
    optimizer: Literal["sgd", "rmsprop", "adam", "adamw"] = "adamw"
    learning_rate: Rate = 1e-3
    momentum: Annotated[Share, Needs("optimizer", ("sgd",))] = 0.9
    weight_decay: Rate = 0.01
    schedule: Literal["constant", "cosine", "step"] = "cosine"
    warmup: Amount = 100
    clip: Rate = 5.0
    clip_each: Rate = 0.0
    encoder_rate: Rate = 0.0
    encoder_start: Annotated[Amount, Needs("encoder_rate")] = 0
    keep_labels: Annotated[Rate, Needs("encoder_rate")] = 0.0
    views: Annotated[int, Range(1, 1000)] = 1
    dtype: Literal["float32", "bfloat16"] = "bfloat16"
    seed: Annotated[int, Range(0, 2**32 - 1)] = 0
    average: Share = 0.0
    minimum: Count = 5
    max_words: Annotated[int, Range(1, 1000)] = 20
    patience: Count = 5


@dataclass(frozen=True)
class Reading(Learning):
    """Settings of the loop besides, where words are read.

    word_vectors: what their vectors begin as: "random", "word2vec" (learnt from the captions), "glove" (50 numbers),
    or a text file of vectors; narrower ones fill the first numbers of the model's. frozen_words: they never learn.
    """

    word_vectors: str = "random"
    frozen_words: Annotated[bool, Needs("word_vectors", but=("random",))] = False


@dataclass(frozen=True)
class Captioning(Reading):
    """Settings of the loop besides, where sentences are said; none longer than `max_words` is.

    label_smoothing: share given to all words alike.
    scheduled: share of the words read that are the model's own in the last epoch, rising from 0; 0 reads people's.
    draws: sentences drawn of each photo to learn from their CIDEr-D (self-critical); 0 learns from people's sentences.
    baseline: what a drawn sentence must beat: the mean of the "others" of its photo, or the "greedy" sentence.
    contrast: how much of a drawn sentence's CIDEr-D for other photos of the batch is taken off its reward.
    habits: how much is taken off for a phrase that is drawn for more photos of the batch than people say it of.
    beam: of validation.
    """

    label_smoothing: Annotated[Share, Needs("draws", (0,))] = 0.0
    scheduled: Annotated[float, Range(0, 1), Needs("draws", (0,))] = 0.0
    draws: Amount = 0
    baseline: Annotated[Literal["others", "greedy"], Needs("draws")] = "others"
    contrast: Annotated[Rate, Needs("draws")] = 0.0
    habits: Annotated[Rate, Needs("draws")] = 0.0
    beam: Annotated[int, Range(1, 1000)] = 3


@dataclass(frozen=True)
class Labelling(Learning):
    """Settings of the loop besides, where clips or photos are told apart by class.

    label_smoothing: share given to all classes alike. minimum: examples that a class needs to be learnt.
    """

    batch: Count = 16
    warmup: Amount = 20
    minimum: Count = 1
    label_smoothing: Share = 0.0
