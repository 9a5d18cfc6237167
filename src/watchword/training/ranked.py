"""How early a matcher finds the sentences of held-back photos, and the photos of their sentences."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import torch

from watchword.data.vocabulary import Vocabulary
from watchword.data.words import tokenize
from watchword.metrics.ranking import both_ways

TOGETHER = 256  # sentences that are compared with all photos at once


class RankingValidator:
    """Ranks the same photos and sentences again and again.

    sentences: of each photo, as people wrote them. max_words: longer ones are cut.
    """

    def __init__(self, sentences: Sequence[Sequence[str]], vocabulary: Vocabulary, *, max_words: int) -> None:
        """Turn the sentences into ids, once; words that are not known count as the unknown one."""
        encoded = [
            (vocabulary.encode(tokenize(text))[:max_words], owner)
            for owner, texts in enumerate(sentences)
            for text in texts
        ]
        encoded.sort(key=lambda one: len(one[0]))
        self.sentences = [words or [vocabulary.unknown or vocabulary.pad] for words, _ in encoded]
        self.owner = np.array([owner for _, owner in encoded], np.int64)

    def figures(self, model: Any, seen: Iterable[np.ndarray]) -> dict[str, float]:
        """Return recall and median rank both ways, by a matching model, from what the trunk saw, batch by batch."""
        model.eval()
        return both_ways(self.scores(model, seen), self.owner)

    @torch.inference_mode()
    def scores(self, model: Any, seen: Iterable[np.ndarray]) -> np.ndarray:
        """Return how well every photo and every sentence match (N, S); sentences in the order of `owner`."""
        found = [model.matcher.regions(model.encoder.top(torch.from_numpy(part).float())) for part in seen]
        regions, real = (torch.cat(parts) for parts in zip(*found, strict=True))
        columns = []
        for first in range(0, len(self.sentences), TOGETHER):
            words, mask = padded(self.sentences[first : first + TOGETHER])
            columns.append(model.matcher.scores(regions, real, model.matcher.words(words, mask), mask))
        return torch.cat(columns, 1).float().numpy()


def padded(sentences: Sequence[Sequence[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    """Return word ids as words (S, T) int64, padded with 0, and mask (S, T)."""
    words = torch.nn.utils.rnn.pad_sequence([torch.tensor(one) for one in sentences], batch_first=True)
    lengths = torch.tensor([len(one) for one in sentences])
    return words, torch.arange(words.shape[1]) < lengths[:, None]
