"""Regions of photos side by side: the photo, what is not of the region dimmed, and a line below."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageEnhance, ImageFont

from watchword.cli.boxes_drawn import COLOURS, FAINT, INK, PAPER
from watchword.cli.thumbnails import thumbnail
from watchword.core.errors import PictureError

TILE = 160  # pixels, the longer side of a photo
COLUMNS = 8
_GAP, _CAPTION, _TITLE, _LETTERS, _SMALL = 12, 22, 40, 20, 13
_DIMMED = 0.55  # of its light is left outside the region


class Tile(NamedTuple):
    """A region to be shown: box (x0, y0, x1, y1) as shares of width and height; caption: a few letters."""

    photo: str | Path
    box: tuple[float, ...]
    caption: str


class Group(NamedTuple):
    """Tiles under one title."""

    title: str
    tiles: Sequence[Tile]


def framed(photo: str | Path, box: tuple[float, ...], longest: int) -> Image.Image:
    """Return the photo, `longest` pixels at most, with its region framed; `PictureError` if it cannot be opened."""
    small = thumbnail(photo, longest)
    x0, y0, x1, y1 = in_pixels(box, small.size)
    shown = ImageEnhance.Brightness(small).enhance(_DIMMED)
    shown.paste(small.crop((x0, y0, x1, y1)), (x0, y0))
    ImageDraw.Draw(shown).rectangle((x0, y0, x1 - 1, y1 - 1), outline=COLOURS[0], width=2)
    return shown


def in_pixels(box: tuple[float, ...], size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return a box in pixels of a picture of this width and height, each side at least one long."""
    (x0, x1), (y0, y1) = (
        (min(math.floor(low * side), side - 1), math.ceil(high * side))
        for low, high, side in zip(box[:2], box[2:], size, strict=True)
    )
    return x0, y0, max(x1, x0 + 1), max(y1, y0 + 1)


def sheet(groups: Sequence[Group]) -> Image.Image:
    """Return all groups on one sheet, one below the other."""
    columns = min(COLUMNS, max(len(group.tiles) for group in groups))
    rows = [math.ceil(len(group.tiles) / columns) for group in groups]
    width, height = TILE + _GAP, TILE + _CAPTION + _GAP
    made = Image.new("RGB", (columns * width + _GAP, sum(rows) * height + len(groups) * _TITLE + _GAP), PAPER)
    draw, top = ImageDraw.Draw(made), _GAP
    for group, lines in zip(groups, rows, strict=True):
        draw.text((_GAP, top), group.title, INK, ImageFont.load_default(_LETTERS))
        for place, tile in enumerate(group.tiles):
            x, y = _GAP + place % columns * width, top + _TITLE + place // columns * height
            _put(made, tile, x, y)
            draw.text((x, y + TILE + 4), tile.caption, FAINT, ImageFont.load_default(_SMALL))
        top += _TITLE + lines * height
    return made


def _put(made: Image.Image, tile: Tile, x: int, y: int) -> None:
    """Put a tile at its place, in the middle of it; nothing if its photo has gone meanwhile."""
    try:
        picture = framed(tile.photo, tile.box, TILE)
    except PictureError:
        return
    made.paste(picture, (x + (TILE - picture.width) // 2, y + TILE - picture.height))
