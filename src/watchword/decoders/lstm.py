"""The LSTM cell of paper 1, equations (3)-(9), with what does not depend on the past taken out of the loop."""

import torch
from torch import Tensor, nn
from torch.nn import functional


class LSTMCell(nn.Module):
    """Long short-term memory: a = Wx x + Wh h + b (3), gates i, f, o (4)-(6), g (7), c (8), h (9).

    The activation vector `a` (…, 4H) is split in the paper's order i, f, o, g. Wx x + b needs no past,
    so `read` can be called once for all steps, and `advance` adds what does.

    inputs: width of x. width: H. recurrent: width of what `advance` multiplies: H, or H plus the
    width of something else that depends on the past, such as what attention saw.
    """

    moves = ("h", "c")

    def __init__(self, inputs: int, width: int, *, recurrent: int | None = None) -> None:
        super().__init__()
        self.width = width
        self.input = nn.Linear(inputs, 4 * width)
        self.hidden = nn.Linear(recurrent or width, 4 * width, bias=False)
        with torch.no_grad():
            # A forget gate that starts open lets the gradient reach the first words (Jozefowicz et al. 2015).
            self.input.bias[width : 2 * width] = 1.0

    def read(self, x: Tensor) -> Tensor:
        """Return Wx x + b (…, 4H) of x (…, inputs)."""
        return self.input(x)

    def advance(self, read: Tensor, past: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
        """Return h and c (…, H) from `read` (…, 4H), `past` (…, recurrent), whose part h stands first, and c (…, H)."""
        a = read + functional.linear(past, self.hidden.weight)
        gates, block = a.split((3 * self.width, self.width), -1)
        i, f, o = gates.sigmoid().chunk(3, -1)
        c = f * c + i * block.tanh()
        return o * c.tanh(), c

    def forward(self, x: Tensor, h: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
        """Return the next h and c (…, H) of x (…, inputs) after h and c (…, H)."""
        return self.advance(self.read(x), h, c)
