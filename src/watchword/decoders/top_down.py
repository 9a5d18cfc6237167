"""Two LSTMs, one that looks and one that speaks: Anderson et al. 2018, "Bottom-Up and Top-Down Attention"."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from watchword.core.types import Features
from watchword.decoders.attending import Attending, Look
from watchword.decoders.base import Tensors
from watchword.decoders.lstm import LSTMCell


class TopDown(Attending):
    """The first LSTM knows the whole picture and what was said, and asks the cells; the second says the word.

    In Anderson et al.'s numbers: the attention LSTM's input (2), weights (3)-(4), context (5), the language
    LSTM's input (6). The picture's and the word's part of (2) do not depend on the past and are multiplied
    before the first step. Beginning from the picture, the context's gate and the deep output layer are
    those of `Attending`, where they were found to help; the state is four vectors, whatever the length.

    vocabulary, whole, cells, width, attention, heads, dropout, tied: as `Attending`.
    """

    def __init__(self, *, whole: int, width: int, **others: Any) -> None:
        super().__init__(whole=whole, width=width, **others)
        self.picture = nn.Linear(whole, 4 * width, bias=False)
        self.language = LSTMCell(width, width, recurrent=2 * width)

    def start(self, features: Features[Tensor]) -> tuple[Tensors, Tensors]:
        """Return the memory of `Attending` with the picture's part of (2), and h, c, spoken, kept (B, 1, H), looked.

        h, c: of the attention LSTM. spoken, kept: h and c of the language LSTM.
        """
        memory, state = super().start(features)
        picture = self.picture(self.dropout(features.whole))[:, None]
        rest = torch.zeros_like(state["h"])
        return {"picture": picture, **memory}, {"spoken": rest, "kept": rest, **state}

    def step(self, words: Tensor, memory: Tensors, state: Tensors) -> tuple[Tensor, Tensors]:
        """Read words (B, K); return log-probabilities (B, K, V) of the next, and the new state."""
        embedded = self.embedding(words)
        read = self.cell.read(embedded) + memory["picture"]
        h, c = self.cell.advance(read, torch.cat((state["h"], state["spoken"]), -1), state["c"])
        context, weights = self.look(h, memory)
        spoken, kept = self.speak(h, context, state["spoken"], state["kept"])
        logits = self.say(spoken, context, embedded)
        after = {"h": h, "c": c, "spoken": spoken, "kept": kept, "looked": weights.mean(2)}
        return functional.log_softmax(logits, -1), after

    def speak(self, h: Tensor, context: Tensor, spoken: Tensor, kept: Tensor) -> tuple[Tensor, Tensor]:
        """Return h and c of the language LSTM (B, K, H), after h of the other and what it looked at."""
        return self.language.advance(self.language.read(h), torch.cat((spoken, context), -1), kept)

    def follow(self, features: Features[Tensor], words: Tensor, look: Look) -> Tensor:
        """Return logits (B, K, T, V) of what follows each of words (B, K, T), each step's context chosen by `look`."""
        memory, state = self.start(features)
        embedded = self.dropout(self.embedding(words))
        read = self.cell.read(embedded) + memory["picture"][:, :, None]
        h, c, spoken, kept = (state[name].expand(-1, words.shape[1], -1) for name in ("h", "c", "spoken", "kept"))
        states, contexts = [], []
        for now in read.unbind(2):  # not read[:, :, t], whose gradient is a full array for each step
            h, c = self.cell.advance(now, torch.cat((h, spoken), -1), c)
            context, _ = look(h, memory)
            spoken, kept = self.speak(h, context, spoken, kept)
            states.append(spoken)
            contexts.append(context)
        return self.say(torch.stack(states, 2), torch.stack(contexts, 2), embedded)
