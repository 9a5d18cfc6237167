"""Arrays of pixels, as people hold them, to RGB of 0 to 255."""

import numpy as np

from watchword.core.errors import PictureError


def array_to_rgb(array: np.ndarray) -> np.ndarray:
    """Return pixels (H, W), (H, W, 1), (H, W, 3) or (H, W, 4) as RGB (H, W, 3) uint8; alpha is laid over white.

    Shades are uint8, uint16, bool, or floats from 0 to 1. Raises `PictureError` for anything else.
    """
    _check_shape(array)
    shades = _to_bytes(array)
    if shades.ndim == 2:
        shades = shades[:, :, None]
    if shades.shape[2] == 4:
        alpha = shades[:, :, 3:].astype(np.float32) / 255
        shades = (shades[:, :, :3] * alpha + 255 * (1 - alpha) + 0.5).astype(np.uint8)
    return np.ascontiguousarray(np.broadcast_to(shades, (*shades.shape[:2], 3)))


def _check_shape(array: np.ndarray) -> None:
    """Raise `PictureError` unless the array is laid out as one picture with at least one pixel."""
    shape = array.shape
    if array.ndim == 2 or (array.ndim == 3 and shape[2] in (1, 3, 4)):
        if 0 in shape:
            raise PictureError(f"this array of shape {shape} holds no pixel")
        return
    if array.ndim == 3 and shape[0] in (1, 3, 4):
        advice = "its channels come first: pass array.transpose(1, 2, 0)"
    elif array.ndim == 4:
        advice = "it looks like several pictures: pass them one by one, as list(array)"
    else:
        advice = "see numpy.reshape"
    raise PictureError(f"a picture array is (H, W), (H, W, 1), (H, W, 3) or (H, W, 4); this one is {shape}; {advice}")


def _to_bytes(array: np.ndarray) -> np.ndarray:
    """Return the same shades as uint8; `PictureError` for values that could mean several things."""
    if array.dtype == np.uint8:
        return array
    if array.dtype == np.uint16:
        return ((array.astype(np.uint32) + 128) // 257).astype(np.uint8)
    if array.dtype == bool:
        return array.astype(np.uint8) * np.uint8(255)
    if not np.issubdtype(array.dtype, np.floating):
        raise PictureError(
            f"a picture array is uint8, uint16, bool or floats from 0 to 1; this one is {array.dtype}; "
            "if its values are 0 to 255, pass array.astype('uint8')"
        )
    low, high = float(array.min()), float(array.max())
    if not (low >= 0 and high <= 1):  # so that NaN is refused too
        raise PictureError(
            f"a picture array of floats goes from 0 to 1; this one goes from {low:g} to {high:g}; "
            "if its values are 0 to 255, pass array.astype('uint8')"
        )
    return (array * 255 + 0.5).astype(np.uint8)
