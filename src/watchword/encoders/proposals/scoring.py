"""How much a region looks like something: the largest probability that an ImageNet classifier gives it.

R-CNN (Girshick et al. 2014), section 2: boxes are scored by a classifier, then thinned out by their scores.
"""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from watchword.core.boxes import areas
from watchword.core.errors import SettingsError
from watchword.core.types import Features
from watchword.data.pictures import open_picture
from watchword.encoders.base import Encoder
from watchword.encoders.crops import cropped
from watchword.encoders.roi_align import pooling_matrix

Score = Callable[[np.ndarray, np.ndarray], np.ndarray]  # pixels (H, W, 3) uint8, boxes (N, 4) -> (N,) float32
BATCH = 16


def pooled_scores(encoder: Encoder) -> Score:
    """Return a score of the features that are pooled in each box, of one pass over the photo.

    Raises `SettingsError` for an encoder whose classifier does not read the mean of its cells.
    """
    _needs_classifier(encoder)
    if not _reads_the_mean(encoder):
        raise SettingsError(f"{encoder.name} does not classify the mean of its cells; score its crops: score=crops")

    @torch.inference_mode()
    def score(pixels: np.ndarray, boxes: np.ndarray) -> np.ndarray:
        cells = encoder(_picture(pixels, encoder.size)).cells[0]
        return _likeliest(encoder, torch.from_numpy(pooling_matrix(boxes, encoder.grid)) @ cells)

    return score


def crop_scores(encoder: Encoder) -> Score:
    """Return a score of each box's pixels, one pass for each box."""
    _needs_classifier(encoder)

    @torch.inference_mode()
    def score(pixels: np.ndarray, boxes: np.ndarray) -> np.ndarray:
        picture, scores = _picture(pixels, encoder.size), [np.empty(0, np.float32)]
        for start in range(0, len(boxes), BATCH):
            crops = cropped(picture, torch.from_numpy(boxes[None, start : start + BATCH].astype(np.float32)))
            scores.append(_likeliest(encoder, encoder(crops[0]).whole))
        return np.concatenate(scores)

    return score


def area_scores(pixels: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """Return the area of each box, for encoders without a classifier: the larger, the better."""
    return areas(boxes).astype(np.float32)


def _likeliest(encoder: Encoder, whole: Tensor) -> np.ndarray:
    """Return the probability of the likeliest class of vectors (N, W): (N,) float32."""
    cells = whole[:, None]
    mask = torch.ones_like(cells[:, :, 0], dtype=torch.bool)
    return encoder.classify(Features(whole, cells, mask)).amax(-1).numpy()


def _picture(pixels: np.ndarray, size: int) -> Tensor:
    """Return a picture as a batch of one, squashed to (1, size, size, 3)."""
    return torch.from_numpy(open_picture(pixels, size))[None]


def _needs_classifier(encoder: Encoder) -> None:
    if not encoder.labels:
        raise SettingsError(f"{encoder.name} has no classifier that could score regions; let their size: score=area")


@torch.inference_mode()
def _reads_the_mean(encoder: Encoder) -> bool:
    """Tell whether an encoder's whole is the mean of its cells."""
    picture = torch.arange(encoder.size**2 * 3).remainder(251).to(torch.uint8)
    whole, cells, _ = encoder(picture.view(1, encoder.size, encoder.size, 3))
    return whole.shape[-1] == cells.shape[-1] and torch.allclose(whole, cells.mean(1), rtol=1e-3, atol=1e-4)
