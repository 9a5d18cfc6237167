"""Classes told by how much a clip moves like those that were learnt from: a mean of kernels, a machine, a chance.

Each kind of what is seen has a kernel exp(-gamma d2) of Gaussian form; their mean, compared with the clips that were
kept (support vectors; Cortes and Vapnik 1995), gives a number for each class, and a logistic function of that its
probability (Platt 1999). Local motion of any number of cuboids becomes one vector first: its Fisher vector under a
mixture of Gaussians (Perronnin, Sanchez and Mensink 2010, equations 8 and 9 with their two normalisations).
"""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

LIMIT = 3.0  # deviations: what lies further out counts as that far


class FisherVectors(nn.Module):
    """Cuboids (N, D) to one vector (2 x G x A,), G Gaussians over A principal axes."""

    middle: Tensor
    axes: Tensor
    weights: Tensor
    means: Tensor
    variances: Tensor

    def __init__(self, *, descriptor: int, axes: int, gaussians: int) -> None:
        super().__init__()
        self.width = 2 * gaussians * axes
        self.register_buffer("middle", torch.zeros(descriptor))
        self.register_buffer("axes", torch.zeros(descriptor, axes))  # of unit variance
        self.register_buffer("weights", torch.full((gaussians,), 1 / gaussians))
        self.register_buffer("means", torch.zeros(gaussians, axes))
        self.register_buffer("variances", torch.ones(gaussians, axes))

    def forward(self, cuboids: Tensor) -> Tensor:
        """Return the vector, of length 1, or of zeros where there is no cuboid."""
        seen = (cuboids - self.middle) @ self.axes  # (N, A)
        shares = self.shares(seen)
        count = shares.sum().clamp(min=1.0)
        zeroth, first, second = shares.sum(0)[:, None], shares.T @ seen, shares.T @ (seen * seen)
        by_mean = (first - self.means * zeroth) / self.variances.sqrt() / self.weights.sqrt()[:, None]
        spread = second - 2 * self.means * first + (self.means * self.means - self.variances) * zeroth
        by_variance = spread / self.variances / (2 * self.weights).sqrt()[:, None]
        vector = torch.cat((by_mean.flatten(), by_variance.flatten())) / count
        vector = vector.sign() * vector.abs().sqrt()
        return vector / (vector.square().sum().sqrt() + 1e-6)

    def shares(self, seen: Tensor) -> Tensor:
        """Return (N, G), how far each Gaussian accounts for each of seen (N, A)."""
        exact = 1 / self.variances
        far = (seen * seen) @ exact.T - 2 * (seen @ (self.means * exact).T) + (self.means**2 * exact).sum(1)
        fixed = self.weights.log() - 0.5 * self.variances.log().sum(1)
        return (fixed - 0.5 * far).softmax(1)


class KernelLabels(nn.Module):
    """Statistics, changes and cuboids of a clip to the probabilities of its classes.

    kernels: which of "statistics", "change", "fisher" are looked at. rows: R, clips that are kept. widths: of what is
    seen by name; "cuboids" is that of one cuboid.
    """

    alphas: Tensor
    bias: Tensor
    slope: Tensor
    offset: Tensor

    def __init__(
        self, *, classes: int, rows: int, kernels: Sequence[str], widths: Mapping[str, int], axes: int, gaussians: int
    ) -> None:
        super().__init__()
        self.kernels = tuple(kernels)
        self.fisher = FisherVectors(descriptor=widths["cuboids"], axes=axes, gaussians=gaussians)
        for name in self.kernels:
            width = self.fisher.width if name == "fisher" else widths[name]
            self.register_buffer(f"{name}_rows", torch.zeros(rows, width))
            self.register_buffer(f"{name}_middle", torch.zeros(width))
            self.register_buffer(f"{name}_spread", torch.ones(width))
            self.register_buffer(f"{name}_gamma", torch.ones(1))
        self.register_buffer("alphas", torch.zeros(rows, classes))
        for name, value in (("bias", 0.0), ("slope", 1.0), ("offset", 0.0)):
            self.register_buffer(name, torch.full((classes,), value))

    def forward(self, statistics: Tensor, change: Tensor, cuboids: Tensor) -> Tensor:
        """Return the probabilities (1, N) of statistics (1, W), change (1, W') and cuboids (M, D) of one clip."""
        return self.chances(self.decisions(self.vectors(statistics, change, cuboids)))

    def vectors(self, statistics: Tensor, change: Tensor, cuboids: Tensor) -> dict[str, Tensor]:
        """Return what the kernels compare, (1, W) each."""
        fisher = self.fisher(cuboids)[None] if "fisher" in self.kernels else None
        seen = {"statistics": statistics, "change": change, "fisher": fisher}
        return {name: self.scaled(name, seen[name]) for name in self.kernels}

    def scaled(self, name: str, seen: Tensor | None) -> Tensor:
        """Return (B, W) in deviations from the middle; Fisher vectors have a length already, and stay as they are."""
        assert seen is not None
        if name == "fisher":
            return seen
        return ((seen - self.get_buffer(f"{name}_middle")) / self.get_buffer(f"{name}_spread")).clamp(-LIMIT, LIMIT)

    def decisions(self, vectors: Mapping[str, Tensor]) -> Tensor:
        """Return (B, N), above 0 for a class rather than the others."""
        return self.likeness(vectors) @ self.alphas + self.bias

    def likeness(self, vectors: Mapping[str, Tensor]) -> Tensor:
        """Return (B, R), from 0 to 1: the mean of the kernels between clips and those that are kept."""
        found = [
            torch.exp(-self.get_buffer(f"{name}_gamma") * distances(vectors[name], self.get_buffer(f"{name}_rows")))
            for name in self.kernels
        ]
        return torch.stack(found).mean(0)

    def chances(self, decisions: Tensor) -> Tensor:
        """Return the probabilities (B, N) of decisions (B, N)."""
        alone = (decisions * self.slope + self.offset).sigmoid()
        return alone / alone.sum(1, keepdim=True)


def distances(one: Tensor, other: Tensor) -> Tensor:
    """Return the squared distances (B, R) of rows (B, W) from rows (R, W)."""
    return ((one * one).sum(1)[:, None] + (other * other).sum(1) - 2 * one @ other.T).clamp(min=0.0)
