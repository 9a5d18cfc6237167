"""Retrieval by likelihood: how much likelier a photo makes a sentence (paper 2, section 5.1)."""

from typing import Literal, get_args

import numpy as np

from watchword.core.errors import ScoreError, UnknownName

Mean = Literal["probabilities", "logs"]


def relative_likelihood(log_probs: np.ndarray, *, mean: Mean = "probabilities") -> np.ndarray:
    """Return (B, S) float64: log P(sentence | photo) less its mean over the B photos.

    log_probs: (B, S), natural logarithms of the probability of each whole sentence, its end included.
    mean: "probabilities", the logarithm of the mean probability: what is left is log P(s | photo) / P(s) if all
        photos are alike likely, the information that the photo has about the sentence; or "logs", the mean of the
        logarithms, which no single photo rules.

    Paper 2 ranks by its model's likelihood and does not say how one sentence's is compared with another's: as it
    stands, a short and common sentence is the likeliest of every photo. For the photos of one sentence the
    order is that of the likelihood itself: only its sentences change places. Raises `UnknownName` for another mean,
    `ScoreError` where there is no photo or a logarithm is not finite.
    """
    if mean not in get_args(Mean):
        raise UnknownName("mean", mean, get_args(Mean))
    given = np.asarray(log_probs, np.float64)
    if given.ndim != 2 or not len(given):
        raise ScoreError(f"log_probs {given.shape}: (photos, sentences) is what it takes, with one photo or more")
    if not np.isfinite(given).all():
        raise ScoreError("log_probs has a number that is not finite: no mean can be taken of it")
    if mean == "logs":
        return given - given.mean(0)
    largest = given.max(0)
    return given - largest - np.log(np.exp(given - largest).mean(0))
