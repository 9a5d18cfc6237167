"""A moving average of the weights, which says better sentences than the last step's (Polyak and Juditsky 1992)."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from watchword.core.errors import CheckpointError


class Average:
    """The exponential moving average of a model's learning weights.

    decay: share of the old average that each step keeps; less in the first steps, when there is little to keep.
    """

    def __init__(self, model: nn.Module, decay: float) -> None:
        self.decay, self.steps = decay, 0
        self.weights = {name: p for name, p in model.named_parameters() if p.requires_grad}
        self.values = {name: p.detach().clone() for name, p in self.weights.items()}

    @torch.no_grad()
    def update(self) -> None:
        """Take in the weights as they stand after a step."""
        self.steps += 1
        decay = min(self.decay, self.steps / (self.steps + 10))
        torch._foreach_lerp_(list(self.values.values()), list(self.weights.values()), 1 - decay)

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Give the model the average for a while: to validate it and to keep it."""
        self._swap()
        try:
            yield
        finally:
            self._swap()

    @torch.no_grad()
    def _swap(self) -> None:
        for name, weight in self.weights.items():
            kept = weight.detach().clone()
            weight.copy_(self.values[name])
            self.values[name].copy_(kept)

    def state(self) -> dict[str, Tensor]:
        """Return what `restore` needs."""
        return self.values | {"steps": torch.tensor(self.steps)}

    def restore(self, state: dict[str, Tensor]) -> None:
        """Go on from a `state`. Raises `CheckpointError` for one of other weights."""
        if state.keys() != self.values.keys() | {"steps"}:
            raise CheckpointError("the moving average is of other weights than learn here: is frozen the same?")
        if any(state[name].shape != value.shape for name, value in self.values.items()) or state["steps"].numel() != 1:
            raise CheckpointError("the moving average has other shapes than the weights that learn here")
        self.steps = int(state["steps"])
        for name, value in self.values.items():
            value.copy_(state[name])
