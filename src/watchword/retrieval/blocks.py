"""Region vectors of some thousand photos in memory, laid out so that equation 8 is a few matrix products."""

from collections.abc import Callable, Sequence

import numpy as np

Forms = tuple[np.ndarray, ...]


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
        best = np.full((vectors.shape[1], words[form].shape[1]), -np.inf, np.float32)
        for region, length in zip(vectors, lengths, strict=True):
            here = region.astype(np.float32, copy=False) @ words[form]
            if cosine:
                here /= length[:, None]
            np.maximum(best, here, out=best)
        return best.sum(1)


def _filled(vectors: np.ndarray, count: int) -> np.ndarray:
    """Return vectors (R, D) as (count, D), the first one repeated at the end."""
    lacking = count - len(vectors)
    return np.concatenate([vectors, np.repeat(vectors[:1], lacking, axis=0)]) if lacking else vectors
