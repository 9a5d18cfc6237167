"""What belongs to a thing in a photo: inside its outline, or found in its box; with soft edges."""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from watchword.core.boxes import areas
from watchword.core.errors import SettingsError
from watchword.data.pictures import cut

Box = tuple[float, float, float, float]

MARGIN = 0.12  # of the box's sides: how much of what is around it is looked at
_LONGEST = 176  # pixels of the longer side in which a thing is looked for
_PLAUSIBLE = (0.25, 0.9)  # share of the box that what was found may fill
_REACH = 0.72  # share of the width and of the height of the box that it has to reach across
_SOFT = 0.006  # radius of the soft edge, as a share of the longer side


def cut_by_outline(pixels: np.ndarray, box: Box, outline: tuple[np.ndarray, ...]) -> np.ndarray:
    """Return the part of a photo (H, L, 3) uint8 in `box` with opacity 255 inside the outline: (h, l, 4) uint8.

    box, and the polygons (N, 2) of the outline: in fractions of the photo.
    """
    height, width = pixels.shape[:2]
    mask = Image.new("L", (width, height))
    for polygon in outline:
        if len(polygon) > 2:
            ImageDraw.Draw(mask).polygon([(x * width, y * height) for x, y in polygon], 255)
    return cut(_softened(pixels, np.array(mask)), box)


def cut_by_box(pixels: np.ndarray, box: Box) -> np.ndarray | None:
    """Return a part of a photo (H, L, 3) uint8 with the thing in `box` opaque: (h, l, 4) uint8.

    GrabCut (Rother et al. 2004, by OpenCV) parts the colours inside the box from those around it, and of what it
    finds the largest piece counts. None where that is hardly anything or nearly all of the box, or does not reach
    across it: then thing and surroundings look too much alike.
    """
    small = _small(pixels)
    mask = _grabbed(small, box)
    share = (mask > 0).mean() / float(areas(np.array(box)))
    across, down = ((mask > 0).any(axis).mean() for axis in (0, 1))
    reaches = across >= _REACH * (box[2] - box[0]) and down >= _REACH * (box[3] - box[1])
    return _softened(small, mask) if reaches and _PLAUSIBLE[0] <= share <= _PLAUSIBLE[1] else None


def _small(pixels: np.ndarray) -> np.ndarray:
    image = Image.fromarray(pixels)
    image.thumbnail((_LONGEST, _LONGEST))
    return np.array(image)


def _grabbed(pixels: np.ndarray, box: Box) -> np.ndarray:
    """Return 255 where GrabCut finds the thing of the box, its largest piece alone: (H, L) uint8."""
    try:
        import cv2
    except ModuleNotFoundError:
        raise SettingsError(
            "cutting things out of boxes needs OpenCV: pip install '.[video]' in the checkout of watchword, or give a "
            "file with outlines"
        ) from None
    height, width = pixels.shape[:2]
    sides = (width, height, width, height)
    x0, y0, x1, y1 = (round(share * side) for share, side in zip(box, sides, strict=True))
    x0, y0 = min(max(x0, 1), width - 3), min(max(y0, 1), height - 3)
    x1, y1 = max(min(x1, width - 1), x0 + 1), max(min(y1, height - 1), y0 + 1)
    mask, models = np.zeros((height, width), np.uint8), (np.zeros((1, 65)), np.zeros((1, 65)))
    cv2.setRNGSeed(0)  # the same cut-out every time
    cv2.grabCut(
        np.ascontiguousarray(pixels[..., ::-1]), mask, (x0, y0, x1 - x0, y1 - y0), *models, 4, cv2.GC_INIT_WITH_RECT
    )
    inside = np.isin(mask, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.uint8)
    _, pieces, about, _ = cv2.connectedComponentsWithStats(inside)
    if len(about) < 2:
        return np.zeros_like(inside)
    return np.where(pieces == 1 + about[1:, cv2.CC_STAT_AREA].argmax(), 255, 0).astype(np.uint8)


def _softened(pixels: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Return pixels with an opacity (H, L, 4) that falls off over a few pixels inside the mask's edge."""
    radius = max(0.8, _SOFT * max(mask.shape))
    soft = np.array(Image.fromarray(mask).filter(ImageFilter.GaussianBlur(radius)), np.float32)
    inner = np.clip(soft * 2 - 255, 0, 255) * (mask > 0)
    return np.dstack([pixels, inner.astype(np.uint8)])
