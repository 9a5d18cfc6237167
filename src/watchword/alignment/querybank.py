"""How well a sentence fits photos in general, and a photo sentences: what fits everything says little.

Querybank normalisation by an inverted softmax (Bogolin et al. 2022; Smith et al. 2017): from the score of a sentence
and a photo is taken what the sentence scores with photos that the matcher knows, as paper 2, section 5.1, does it with
likelihoods, and what the photo scores with sentences that it knows. Letters: P photos and S sentences of the banks,
R regions, T words, D width of the vectors, K directions that are kept of them.
"""

import math
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from watchword.core.evenly import evenly

KEPT = 32  # directions: with 32 of 256 the recall is that of all, to .001
_SHARP = 3.0  # by this part of the deviation of scores what fits better counts e times as much
_TRUSTED = 0.5  # of what sentences say of a photo: of some hundred it is known roughly, and all of it would add noise
_LITTLE = 1e-6  # of the regions' own spread, so that directions in which there is none can be divided by


class Bank(nn.Module):
    """What is known of photos or sentences.

    axes: buffer (D, K), from the vectors that are asked about to what is kept of them. bank: buffer (N, M, K), what is
    kept of the regions of N photos, or of the words of N sentences; of a sentence of fewer words the others are zeros,
    which fit every region alike and add nothing. temperature: of the softmax, in units of a score.
    """

    axes: Tensor
    bank: Tensor

    def __init__(self, axes: np.ndarray, bank: np.ndarray, temperature: float) -> None:
        super().__init__()
        self.temperature = temperature
        self.register_buffer("axes", torch.tensor(axes, dtype=torch.float32))
        self.register_buffer("bank", torch.tensor(bank, dtype=torch.float32))

    def fits(self, vectors: Tensor) -> Tensor:
        """Return how alike vectors (…, D) are to all that is known: (…, N x M)."""
        return (vectors @ self.axes) @ self.bank.flatten(0, 1).T


class PhotoBank(Bank):
    """Words' vectors -> how well they fit photos in general."""

    def forward(self, words: Tensor) -> Tensor:
        """Return the hubness () of a sentence, words (T, D): the soft maximum of its scores with the photos."""
        fits = self.fits(words).unflatten(1, self.bank.shape[:2])
        return soft_maximum(fits.amax(2).sum(0), self.temperature)


class SentenceBank(Bank):
    """Regions' vectors -> how well a photo fits sentences in general."""

    def forward(self, regions: Tensor) -> Tensor:
        """Return the hubness (B,) of photos, regions (B, R, D): half the soft maximum of their scores with the
        sentences.
        """
        fits = self.fits(regions).amax(1).unflatten(1, self.bank.shape[:2])
        return _TRUSTED * soft_maximum(fits.sum(2), self.temperature)


def soft_maximum(scores: Tensor, temperature: float) -> Tensor:
    """Return t · ln(mean of exp(score / t)) over the last axis of scores (..., N), from mean to largest."""
    return temperature * ((scores / temperature).logsumexp(-1) - math.log(scores.shape[-1]))


class Banks(NamedTuple):
    """Both banks of a matcher."""

    photos: PhotoBank
    sentences: SentenceBank


def banks(regions: np.ndarray, sentences: list[np.ndarray], scores: np.ndarray, most: int, kept: int = KEPT) -> Banks:
    """Return the banks of photos, regions (P, R, D), and of `most` of their sentences at most, (T, D) each.

    scores: (P, S), of all of them (paper 5, equation 8); their spread decides on the temperature.
    """
    to_words, to_regions = product_axes(regions.reshape(-1, regions.shape[2]), np.concatenate(sentences), kept)
    temperature = max(float(scores.std()) / _SHARP, _LITTLE)
    some = [sentences[i] for i in evenly(len(sentences), most)]
    said = np.zeros((len(some), max(map(len, some)), to_words.shape[1]), np.float32)
    for place, words in enumerate(some):
        said[place, : len(words)] = words @ to_words
    return Banks(PhotoBank(to_words, regions @ to_regions, temperature), SentenceBank(to_regions, said, temperature))


def product_axes(regions: np.ndarray, words: np.ndarray, kept: int) -> tuple[np.ndarray, np.ndarray]:
    """Return axes for words, A, and regions, B, (D, K) each, such that (w A) · (r B) is w · r as nearly as K allow.

    regions: (N, D). words: (M, D). The mean square of what is lost is the least where the two are independent: with
    second moments R = L Lᵀ and W, the K largest eigenvectors V of Lᵀ W L give A = L V and B = L⁻ᵀ V.
    """
    wide, read = regions.astype(np.float64), words.astype(np.float64)
    moment = wide.T @ wide / len(wide)
    moment += _LITTLE * max(float(np.trace(moment)), _LITTLE) * np.eye(len(moment))
    lower = np.linalg.cholesky(moment)
    _, directions = np.linalg.eigh(lower.T @ (read.T @ read / max(len(read), 1)) @ lower)
    chosen = directions[:, -kept:]
    return (lower @ chosen).astype(np.float32), np.linalg.solve(lower.T, chosen).astype(np.float32)
