"""The bidirectional recurrent network of paper 5: equations (2)-(6)."""

import torch
from torch import Tensor, nn

from watchword.alignment.reader import Reader

FAR = -1e4  # so far below what a recurrence adds that a ReLU lets nothing through; finite in half precision


class BidirectionalWords(Reader):
    """A vector for each word and what stands around it, without gates.

    x_t = W_w 1_t (2); e_t = f(W_e x_t + b_e) (3); from the left h_t = f(e_t + W_f h_(t-1) + b_f) (4), from the
    right h_t = f(e_t + W_b h_(t+1) + b_b) (5); s_t = f(W_d (both) + b_d) (6). f is the ReLU, states begin at 0.

    hidden: H, of e and h; the paper's lie between 300 and 600. width: D, of s. word_width: 300 in the paper.
    dropout: of e and of the sum in (6), "in all layers except in the recurrent layers" (section 3.3).
    vocabulary: as `Reader`.
    """

    def make(self, word_width: int, hidden: int, width: int) -> None:
        """Make the layers."""
        self.enter = nn.Linear(word_width, hidden)
        self.ahead = nn.Linear(hidden, hidden)
        self.back = nn.Linear(hidden, hidden)
        self.leave = nn.Linear(hidden, width)
        # He et al. 2015: as much leaves a ReLU as enters. Without biases, which word it is decides from the start.
        nn.init.kaiming_normal_(self.enter.weight, nonlinearity="relu")
        for layer in (self.ahead, self.back):
            nn.init.orthogonal_(layer.weight)
        for layer in (self.enter, self.ahead, self.back, self.leave):
            nn.init.zeros_(layer.bias)

    def states(self, words: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Return h (S, T, H) of equations (4) and (5)."""
        read = self.dropout(torch.relu(self.enter(self.embedding(words))))
        # Of padding nothing is left after f: from the right, the state is still 0 when the last word is met.
        read = read.masked_fill(~mask[:, :, None], FAR)
        return recur(read, self.ahead), recur(read.flip(1), self.back).flip(1)

    def project(self, ahead: Tensor, back: Tensor) -> Tensor:
        """Return what f is taken of in equation (6)."""
        return self.leave(self.dropout(ahead + back))

    def activate(self, projected: Tensor) -> Tensor:
        """Return s (S, T, D)."""
        return torch.relu(projected)


def recur(read: Tensor, layer: nn.Linear) -> Tensor:
    """Return h_t = f(read_t + W h_(t-1) + b), (S, T, H), of read (S, T, H)."""
    if torch.onnx.is_in_onnx_export():
        return as_one_operator(read, layer)
    h, states = torch.zeros_like(read[:, 0]), []
    for now in (read + layer.bias).unbind(1):  # not read[:, t], whose gradient is a full array for each word
        h = torch.relu(torch.addmm(now, h, layer.weight.T))
        states.append(h)
    return torch.stack(states, 1)


def as_one_operator(read: Tensor, layer: nn.Linear) -> Tensor:
    """Return what `recur` returns. A traced loop would hold for sentences of one length alone.

    The operator multiplies what it reads by a matrix, which the paper has not: the identity.
    """
    # Its size is read off the array: known beforehand, the matrix would be written into the file, H x H numbers.
    same = torch.eye(read.shape[2], dtype=read.dtype, device=read.device)
    start = torch.zeros_like(read[:, :1]).transpose(0, 1)
    weights = [same, layer.weight, torch.zeros_like(layer.bias), layer.bias]
    return torch.rnn_relu(read, start, weights, True, 1, 0.0, False, False, True)[0]
