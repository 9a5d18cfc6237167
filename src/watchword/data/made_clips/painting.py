"""A script as pictures: cut-outs put over a ground, one behind the other."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageFilter

from watchword.data.made_clips.world import Script


class Filming(NamedTuple):
    """What the camera adds.

    shifts: (T, 2) float64, how far the picture is moved right and down in each frame, as shares of the side; at most
    `ROOM` either way. noise: standard deviation, of 255. bar: what hides a part, x0, y0, x1, y1 as shares, or None.
    """

    shifts: np.ndarray
    noise: float = 0.0
    bar: tuple[float, float, float, float] | None = None


ROOM = 0.08


def filming_of(script: Script, random: np.random.Generator) -> Filming:
    """Draw how a clip is filmed: still and clean up to level 3; at level 4 the camera pans or shakes, and so on."""
    shifts = np.zeros((script.frames, 2))
    if script.level < 4:
        return Filming(shifts)
    if random.random() < 0.5:
        shifts += np.linspace(-0.5, 0.5, script.frames)[:, None] * random.uniform(-1, 1, 2) * (2 * ROOM, ROOM)
    else:
        shifts += np.clip(random.normal(0, 0.012, (script.frames, 2)), -ROOM, ROOM)
    bar = None
    if random.random() < 0.5:
        start, width = random.uniform(0.15, 0.75), random.uniform(0.07, 0.12)
        bar = (start, 0.0, start + width, 1.0) if random.random() < 0.6 else (0.0, 1 - width * 1.5, 1.0, 1.0)
    return Filming(shifts, float(random.uniform(3, 9)), bar)


def side_of_ground(side: int) -> int:
    """Return the side of a ground, in pixels, that leaves room for the camera to move."""
    return side + 2 * round(side * ROOM)


def painted(
    script: Script,
    cutouts: Sequence[np.ndarray],
    ground: np.ndarray,
    filming: Filming,
    side: int,
    random: np.random.Generator,
) -> np.ndarray:
    """Return the frames of a clip: (T, side, side, 3) uint8.

    cutouts: (H, L, 4) uint8, one for each thing. ground: (G, G, 3) uint8, its side that of `side_of_ground`.
    """
    frames = np.empty((script.frames, side, side, 3), np.uint8)
    images = [Image.fromarray(each).convert("RGBa") for each in cutouts]  # colours times opacity
    bar = None if filming.bar is None else _bar(filming.bar, ground, side)
    for time in range(script.frames):
        right, down = filming.shifts[time]
        frame = _view(ground, right, down, side)
        for number in script.order:
            x, y, size, angle, alpha = script.tracks[number, time]
            if alpha > 0:
                _put(frame, images[number], (x + right) * side, (y + down) * side, size * side, angle, alpha)
        if bar is not None:
            place, colours = bar
            frame[place] = colours
        if filming.noise:
            frame += random.normal(0, filming.noise, (side, side, 1)).astype(np.float32)
        frames[time] = np.clip(frame + 0.5, 0, 255)
    return frames


def _view(ground: np.ndarray, right: float, down: float, side: int) -> np.ndarray:
    """Return what the camera sees of the ground, as float32; things move with it, to the nearest pixel."""
    room = (len(ground) - side) // 2
    left, top = room - round(right * side), room - round(down * side)
    left, top = (min(max(each, 0), len(ground) - side) for each in (left, top))
    return ground[top : top + side, left : left + side].astype(np.float32)


def _put(frame: np.ndarray, image: Image.Image, x: float, y: float, size: float, angle: float, alpha: float) -> None:
    """Put a cut-out over a frame (S, S, 3) float32, its middle at x, y, about as large as a square of side `size`.

    One that is not square covers as many pixels, but is never longer than 1.2 times `size`.
    """
    scale = max(max(image.size) / 1.2, np.sqrt(image.width * image.height)) / size
    half = int(np.hypot(*image.size) / scale / 2) + 2
    left, top = int(np.floor(x)) - half, int(np.floor(y)) - half
    edge = len(frame)
    x0, y0, x1, y1 = max(left, 0), max(top, 0), min(left + 2 * half, edge), min(top + 2 * half, edge)
    if x0 >= x1 or y0 >= y1:
        return
    # From each pixel of the patch back to the cut-out: turned the other way, then to its scale.
    cos, sin = np.cos(np.radians(angle)) * scale, np.sin(np.radians(angle)) * scale
    dx, dy = x0 - x, y0 - y
    middle_x, middle_y = image.width / 2, image.height / 2
    back = (cos, sin, middle_x + cos * dx + sin * dy, -sin, cos, middle_y - sin * dx + cos * dy)
    patch = image.transform((x1 - x0, y1 - y0), Image.Transform.AFFINE, back, Image.Resampling.BILINEAR)
    pixels = np.asarray(patch, np.float32) * np.float32(alpha)
    under = frame[y0:y1, x0:x1]
    under *= 1 - pixels[..., 3:] / 255
    under += pixels[..., :3]


def _bar(
    bar: tuple[float, float, float, float], ground: np.ndarray, side: int
) -> tuple[tuple[slice, slice], np.ndarray]:
    """Return where a bar stands and what it looks like: a dark, blurred part of the ground."""
    x0, y0, x1, y1 = (round(share * side) for share in bar)
    blurred = np.array(Image.fromarray(ground).filter(ImageFilter.GaussianBlur(len(ground) / 12)), np.float32)
    return (slice(y0, y1), slice(x0, x1)), blurred[y0:y1, x0:x1] * 0.45
