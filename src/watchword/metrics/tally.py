"""What a metric keeps of each image, so that its figure of any set of images follows.

Some figures are means over images (ROUGE-L, CIDEr), some are computed from sums (BLEU, METEOR). Both are
rows of numbers that may be added up, so that a confidence interval or a test over thousands of sets of
images costs a product of matrices and no scoring.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Tally:
    """One metric's statistics of P images.

    names: of its figures, one or more. rows: (P, S) float64, what may be added up over images.
    figure: from sums (..., S) and the number of images that they are of to figures (..., len(names)).
    """

    names: tuple[str, ...]
    rows: np.ndarray
    figure: Callable[[np.ndarray, int], np.ndarray]

    def whole(self) -> np.ndarray:
        """Return (len(names),) float64, the figures of all images together."""
        return self.figure(self.rows.sum(0), len(self.rows))

    def each(self) -> np.ndarray:
        """Return (P, len(names)) float64, the figures of every image alone."""
        return self.figure(self.rows, 1)


def mean_tally(name: str, scores: np.ndarray) -> Tally:
    """Return the tally of a metric whose figure is the mean over images of scores (P,) float64."""
    return Tally((name,), scores[:, None], lambda sums, images: sums / images)
