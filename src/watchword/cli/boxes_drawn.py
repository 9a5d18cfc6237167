"""A photo with boxes, and beside it the words that name them, each in the colour of its box."""

from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from watchword.cli.thumbnails import thumbnail
from watchword.core.boxes import WHOLE
from watchword.runtime.aligning import Named

LONGEST, COLUMN, GAP, LINE, LETTERS = 640, 300, 16, 30, 18
PAPER, INK, FAINT = (250, 249, 246), (28, 27, 25), (112, 109, 103)
# Okabe and Ito's colours, which people who see colours in another way can tell apart, without black.
COLOURS = [(230, 159, 0), (86, 180, 233), (0, 158, 115), (213, 94, 0), (0, 114, 178), (204, 121, 167), (240, 228, 66)]


def drawn(photo: str | Path, found: Sequence[Named]) -> Image.Image:
    """Return the picture. What names the whole photo has no box of its own, and stands in grey.

    Words that name the same box share its colour; beyond seven boxes colours come again. Raises `PictureError` for a
    photo that cannot be opened.
    """
    small = thumbnail(photo, LONGEST)
    colours = colours_of(found)
    texts = [wrapped(part.text, COLUMN - 90) for part in found]
    height = max(small.height, LINE * sum(map(len, texts))) + 2 * GAP
    sheet = Image.new("RGB", (small.width + COLUMN + 3 * GAP, height), PAPER)
    sheet.paste(small, (GAP, GAP))
    draw = ImageDraw.Draw(sheet)
    for box, colour in colours.items():
        outline(draw, box, small.size, colour, at=GAP)
    x, y = small.width + 2 * GAP, GAP
    for part, lines in zip(found, texts, strict=True):
        colour = colours.get(part.box, FAINT)
        draw.rectangle((x, y + 4, x + 12, y + 16), fill=colour)
        at_right = (sheet.width - GAP, y + 3)
        draw.text(at_right, f"{part.similarity:.2f}", FAINT, ImageFont.load_default(14), anchor="ra")
        for line in lines:
            draw.text((x + 22, y), fitted(draw, line, COLUMN - 90), INK, ImageFont.load_default(LETTERS))
            y += LINE
    return sheet


def outline(
    draw: ImageDraw.ImageDraw,
    box: Sequence[float],
    size: tuple[int, int],
    colour: tuple[int, int, int],
    *,
    at: int = 0,
    width: int = 4,
) -> None:
    """Draw a box, given in shares, on a picture of a size in pixels whose corner lies at `at` on either axis.

    However thin the picture is, a box has a pixel.
    """
    x0, y0, x1, y1 = (share * side for share, side in zip(box, size * 2, strict=True))
    draw.rectangle((at + x0, at + y0, at + max(x0, x1 - 1), at + max(y0, y1 - 1)), outline=colour, width=width)


def colours_of(found: Sequence[Named]) -> dict[tuple[float, ...], tuple[int, int, int]]:
    """Return a colour for each box that is named and is not the whole photo, in the order of the words."""
    boxes = dict.fromkeys(part.box for part in found if part.box != WHOLE)
    return {box: COLOURS[number % len(COLOURS)] for number, box in enumerate(boxes)}


def wrapped(text: str, width: float) -> list[str]:
    """Return a text in lines no wider than `width` pixels; a word that is wider stands alone."""
    lines, font = [""], ImageFont.load_default(LETTERS)
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and font.getlength(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def fitted(draw: ImageDraw.ImageDraw, text: str, width: float) -> str:
    """Return a text cut so that it is no wider than `width` pixels."""
    font = ImageFont.load_default(LETTERS)
    while text and draw.textlength(text, font) > width:
        text = text[:-2].rstrip("… ") + "…" if len(text) > 2 else ""
    return text
