"""Soft attention over cells: which positions, frames or regions matter for the next word."""

import torch
from torch import Tensor, nn

from watchword.core.errors import SettingsError
from watchword.decoders.additive_scores import additive_scores, powers

FAR = -1e4  # as good as minus infinity after a softmax, and finite in half precision


class AdditiveAttention(nn.Module):
    """Bahdanau et al. 2015, Xu et al. 2015: e = v · tanh(Wk cell + Wq query), weights = softmax(e).

    cells: width of the cells. query: width of the query. width: of the space where both meet.

    tanh is made of powers, for speed, so keys are, too; beyond 43 both sides are cut off (see `additive_scores`).
    An exported graph holds the formula as it stands, which is what ONNX Runtime computes fastest, and so does a module
    of half precision.
    """

    def __init__(self, cells: int, query: int, width: int) -> None:
        super().__init__()
        self.key = nn.Linear(cells, width)
        self.query = nn.Linear(query, width, bias=False)
        self.score = nn.Linear(width, 1, bias=False)

    def keys(self, cells: Tensor) -> Tensor:
        """Return (B, C, width): what stays the same for cells (B, C, W')."""
        keys = self.key(cells)
        return keys if self._plain() else powers(keys)

    def forward(self, query: Tensor, keys: Tensor, mask: Tensor) -> Tensor:
        """Return weights (B, K, 1, C) of query (B, K, width'), keys (B, C, width), mask (B, C) bool."""
        asked = self.query(query)
        if self._plain():
            scores = self.score(torch.tanh(keys[:, None] + asked[:, :, None])).squeeze(-1)
        else:
            scores = additive_scores(keys, powers(asked), self.score.weight[0])
        return scores.masked_fill(~mask[:, None], FAR).softmax(-1)[:, :, None]

    def _plain(self) -> bool:
        return torch.onnx.is_in_onnx_export() or self.score.weight.dtype in (torch.float16, torch.bfloat16)


class DotAttention(nn.Module):
    """Scaled dot product (Vaswani et al. 2017) in several heads; a fraction of the additive form's time.

    cells: width of the cells. query: width of the query. width: of all heads together. heads: how many.
    """

    def __init__(self, cells: int, query: int, width: int, heads: int) -> None:
        super().__init__()
        if width % heads:
            raise SettingsError(f"width={width} cannot be shared out to heads={heads}: give a multiple of it")
        self.key = nn.Linear(cells, width, bias=False)
        self.query = nn.Linear(query, width)
        self.heads = heads
        self.scale = (width // heads) ** -0.5

    def keys(self, cells: Tensor) -> Tensor:
        """Return (B, heads, width / heads, C): what stays the same for cells (B, C, W')."""
        return self.key(cells).unflatten(-1, (self.heads, -1)).permute(0, 2, 3, 1).contiguous()

    def forward(self, query: Tensor, keys: Tensor, mask: Tensor) -> Tensor:
        """Return weights (B, K, heads, C) of query (B, K, width'), keys, mask (B, C) bool."""
        queries = (self.query(query) * self.scale).unflatten(-1, (self.heads, -1)).transpose(1, 2)
        scores = torch.matmul(queries, keys)  # (B, heads, K, C)
        return scores.masked_fill(~mask[:, None, None], FAR).softmax(-1).transpose(1, 2)


def heads_of(values: Tensor, heads: int) -> Tensor:
    """Return (B, heads, C, W / heads) of values (B, C, W)."""
    return values.unflatten(-1, (heads, -1)).transpose(1, 2).contiguous()


def gathered(weights: Tensor, values: Tensor) -> Tensor:
    """Return values (B, heads, C, W / heads) weighed by weights (B, K, heads, C): (B, K, W)."""
    return torch.matmul(weights.transpose(1, 2), values).transpose(1, 2).flatten(2)
