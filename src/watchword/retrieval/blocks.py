"""Region vectors of some thousand photos in memory, laid out so that equation 8 is a few matrix products."""

from collections.abc import Callable, Sequence

import numpy as np

Forms = tuple[np.ndarray, ...]
AT_ONCE = 1 << 21  # numbers made float32 together, 8 MB: each product has a cost of its own, as a step of Python has


class Block:
    """Vectors of N photos, in one form or several of different lengths.

    forms: each (R, N, width), float32 or int8 codes. A photo of fewer than R regions has its first one several
    times, which no maximum sees. lengths: (R, N) float32, the length of each vector.
    """

    def __init__(self, vectors: Sequence[np.ndarray], encode: Callable[[np.ndarray], Forms]) -> None:
        """Take the vectors (R, D) of N photos, each with a number of regions of its own.

        encode: makes the forms (n, width) of vectors (n, D).
        """
        most = max(map(len, vectors))
        full = np.stack([_filled(each, most) for each in vectors], axis=1).astype(np.float32)
        forms = encode(full.reshape(-1, full.shape[2]))
        self.forms: Forms = tuple(np.ascontiguousarray(form).reshape(*full.shape[:2], -1) for form in forms)
        self.lengths = np.maximum(np.sqrt(np.einsum("rnd,rnd->rn", full, full)), 1e-12)

    def __len__(self) -> int:
        """Count the photos."""
        return self.lengths.shape[1]

    def scores(self, words: Forms, form: int, *, cosine: bool, places: np.ndarray | None = None) -> np.ndarray:
        """Return the sum over words of the best region's score (equation 8): (N,) or (places,) float32.

        words: (width, T) for each form. form: which one to go by. cosine: of the angle instead of the dot
        product; the words are then of length 1.
        """
        vectors, lengths = self.forms[form], self.lengths
        if places is not None:
            vectors, lengths = vectors[:, places], lengths[:, places]
        photos, width = vectors.shape[1:]
        best = np.full((photos, words[form].shape[1]), -np.inf, np.float32)
        step = max(1, AT_ONCE // max(1, photos * width))
        for first in range(0, len(vectors), step):
            some = vectors[first : first + step].reshape(-1, width).astype(np.float32, copy=False)
            here = (some @ words[form]).reshape(-1, *best.shape)
            if cosine:
                here /= lengths[first : first + step, :, None]
            np.maximum(best, here.max(0), out=best)
        return best.sum(1)


def _filled(vectors: np.ndarray, count: int) -> np.ndarray:
    """Return vectors (R, D) as (count, D), the first one repeated at the end."""
    lacking = count - len(vectors)
    return np.concatenate([vectors, np.repeat(vectors[:1], lacking, axis=0)]) if lacking else vectors
