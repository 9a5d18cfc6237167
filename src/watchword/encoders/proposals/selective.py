"""Selective search: Uijlings et al. 2013, as R-CNN proposes regions (Girshick et al. 2014); paper 5, section 3.1.1.

The search is OpenCV's (extra `regions`). It makes several hundred boxes out of segments of like colour and texture
that are merged step by step; a classifier scores them, and non-maximum suppression leaves the best.
"""

from pathlib import Path
from typing import Any, Literal

import numpy as np

from watchword.core.boxes import areas
from watchword.core.errors import SettingsError
from watchword.data.boxes import suppressed
from watchword.encoders.proposals.base import COUNT, Judge
from watchword.encoders.proposals.named import proposals
from watchword.encoders.proposals.scoring import Score, area_scores, crop_scores, pooled_scores

ALMOST_ALL = 0.9  # of the photo's area: such a box says nothing that the whole picture does not
Mode = Literal["fast", "quality"]


class Selective:
    """Boxes of selective search, the best by a score.

    mode: of the search; "quality" takes about three times as long as "fast". count: of boxes, at most.
    above: of two boxes that overlap by more (intersection over union) the one of the lower score goes.
    weight: scores are multiplied by the area of their box to this power, for a classifier is as sure of a part of a
    thing as of the thing.
    smallest: sides of a box, as a share of the photo's; below, it is left out.
    """

    by_file, fixed = False, None

    def __init__(
        self,
        score: Score,
        *,
        name: str,
        mode: Mode = "fast",
        count: int = COUNT,
        above: float = 0.4,
        weight: float = 0.0,
        smallest: float = 0.05,
    ) -> None:
        """Look for OpenCV; `SettingsError` says how to install it."""
        self.score, self.mode, self.count = score, mode, count
        self.above, self.weight, self.smallest = above, weight, smallest
        self.name = f"{name}-{mode}-{count}-{above:g}-{weight:g}-{smallest:g}"
        self._segmentation = _library()

    def propose(self, pixels: np.ndarray, path: Path | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Return the best boxes; none of a photo of one shade."""
        boxes = self.candidates(pixels)
        if not len(boxes):
            return boxes, np.empty(0, np.float32)
        scores = self.score(pixels, boxes) * areas(boxes) ** self.weight
        kept = suppressed(boxes, scores, above=self.above, keep=self.count)
        return boxes[kept], scores[kept]

    def candidates(self, pixels: np.ndarray) -> np.ndarray:
        """Return all boxes (N, 4) that are neither too small nor almost the whole, sorted: the search shuffles them."""
        search = self._segmentation.createSelectiveSearchSegmentation()
        search.setBaseImage(np.ascontiguousarray(pixels[:, :, ::-1]))  # OpenCV's order is blue, green, red
        if self.mode == "fast":
            search.switchToSelectiveSearchFast()
        else:
            search.switchToSelectiveSearchQuality()
        found = np.unique(np.asarray(search.process(), np.float32).reshape(-1, 4), axis=0)  # x, y, width, height
        height, width = pixels.shape[:2]
        corners = np.concatenate((found[:, :2], found[:, :2] + found[:, 2:]), 1)
        boxes = (corners / np.array([width, height, width, height], np.float32)).clip(0, 1).astype(np.float32)
        large = (boxes[:, 2:] - boxes[:, :2] >= self.smallest).all(1)
        return boxes[large & (areas(boxes) < ALMOST_ALL)]


@proposals.add("selective")
def selective(
    *,
    judge: Judge = None,
    count: int = COUNT,
    mode: Mode = "fast",
    score: Literal["pooled", "crops", "area"] = "pooled",
    above: float = 0.4,
    weight: float = 0.5,
    smallest: float = 0.05,
) -> Selective:
    """Return selective search, its boxes scored by the classifier of the encoder that `judge` makes: of the features
    pooled in each, or of its pixels ("crops", some hundred passes a photo); or without it by their area.

    weight: of a box's area beside its probability; 0 is R-CNN's way. Of the boxes that people drew on 100 training
    photos of Flickr8k, that share has one of 19 that it overlaps by half or more (or the whole picture): probability
    alone 30 %, times the root of the area 50 %, area alone 50 %; drawn at random 39 %, the grid 38 %, all boxes 84 %.
    """
    made: Score = area_scores
    if score == "area" or judge is None:
        name, weight = "selective-area", 0.0
    else:
        encoder = judge().eval()
        made = (pooled_scores if score == "pooled" else crop_scores)(encoder)
        name = f"selective-{score}-{encoder.key}"
    return Selective(made, name=name, mode=mode, count=count, above=above, weight=weight, smallest=smallest)


def _library() -> Any:
    """Return OpenCV's segmentation."""
    try:
        import cv2

        return cv2.ximgproc.segmentation
    except (ImportError, AttributeError):  # OpenCV comes without ximgproc, too
        raise SettingsError(
            "proposals 'selective' need OpenCV with its contributed modules: pip install '.[regions]' in the "
            "checkout of watchword"
        ) from None
