"""The plain recurrent cell of papers 1 and 5: one activation over what is read and what was."""

from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional


class RNNCell(nn.Module):
    """h = f(Wxh x + Whh h + b): equation (1) of paper 1; (11) and (14) of papers 1 and 5 without the picture.

    inputs: width of x. width: H. activation: f, "tanh" (paper 1) or "relu" (paper 5).
    rectified: f over Wxh x too, before b; it "can help" (paper 5, section 3.2).
    """

    moves = ("h",)

    def __init__(
        self, inputs: int, width: int, *, activation: Literal["tanh", "relu"] = "tanh", rectified: bool = False
    ) -> None:
        super().__init__()
        self.width, self.rectified = width, rectified
        self.activation = torch.tanh if activation == "tanh" else torch.relu
        self.input = nn.Linear(inputs, width)
        self.hidden = nn.Linear(width, width, bias=False)
        # A rotation neither fades nor swells what it carries from word to word (Saxe et al. 2014).
        nn.init.orthogonal_(self.hidden.weight)

    def read(self, x: Tensor) -> Tensor:
        """Return Wxh x + b (…, H) of x (…, inputs)."""
        if self.rectified:
            return self.activation(functional.linear(x, self.input.weight)) + self.input.bias
        return self.input(x)

    def advance(self, read: Tensor, past: Tensor) -> tuple[Tensor]:
        """Return h (…, H) from `read` and `past`, the h before (…, H)."""
        return (self.activation(read + functional.linear(past, self.hidden.weight)),)

    def forward(self, x: Tensor, h: Tensor) -> Tensor:
        """Return the next h (…, H) of x (…, inputs) after h (…, H)."""
        return self.advance(self.read(x), h)[0]
