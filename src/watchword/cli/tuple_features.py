"""Features of clips for a labeller of tuples, each computed once."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.console import Console

from watchword.cli.views import Views
from watchword.core.types import Example, Features

if TYPE_CHECKING:
    from torch import Tensor


def features_of(
    encoder: Any, folder: Path, console: Console
) -> "Callable[[list[Example]], Callable[[np.ndarray], Features[Tensor]]]":
    """Return a function from examples to a function from places (B,) among them to features of B clips."""
    import torch

    network, views = encoder.eval(), Views(encoder, folder, console)

    def of(rows: list[Example]) -> "Callable[[np.ndarray], Features[Tensor]]":
        seen = views.of(rows, 1)

        def at(places: np.ndarray) -> "Features[Tensor]":
            with torch.no_grad():
                found: Features[Tensor] = network.top(torch.from_numpy(seen(places)).float())
            return found

        return at

    return of
