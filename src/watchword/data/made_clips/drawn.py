"""Things that are drawn here, so that clips can be made from nothing: twelve shapes in eight colours.

None looks the same after a turn, and each has a dark edge, so that it is seen on any ground.
"""

from collections.abc import Callable
from functools import cache

import numpy as np
from PIL import Image, ImageDraw

COLOURS = {
    "red": (206, 48, 42),
    "blue": (44, 96, 204),
    "green": (46, 152, 70),
    "yellow": (240, 200, 40),
    "orange": (236, 128, 34),
    "purple": (132, 66, 168),
    "white": (240, 240, 236),
    "pink": (238, 138, 176),
}
_SIDE, _FINER = 160, 3  # pixels of a shape's picture; how much larger it is drawn, to be smooth
Point = tuple[float, float]


class _Pen:
    """Draws in shares of the side, in a colour, its darker and its lighter shade."""

    def __init__(self, colour: tuple[int, int, int]) -> None:
        self.side = _SIDE * _FINER
        self.image = Image.new("RGBA", (self.side, self.side))
        self.draw = ImageDraw.Draw(self.image)
        self.colour = colour
        self.dark = tuple(value * 2 // 5 for value in colour)
        self.light = tuple(value + (255 - value) * 3 // 5 for value in colour)

    def area(self, points: list[Point], fill: tuple[int, ...] | None = None) -> None:
        """Draw a polygon with an edge."""
        places = [(x * self.side, y * self.side) for x, y in points]
        self.draw.polygon(places, fill or self.colour)
        self.draw.line([*places, *places[:2]], self.dark, self.side // 45, joint="curve")

    def round(self, x0: float, y0: float, x1: float, y1: float, fill: tuple[int, ...] | None = None) -> None:
        """Draw an ellipse with an edge."""
        box = tuple(share * self.side for share in (x0, y0, x1, y1))
        self.draw.ellipse(box, fill or self.colour, self.dark, self.side // 50)


def _ball(pen: _Pen) -> None:
    pen.round(0.03, 0.03, 0.97, 0.97)
    inside = (0.06 * pen.side, 0.06 * pen.side, 0.94 * pen.side, 0.94 * pen.side)
    pen.draw.pieslice(inside, -20, 50, pen.light)
    pen.draw.pieslice(inside, 150, 215, pen.dark)


def _box(pen: _Pen) -> None:
    pen.area([(0.04, 0.32), (0.66, 0.32), (0.66, 0.96), (0.04, 0.96)])
    pen.area([(0.04, 0.32), (0.32, 0.06), (0.96, 0.06), (0.66, 0.32)], pen.light)
    pen.area([(0.66, 0.32), (0.96, 0.06), (0.96, 0.68), (0.66, 0.96)], pen.dark)


def _star(pen: _Pen) -> None:
    turns = np.arange(10) * np.pi / 5
    reach = np.where(np.arange(10) % 2, 0.2, 0.48)
    reach[0] = 0.5
    points = [(0.5 + r * np.sin(a), 0.52 - r * np.cos(a)) for a, r in zip(turns, reach, strict=True)]
    pen.area(points)
    pen.area([points[9], points[0], points[1]], pen.light)


def _car(pen: _Pen) -> None:
    pen.area([(0.26, 0.44), (0.36, 0.24), (0.66, 0.24), (0.8, 0.44)], pen.light)
    pen.area([(0.02, 0.44), (0.9, 0.44), (0.98, 0.54), (0.98, 0.7), (0.02, 0.7)])
    for x in (0.12, 0.64):
        pen.round(x, 0.57, x + 0.24, 0.81, (40, 40, 44))


def _boat(pen: _Pen) -> None:
    pen.area([(0.03, 0.68), (0.97, 0.68), (0.8, 0.94), (0.2, 0.94)])
    pen.area([(0.5, 0.05), (0.5, 0.62), (0.9, 0.62)], pen.light)
    pen.area([(0.44, 0.2), (0.44, 0.62), (0.16, 0.62)])


def _house(pen: _Pen) -> None:
    pen.area([(0.14, 0.46), (0.86, 0.46), (0.86, 0.96), (0.14, 0.96)], pen.light)
    pen.area([(0.03, 0.48), (0.5, 0.05), (0.97, 0.48)])
    pen.area([(0.24, 0.62), (0.44, 0.62), (0.44, 0.96), (0.24, 0.96)], pen.dark)


def _tree(pen: _Pen) -> None:
    pen.area([(0.43, 0.66), (0.57, 0.66), (0.6, 0.97), (0.4, 0.97)], (104, 70, 40))
    pen.round(0.12, 0.03, 0.88, 0.72)
    pen.round(0.28, 0.14, 0.56, 0.4, pen.light)


def _cup(pen: _Pen) -> None:
    pen.round(0.56, 0.3, 0.97, 0.72)
    pen.round(0.64, 0.39, 0.88, 0.63, (60, 60, 64))
    pen.area([(0.08, 0.14), (0.74, 0.14), (0.66, 0.92), (0.16, 0.92)])
    pen.round(0.08, 0.06, 0.74, 0.24, pen.light)


def _fish(pen: _Pen) -> None:
    pen.area([(0.66, 0.5), (0.97, 0.22), (0.9, 0.5), (0.97, 0.78)], pen.light)
    pen.round(0.03, 0.24, 0.76, 0.76)
    pen.area([(0.36, 0.26), (0.5, 0.06), (0.6, 0.3)], pen.light)
    pen.round(0.14, 0.38, 0.24, 0.48, (250, 250, 250))


def _kite(pen: _Pen) -> None:
    pen.area([(0.5, 0.03), (0.84, 0.36), (0.5, 0.97), (0.16, 0.36)])
    pen.area([(0.5, 0.03), (0.84, 0.36), (0.5, 0.36)], pen.light)
    pen.area([(0.5, 0.36), (0.5, 0.97), (0.16, 0.36)], pen.dark)


def _arrow(pen: _Pen) -> None:
    pen.area([(0.5, 0.03), (0.94, 0.46), (0.66, 0.46), (0.66, 0.97), (0.34, 0.97), (0.34, 0.46), (0.06, 0.46)])


def _mushroom(pen: _Pen) -> None:
    pen.area([(0.38, 0.5), (0.62, 0.5), (0.68, 0.96), (0.32, 0.96)], (236, 226, 204))
    box = (0.04 * pen.side, 0.06 * pen.side, 0.96 * pen.side, 1.0 * pen.side)
    pen.draw.pieslice(box, 180, 360, pen.colour, pen.dark, pen.side // 50)
    for x, y in ((0.24, 0.34), (0.46, 0.16), (0.66, 0.34)):
        pen.round(x, y, x + 0.12, y + 0.12, pen.light)


SHAPES: dict[str, Callable[[_Pen], None]] = {
    "ball": _ball,
    "box": _box,
    "star": _star,
    "car": _car,
    "boat": _boat,
    "house": _house,
    "tree": _tree,
    "cup": _cup,
    "fish": _fish,
    "kite": _kite,
    "arrow": _arrow,
    "mushroom": _mushroom,
}


@cache
def shape(name: str, colour: str) -> np.ndarray:
    """Return a drawn thing (160, 160, 4) uint8, its transparency last; names are those of `SHAPES` and `COLOURS`."""
    pen = _Pen(COLOURS[colour])
    SHAPES[name](pen)
    pixels = np.array(pen.image.resize((_SIDE, _SIDE), Image.Resampling.LANCZOS))
    pixels.flags.writeable = False
    return pixels
