"""A photo with numbered boxes, and beside it the sentence of each, in the colour of its box."""

from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from watchword.cli.boxes_drawn import COLOURS, FAINT, GAP, INK, LETTERS, LONGEST, PAPER, wrapped
from watchword.cli.thumbnails import thumbnail
from watchword.runtime.regions import Region

COLUMN, LINE, BETWEEN, BADGE = 420, 24, 10, 26


def drawn(photo: str | Path, found: Sequence[Region]) -> Image.Image:
    """Return the picture. Raises `PictureError` for a photo that cannot be opened."""
    small = thumbnail(photo, LONGEST)
    texts = [wrapped(region.sentence.text, COLUMN - BADGE - 70) for region in found]
    high = sum(LINE * len(lines) + BETWEEN for lines in texts)
    sheet = Image.new("RGB", (small.width + COLUMN + 3 * GAP, max(small.height, high) + 2 * GAP), PAPER)
    sheet.paste(small, (GAP, GAP))
    draw = ImageDraw.Draw(sheet)
    corners = [_corners(region.box, small.size) for region in found]
    for number, corner in reversed(list(enumerate(corners))):  # the surest last, on top of all others
        draw.rectangle(corner, outline=COLOURS[number % len(COLOURS)], width=3)
    taken: list[tuple[float, float]] = []
    for number, corner in enumerate(corners):
        x, y = _free(corner[0], corner[1], GAP + small.width - BADGE, taken)
        taken.append((x, y))
        _badge(draw, number, x, y)
    x, y = small.width + 2 * GAP, GAP
    for number, (region, lines) in enumerate(zip(found, texts, strict=True)):
        _badge(draw, number, x, y)
        draw.multiline_text((x + BADGE + 10, y), "\n".join(lines), INK, _font(LETTERS), spacing=LINE - LETTERS)
        if region.sentence.confidence is not None:
            sure = f"{region.sentence.confidence:.0%}"
            draw.text((sheet.width - GAP, y + 3), sure, FAINT, _font(14), anchor="ra")
        y += LINE * len(lines) + BETWEEN
    return sheet


def _free(x: float, y: float, last: float, taken: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return a place for a number near x, y that none has taken: boxes that begin at one corner have theirs side by
    side, and in further lines what would begin right of `last`, where the sentences are.
    """
    begin = x = max(GAP, min(x, last))
    while any(abs(x - left) < BADGE and abs(y - top) < BADGE for left, top in taken):
        x, y = (x + BADGE, y) if x + BADGE <= last else (begin, y + BADGE)
    return x, y


def _badge(draw: ImageDraw.ImageDraw, number: int, x: float, y: float) -> None:
    """Draw the number of a region, from 1, on the colour of its box."""
    colour = COLOURS[number % len(COLOURS)]
    draw.rectangle((x, y, x + BADGE, y + BADGE - 4), fill=colour)
    light = sum(share * side for share, side in zip((0.3, 0.6, 0.1), colour, strict=True)) > 140
    middle = (x + BADGE / 2, y + (BADGE - 4) / 2)
    draw.text(middle, str(number + 1), INK if light else PAPER, _font(15), anchor="mm")


def _corners(box: tuple[float, ...], size: tuple[int, int]) -> tuple[float, float, float, float]:
    """Return a box in pixels of the sheet."""
    x0, y0, x1, y1 = (share * side for share, side in zip(box, size * 2, strict=True))
    return GAP + x0, GAP + y0, max(GAP + x1 - 1, GAP + x0 + 1), max(GAP + y1 - 1, GAP + y0 + 1)


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
