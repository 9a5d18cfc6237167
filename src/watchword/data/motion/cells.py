"""Motion in cells of 8 x 8 pixels: directions, edges of motion, speed, jerk, as so many numbers a cell and frame.

HOF is the histogram of the directions in which a cell moves, MBH those of the gradient of its flow in x and in y
(Dalal, Triggs and Schmid 2006), each of 8 directions, weighted by size and shared between the two nearest.
"""

import numpy as np

from watchword.data.motion.flows import Square, steadied

# What stands where among the numbers of a cell.
HOF, MBH_X, MBH_Y = slice(0, 8), slice(8, 16), slice(16, 24)
SPEED, FASTEST, JERK, DIVERGENCE, CURL, CHANGE, RIGHT, DOWN = range(24, 32)
_LENGTHS = [SPEED, FASTEST, JERK, RIGHT, DOWN]  # that grow with the picture
_DIRECTIONS = 8
_MOVES = 0.3  # pixels a frame: what is slower has no direction
_SIDE = 4  # of a cell, in pixels of half the size
_FEWEST = 4  # cells along each side of a square
_NEAREST = 0.3  # share of the rows: what moves in a smaller square counts as if it were one of that size


def cells(grey: np.ndarray, flow: np.ndarray) -> np.ndarray:
    """Return (T, H / 8, L / 8, 32) float32 of grey frames (T + 1, H, L) uint8 and the flow (T, H, L, 2) between them.

    Of a cell: 3 x 8 directions; mean speed, largest speed, jerk (change of flow since the frame before), divergence,
    curl, change of grey; flow x and y. Lengths are in pixels a frame, with what most of the picture does taken off.
    """
    flow = steadied(_pooled(flow, 2).astype(np.float32))
    shades = _pooled(grey[..., None].astype(np.float32), 2)[..., 0]
    x, y = np.moveaxis(flow, 3, 0)
    speed = np.hypot(x, y)
    (x_down, y_down), (x_right, y_right) = (np.moveaxis(part, 3, 0) for part in np.gradient(flow, axis=(1, 2)))
    moves = speed > _MOVES
    jerk = np.hypot(*np.moveaxis(np.diff(flow, axis=0), 3, 0))
    planes = [
        *_directions(np.where(moves, x, 0), np.where(moves, y, 0)),
        *_directions(x_right, x_down),
        *_directions(y_right, y_down),
        speed,
        speed,
        np.concatenate((jerk[:1], jerk)),
        np.abs(x_right + y_down),
        np.abs(y_right - x_down),
        np.abs(np.diff(shades, axis=0)),
        x,
        y,
    ]
    found = np.stack([_pooled(plane[..., None], _SIDE)[..., 0] for plane in planes], -1)
    found[..., FASTEST] = _in_squares(speed[..., None], _SIDE).max((2, 4))[..., 0]
    return found


def inside(found: np.ndarray, square: Square) -> np.ndarray:
    """Return the cells (T, H', L', 32) of a square, their lengths in shares of its side: near and far people alike."""
    rows, columns = found.shape[1:3]
    top, left, side = round(square.y * rows), round(square.x * columns), max(_FEWEST, round(square.side * rows))
    part = found[:, top : top + side, left : left + side].copy()
    part[..., _LENGTHS] /= max(square.side, _NEAREST)
    return part


def _directions(x: np.ndarray, y: np.ndarray) -> list[np.ndarray]:
    """Return, for each of 8 directions, how much of the vectors (x, y) goes there; a vector is shared between two."""
    length, turns = np.hypot(x, y), np.arctan2(y, x) / (2 * np.pi) * _DIRECTIONS % _DIRECTIONS
    half = _DIRECTIONS // 2
    apart = (np.abs((turns - place + half) % _DIRECTIONS - half) for place in range(_DIRECTIONS))
    return [length * np.maximum(0, 1 - distance) for distance in apart]


def _pooled(planes: np.ndarray, side: int) -> np.ndarray:
    """Return the means (T, H / side, L / side, C) of squares of `side` pixels of planes (T, H, L, C)."""
    return _in_squares(planes, side).mean((2, 4))


def _in_squares(planes: np.ndarray, side: int) -> np.ndarray:
    count, height, width, channels = planes.shape
    return planes.reshape(count, height // side, side, width // side, side, channels)
