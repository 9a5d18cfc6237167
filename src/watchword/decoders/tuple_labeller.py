"""What is done by whom to what in a clip: heads for the roles of a tuple on clip features, tied by a chain."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from watchword.core.errors import DataError
from watchword.core.types import Features
from watchword.decoders import chain
from watchword.decoders.dropout import Dropout

Roles = Mapping[str, Sequence[str]]


class TupleLabeller(nn.Module):
    """Scores of the words of each role from a clip, and of neighbouring roles' words from one another.

    The clip is its cells' mean, deviation and slope along time, each set to mean 0 and deviation 1. One linear map
    gives the unaries of all roles, and a chain (`chain`) over the roles in their order adds what goes together.

    roles: the words of each, in order. cells: width of `Features.cells`. dropout: share of the clip's vector.
    """

    def __init__(self, *, roles: Roles, cells: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.roles = {role: tuple(words) for role, words in roles.items()}
        self.widths = [len(words) for words in self.roles.values()]
        self.norm = nn.LayerNorm(cells, elementwise_affine=False)
        self.dropout = Dropout(dropout)
        self.heads = nn.Linear(3 * cells, sum(self.widths))
        sizes = zip(self.widths[:-1], self.widths[1:], strict=True)
        self.pairwise = nn.ParameterList(nn.Parameter(torch.zeros(size)) for size in sizes)

    def unaries(self, features: Features[Tensor]) -> list[Tensor]:
        """Return the score of each word of each role: R of (B, N_r)."""
        parts = torch.cat([self.norm(part) for part in over_time(features)], -1)
        return list(self.heads(self.dropout(parts)).float().split(self.widths, -1))

    def pairs(self) -> list[Tensor]:
        """Return the scores of neighbouring roles' words: R - 1 of (N_r, N_r+1)."""
        return list(self.pairwise)

    def loss(self, features: Features[Tensor], labels: Tensor) -> Tensor:
        """Return the negative log-likelihood (B,), in nats, of labels (B, R) int64: a word of each role."""
        unaries = self.unaries(features)
        return chain.log_sum(unaries, self.pairs()) - chain.total(unaries, self.pairs(), labels)

    def forward(self, features: Features[Tensor]) -> Features[Tensor]:
        """Return tuples as features: whole (B, W) the probabilities of all words, cells (B, R, W) the likeliest tuple.

        W: words of all roles together; a cell is one-hot, role r's in the stretch of role r.
        """
        unaries = self.unaries(features)
        whole = torch.cat(chain.log_marginals(unaries, self.pairs()), -1).exp()
        cells = chain.as_rows(chain.likeliest(unaries, self.pairs()), self.widths)
        return Features(whole, cells, torch.ones_like(cells[:, :, 0], dtype=torch.bool))

    def save(self, path: Path, about: Mapping[str, str]) -> None:
        """Write weights and words as safetensors. about: what else its reader should know, the encoder's name say."""
        path.parent.mkdir(parents=True, exist_ok=True)
        said = {"roles": json.dumps({role: list(words) for role, words in self.roles.items()}), **about}
        save_file({name: value.contiguous() for name, value in self.state_dict().items()}, path, said)


def load(path: str | Path, *, cells: int | None = None) -> TupleLabeller:
    """Return a labeller that was saved, frozen. cells: the width of cells that it is to take, None for any.

    Raises `DataError` for a file that is missing or none of a labeller, or one that takes other cells.
    """
    about, tensors = _read(Path(path))
    try:
        roles = json.loads(about["roles"])
        width = tensors["heads.weight"].shape[1] // 3
        labeller = TupleLabeller(roles=roles, cells=width)
        labeller.load_state_dict(tensors)
    except (KeyError, ValueError, AttributeError, TypeError, RuntimeError):
        raise DataError(f"{path} holds no labeller of tuples; `watchword tuples learn` writes one") from None
    if cells not in (None, width):
        raise DataError(
            f"{path} takes cells {width} wide, not {cells}: it learnt with "
            f"{about.get('encoder', 'another encoder')}, so give that as encoder, or learn one with yours"
        )
    return labeller.requires_grad_(False).eval()


def encoder_of(path: str | Path) -> str:
    """Return the name of the encoder that a labeller learnt with, "" if it does not say. Raises `DataError`."""
    return _read(Path(path))[0].get("encoder", "")


def over_time(features: Features[Tensor]) -> tuple[Tensor, Tensor, Tensor]:
    """Return mean, deviation and slope of the real cells along their order, each (B, W').

    The slope is how much a cell grows from the first to the last, fitted by least squares; 0 for a single cell.
    """
    cells, real = features.cells.float(), features.mask[..., None].float()
    count = real.sum(1).clamp_min(1)
    mean = (cells * real).sum(1) / count
    away = (cells - mean[:, None]) * real
    deviation = ((away * away).sum(1) / count + 1e-6).sqrt()
    time = real.cumsum(1) - 1  # of real cells: 0, 1, 2, ...
    time = (time - (time * real).sum(1, keepdim=True) / count[:, None]) * real
    slope = (time * away).sum(1) / (time * time).sum(1).clamp_min(1e-6) * (count - 1)
    return mean, deviation, slope


def _read(path: Path) -> tuple[dict[str, str], dict[str, Tensor]]:
    """Return what a safetensors file says of itself, and its tensors."""
    try:
        with safe_open(path, "pt") as file:
            return dict(file.metadata() or {}), {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except FileNotFoundError:
        raise DataError(f"{path} does not exist; `watchword tuples learn` writes a labeller of tuples") from None
    except (SafetensorError, OSError) as problem:
        raise DataError(f"{path} cannot be read as a labeller of tuples: {problem}") from None
