"""How likely a captioner finds each of many sentences of each of many photos: paper 2's retrieval, section 5.1."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

import numpy as np
import torch
from torch import Tensor

from watchword.core.types import Features

ROWS = 4096  # words whose logits, as many as the vocabulary has words, are in memory at once


@torch.inference_mode()
def log_likelihoods(
    model: Any, seen: Iterable[np.ndarray], sentences: Sequence[Sequence[int]], *, start: int, end: int, dtype: str
) -> Iterator[np.ndarray]:
    """Yield log P(sentence | photo) (B, S) for batches of B photos: natural logarithms, the end included.

    model: a `CaptioningModel`. seen: what its trunk saw of the photos, batch by batch. sentences: word ids of S
    sentences; those of one length go together, so nothing is padded. dtype: of the layers, as in training.
    """
    model.eval()
    order = sorted(range(len(sentences)), key=lambda i: len(sentences[i]))
    alike = [(length, list(places)) for length, places in groupby(order, key=lambda i: len(sentences[i]))]
    for part in seen:
        features = model.encoder.top(torch.from_numpy(part).float())
        found = np.empty((len(part), len(sentences)), np.float32)
        for length, places in alike:
            each = max(1, ROWS // (len(part) * (length + 1)))
            for first in range(0, len(places), each):
                some = places[first : first + each]
                words = torch.tensor([[start, *sentences[i], end] for i in some])
                with torch.autocast("cpu", torch.bfloat16, enabled=dtype == "bfloat16"):
                    found[:, some] = _of_each(model.decoder, features, words).numpy()
        yield found


def _of_each(decoder: Any, features: Features[Tensor], words: Tensor) -> Tensor:
    """Return log P (B, K) of sentences (K, T), start and end included, for each of B photos."""
    read, said = (part.expand(len(features.whole), *part.shape) for part in (words[:, :-1], words[:, 1:]))
    logits = decoder(features, read.contiguous()).float()
    chosen = logits.gather(-1, said[..., None])[..., 0]
    return (chosen - logits.logsumexp(-1)).sum(-1)
