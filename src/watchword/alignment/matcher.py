"""Regions and words as vectors of one space, and the score of a photo and a sentence: section 3.1 of paper 5."""

from typing import Literal, get_args

import torch
from torch import Tensor, nn

from watchword.alignment.bidirectional import BidirectionalWords
from watchword.alignment.gated import GatedWords
from watchword.alignment.lstm import LSTMWords
from watchword.alignment.reader import Reader
from watchword.alignment.scores import all_regions, best_region, unit
from watchword.core.errors import UnknownName
from watchword.core.types import Features

Reading = Literal["bidirectional", "gated", "lstm"]
Scoring = Literal["best_region", "all_regions", "normalised", "whole"]
READERS: dict[str, type[BidirectionalWords] | type[GatedWords] | type[LSTMWords]] = {
    "bidirectional": BidirectionalWords,
    "gated": GatedWords,
    "lstm": LSTMWords,
}


class Matcher(nn.Module):
    """Letters: B photos, S sentences, R regions, T words, D width of the common space.

    vocabulary: V. cells, whole: widths of `Features.cells` and `Features.whole`; where both are equal, one
        matrix reads them, as in the paper, where the whole picture is a region like others.
    width: D; 1,000 to 1,600 in the paper. hidden: of the recurrences. word_width: as `Reader`.
    reader: "bidirectional", equations (2)-(6); "gated", a GRU in both directions; or "lstm", from
        the left alone.
    score: "best_region", equation (8); "all_regions", equation (7); "normalised", the mean over words of the best
        cosine; "whole", the cosine of the picture and the sentence.
    dropout: share dropped of features, and in the reader, in training. loss: of scores (B, S) and the photo of each
        sentence (S,), what training makes smaller.

    Equation (8) of the vectors that `regions` and `words` return is the score, whichever it is, except for
    "all_regions": where it is "normalised" they have length 1, words divided by how many the sentence has;
    where it is "whole" there is one region and one word, both of length 1.
    Raises `UnknownName` for another reader or score.
    """

    def __init__(
        self,
        *,
        vocabulary: int,
        cells: int,
        whole: int,
        width: int,
        hidden: int,
        word_width: int = 300,
        reader: Reading = "bidirectional",
        score: Scoring = "best_region",
        dropout: float = 0.0,
        loss: nn.Module,
    ) -> None:
        super().__init__()
        if reader not in READERS:
            raise UnknownName("reader", reader, READERS)
        if score not in get_args(Scoring):
            raise UnknownName("score", score, get_args(Scoring))
        self.score, self.loss = score, loss
        self.region = None if score == "whole" else nn.Linear(cells, width)
        self.picture = None if self.region and whole == cells else nn.Linear(whole, width)
        self.dropout = nn.Dropout(dropout)
        self.reader: Reader = READERS[reader](
            vocabulary=vocabulary,
            width=width,
            hidden=hidden,
            word_width=word_width,
            dropout=dropout,
        )

    @property
    def embedding(self) -> nn.Embedding:
        """The vectors of the words that are read."""
        return self.reader.embedding

    def regions(self, features: Features[Tensor]) -> tuple[Tensor, Tensor]:
        """Return vectors (B, 1 + C, D) and their mask (B, 1 + C) of a photo's C cells. Equation (1).

        The first region is the whole picture, which the paper adds to its 19; for "whole" it is the only one.
        """
        layer = self.picture or self.region
        assert layer is not None
        parts, real = [layer(self.dropout(features.whole))[:, None]], [torch.ones_like(features.mask[:, :1])]
        if self.region is not None:
            parts.append(self.region(self.dropout(features.cells)))
            real.append(features.mask)
        vectors = torch.cat(parts, 1)
        return (vectors if self._has_lengths else unit(vectors)), torch.cat(real, 1)

    def words(self, words: Tensor, mask: Tensor) -> Tensor:
        """Return vectors (S, T, D) of words (S, T) int64, zero where mask (S, T) bool is False.

        For "whole", (S, 1, D): one for the sentence.
        """
        if self.score == "whole":
            return unit(self.reader.whole(words, mask))[:, None]
        vectors = self.reader(words, mask)
        if self._has_lengths:
            return vectors
        return unit(vectors) / mask.sum(1).clamp_min(1)[:, None, None]

    def scores(self, regions: Tensor, region_mask: Tensor, words: Tensor, word_mask: Tensor) -> Tensor:
        """Return scores (B, S) of what `regions` and `words` returned.

        word_mask: (S, T), the same that `words` was given.
        """
        score = all_regions if self.score == "all_regions" else best_region
        return score(regions, region_mask, words, word_mask[:, : words.shape[1]])

    def forward(self, features: Features[Tensor], words: Tensor, mask: Tensor) -> Tensor:
        """Return scores (B, S) of photos and words (S, T) with mask (S, T)."""
        return self.scores(*self.regions(features), self.words(words, mask), mask)

    @property
    def _has_lengths(self) -> bool:
        """Whether the lengths of vectors count, as in the paper (section 4.1, "magnitudes")."""
        return self.score in ("best_region", "all_regions")
