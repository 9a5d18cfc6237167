"""An encoder and what stands on it, as one model."""

from typing import Any, ClassVar

import numpy as np
import torch
from torch import Tensor, nn

from watchword.core.errors import SettingsError
from watchword.core.types import Features


class Model(nn.Module):
    """What recipes build and the loop trains.

    encoder: has `trunk` and `top`, as `encoders.base.Encoder`. head: what reads or says sentences, or names classes;
    it is called `stands` in the model and in checkpoints, and learns at `learning_rate`.
    Neither class is named here: the loop trains whatever a recipe brings.
    """

    stands: ClassVar[str]
    encoder: Any

    def __init__(self, encoder: nn.Module, head: nn.Module) -> None:
        super().__init__()
        self.encoder = encoder
        self.add_module(self.stands, head)

    @property
    def head(self) -> Any:
        """What stands on the encoder."""
        return getattr(self, self.stands)

    def features(self, seen: np.ndarray) -> Features[np.ndarray]:
        """Return the features of B photos as NumPy arrays, from what the trunk saw."""
        with torch.inference_mode():
            return Features(*(part.numpy() for part in self.encoder.top(torch.from_numpy(seen).float())))

    def set_word_vectors(self, vectors: np.ndarray) -> None:
        """Start the word vectors at `vectors` (V, width)."""
        with torch.no_grad():
            self.head.embedding.weight.copy_(torch.from_numpy(vectors))

    def freeze_words(self) -> None:
        """Have the word vectors never learn, as in paper 5 "due to overfitting concerns" (section 3.1.2).

        Raises `SettingsError` where they are the weights of another layer, too.
        """
        vectors = self.head.embedding.weight
        if sum(weight is vectors for _, weight in self.named_parameters(remove_duplicate=False)) > 1:
            raise SettingsError(
                "frozen_words=true: the words that this model reads and those it says are one matrix, which has to "
                "learn; give --set tied=false besides"
            )
        vectors.requires_grad_(False)


class CaptioningModel(Model):
    """An encoder and a decoder (as `decoders.base.Decoder`), which says sentences."""

    stands = "decoder"
    decoder: Any

    def forward(self, seen: Tensor, words: Tensor) -> Tensor:
        """Return logits (B, K, T, V) of what follows words (B, K, T), from what the trunk saw of B photos."""
        return self.decoder(self.encoder.top(seen), words)

    def set_output_bias(self, frequencies: np.ndarray) -> None:
        """Start the output bias at the logarithm of word frequencies (V,), each counted once more than seen."""
        log = np.log((frequencies + 1.0) / (frequencies + 1.0).sum())
        with torch.no_grad():
            self.decoder.output.bias.copy_(torch.from_numpy(log))


class MatchingModel(Model):
    """An encoder and a matcher (as `alignment.matcher.Matcher`), which reads sentences."""

    stands = "matcher"
    matcher: Any


class LabellingModel(Model):
    """An encoder and a labeller (as `decoders.labelling.StepClassifier`), which says what class it sees."""

    stands = "labeller"
    labeller: Any

    def probabilities(self, seen: np.ndarray) -> np.ndarray:
        """Return the probabilities (B, N) of the classes, from what the trunk saw of B clips."""
        with torch.inference_mode():
            return self.labeller.probabilities(self.encoder.top(torch.from_numpy(seen).float())).numpy()


def seed_everything(seed: int) -> None:
    """Make the weights that are built next, and dropout, the same in every run of `seed`."""
    torch.manual_seed(seed)
