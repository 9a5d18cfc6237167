"""How likely it is that a person said a sentence of a clip: the adversary of paper 3's survey, section 2.2.2.3.

A convolutional network over the sentence's word vectors, which also sees the clip, so that a sentence has to be true
and not only well made. It stands beside a decoder as its `discriminator`, so that its weights are kept with it;
saying sentences takes no notice of it, and a bundle does not hold it.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from watchword.core.types import Features
from watchword.decoders.dropout import Dropout

SPANS = (1, 2, 3, 4)  # words that a convolution sees together


class Discriminator(nn.Module):
    """Convolutions along the words and along the clip's cells, the maximum of each, and what the two have in common.

    vocabulary: V. start, end, never: ids of the vocabulary: of the first word read, of the last one said, and of
    those that are never drawn. cells: width of `Features.cells`. width: of word vectors, and of what is made of
    either side. spans: words that a convolution sees together. dropout: share.
    """

    turns: Tensor

    def __init__(
        self,
        *,
        vocabulary: int,
        start: int,
        end: int,
        never: Sequence[int],
        cells: int,
        width: int,
        dropout: float,
        spans: Sequence[int] = SPANS,
    ) -> None:
        super().__init__()
        self.start, self.end, self.never = start, end, tuple(never)
        self.words = nn.Embedding(vocabulary, width)
        # Without a bias nothing is made of nothing: how far a batch is padded says nothing.
        self.along_words = nn.ModuleList(nn.Conv1d(width, width, span, padding=span - 1, bias=False) for span in spans)
        self.sentence = nn.Linear(len(spans) * width, width)
        self.norm = nn.LayerNorm(cells, elementwise_affine=False)  # encoders' vectors differ a hundredfold in length
        self.along_cells = nn.Conv1d(cells, width, 3, padding=1, bias=False)
        self.whole = nn.Linear(cells, width)
        self.clip = nn.Linear(2 * width, width)
        self.judge = nn.Sequential(nn.Linear(3 * width, width), nn.ReLU(), nn.Linear(width, 1))
        self.dropout = Dropout(dropout)
        self.register_buffer("turns", torch.zeros((), dtype=torch.int64))  # steps of adversarial training so far

    def forward(self, features: Features[Tensor], words: Tensor, said: Tensor) -> Tensor:
        """Return logits (B, K) that a person said each of K sentences of a clip.

        words: (B, K, T) int64, the end among them; said: (B, K, T) bool, True where a word belongs to the sentence.
        """
        clip = self.seen(features)[:, None]  # (B, 1, H)
        sentence = self.heard(words.flatten(0, 1), said.flatten(0, 1)).unflatten(0, words.shape[:2])
        clip = clip.expand_as(sentence)
        both = torch.cat((clip, sentence, clip * sentence), -1)
        logits: Tensor = self.judge(self.dropout(both))[..., 0]
        return logits.float()

    def seen(self, features: Features[Tensor]) -> Tensor:
        """Return what is made of clips: (B, H). The mean of the cells, and the most of what changes along them."""
        real = features.mask[..., None].to(features.cells.dtype)
        cells = self.dropout(self.norm(features.cells)) * real
        mean = cells.sum(1) / real.sum(1).clamp_min(1)
        change = self.along_cells((cells - mean[:, None] * real).transpose(1, 2)).relu()
        change = (change * real.transpose(1, 2)).amax(-1)  # a place behind the last real cell reaches back to it
        return torch.tanh(self.clip(torch.cat((self.whole(mean).relu(), change), -1)))

    def heard(self, words: Tensor, said: Tensor) -> Tensor:
        """Return what is made of sentences (N, T): (N, H)."""
        vectors = (self.dropout(self.words(words)) * said[..., None]).transpose(1, 2)  # (N, H, T)
        most = [functional.relu(layer(vectors)).amax(-1) for layer in self.along_words]
        return torch.tanh(self.sentence(torch.cat(most, -1)))
