"""Sentences taken from the nearest training photos, and how well they fit."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from rich.console import Console

from watchword.cli.progress import followed
from watchword.cli.score_sources import prepare_for
from watchword.cli.views import Views
from watchword.core.errors import DataError
from watchword.core.types import Example
from watchword.encoders import encoders
from watchword.encoders.whole_only import WholeOnly
from watchword.metrics.cider import Cider
from watchword.metrics.figures import METRICS
from watchword.metrics.meteor.packaged import find_packaged
from watchword.metrics.neighbours import most_agreed, nearest
from watchword.metrics.scorer import Scorer
from watchword.metrics.treebank.batch import tokenize_batch
from watchword.training.validation import in_batches

AT_ONCE = 512  # photos whose features go through the top of an encoder together


class Taken(NamedTuple):
    """What was taken for the photos of a split, in order.

    nearest: (N, most) int64, places of the training photos, nearest first. sentences: by k, one for each photo.
    """

    nearest: np.ndarray
    sentences: dict[int, list[str]]


def training_rows(examples: Sequence[Example], chosen: Sequence[Example], counts: Sequence[int]) -> list[Example]:
    """Return the training photos that have a sentence, without those of `chosen`; `DataError` if they are too few."""
    held_out = {row.id for row in chosen}
    rows = [row for row in examples if row.split == "train" and row.path and row.sentences and row.id not in held_out]
    if len(rows) < max(counts):
        raise DataError(
            f"--k {max(counts)} of {len(rows)} photos to learn from in split 'train': give a smaller --k, or more data"
        )
    return rows


def features(encoder: str, groups: Sequence[list[Example]], folder: Path, console: Console) -> list[np.ndarray]:
    """Return for each group of examples the encoder's whole of each photo: (N, W); kept in `folder`."""
    network = encoders[encoder]().eval()
    views = Views(WholeOnly(network) if network.looks else network, folder, console)
    seen = [views.of(rows, 1) for rows in groups]
    return [
        np.concatenate([_whole(views.encoder, look(part)) for part in in_batches(np.arange(len(rows)), AT_ONCE)])
        for rows, look in zip(groups, seen, strict=True)
    ]


def take(learnt: Sequence[Example], known: np.ndarray, queries: np.ndarray, counts: Sequence[int]) -> Taken:
    """Return for each row of `queries` (Q, W) the nearest of `known` (N, W), the features of the photos `learnt`.

    Of one neighbour the first sentence is taken, of several the one that is most like all the others by CIDEr-D,
    in which words weigh by how rare they are among the sentences `learnt`.
    """
    found = nearest(queries, known, max(counts))
    words = iter(tokenize_batch([text for row in learnt for text in row.sentences]))
    tokenised = [[next(words) for _ in row.sentences] for row in learnt]
    cider = Cider(tokenised) if max(counts) > 1 else None
    taken: dict[int, list[str]] = {count: [] for count in counts}
    for places in followed(found.tolist(), len(found)):
        for count in counts:
            if cider is None or count == 1:
                taken[count].append(learnt[places[0]].sentences[0])
                continue
            offered = [text for place in places[:count] for text in learnt[place].sentences]
            compared = [text for place in places[:count] for text in tokenised[place]]
            taken[count].append(offered[most_agreed(compared, cider.between)])
    return Taken(found, taken)


def figures(rows: Sequence[Example], taken: Taken) -> list[dict[str, Any]]:
    """Return the figures of papers' tables for each k; METEOR where what it knows of English is installed."""
    only = [name for name in METRICS if name != "CIDEr" and (name != "METEOR" or find_packaged() is not None)]
    prepare_for(only)
    scorer = Scorer([row.sentences for row in rows], only=only)
    return [{"k": count, **scorer.score(sentences)} for count, sentences in taken.sentences.items()]


def _whole(encoder: Any, seen: np.ndarray) -> np.ndarray:
    """Return the whole (B, W) that an encoder's top makes of what its trunk saw."""
    import torch

    with torch.inference_mode():
        return encoder.top(torch.from_numpy(seen).float()).whole.numpy()
