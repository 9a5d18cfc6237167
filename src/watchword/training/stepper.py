"""A torch decoder as search sees it: NumPy in, NumPy out."""

from typing import Any

import numpy as np
import torch

from watchword.core.types import Arrays, Features, Scores


class TorchStepper:
    """Implements `core.types.Stepper` over a decoder; arrays are shared with tensors, not copied."""

    def __init__(self, decoder: Any) -> None:
        """Wrap `decoder`, a `decoders.base.Decoder`, and switch it to evaluation."""
        self.decoder = decoder.eval()

    def start(self, features: Features[np.ndarray]) -> tuple[Any, Arrays]:
        """Return the memory of B photos as tensors, and the state before the first word."""
        with torch.inference_mode():
            memory, state = self.decoder.start(Features(*map(torch.from_numpy, features)))
        return memory, {name: value.numpy() for name, value in state.items()}

    def step(self, words: np.ndarray, memory: Any, state: Arrays, best: int | None = None) -> tuple[Scores, Arrays]:
        """Score every word after words (B, K); `best` is a hint that is not needed here."""
        with torch.inference_mode():
            tensors = {name: torch.from_numpy(np.ascontiguousarray(value)) for name, value in state.items()}
            log_probs, state_after = self.decoder.step(torch.from_numpy(np.ascontiguousarray(words)), memory, tensors)
        return Scores(log_probs.numpy()), {name: value.numpy() for name, value in state_after.items()}
