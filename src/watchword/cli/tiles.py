"""A photo and its sentence as one picture: a tile a word, each with what the word looked at."""

import math
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from PIL.PngImagePlugin import PngInfo

from watchword.cli.heat import grid_of, overlay, stretched
from watchword.cli.thumbnails import thumbnail
from watchword.core.errors import WatchwordError
from watchword.core.types import Sentence

_MARK = "Software"  # the name of a text in a PNG
TILE = 240  # pixels, the longer side of the photo in a tile
_GAP, _CAPTION, _TITLE, _LETTERS, _SMALL = 12, 34, 56, 18, 13
_PAPER, _INK, _FAINT = (250, 249, 246), (28, 27, 25), (112, 109, 103)


def contact_sheet(photo: str | Path, sentence: Sentence, grid: tuple[int, int] | None) -> Image.Image:
    """Return the sheet: the sentence, the photo as it is, then a tile for each word with its probability.

    grid: rows and columns of the cells. Raises `PictureError` for a photo that cannot be opened, and
    `WatchwordError` for a sentence without words or of a model whose decoder does not attend.
    """
    if sentence.looked_at is None or not sentence.words:
        raise WatchwordError(
            "there is nothing to draw: this model does not attend to places, or it said nothing; "
            "models of the recipe show_attend_tell do"
        )
    small = thumbnail(photo, TILE)
    rows = grid_of(sentence.looked_at.shape[1], grid)
    heats = [overlay(small, shades.reshape(rows)) for shades in stretched(sentence.looked_at)]
    shares = [f"{math.exp(log_prob):.0%}" for log_prob in sentence.log_probs]
    captions = [("the photo", ""), *zip(sentence.words, shares, strict=False)]
    return _laid_out([small, *heats], captions, sentence)


def save_png(sheet: Image.Image, place: Path, option: str = "--output", mark: str = "watchword") -> None:
    """Write `sheet` as PNG to `place`, which `option` names; `WatchwordError` if that cannot be done.

    mark: what `has_mark` knows it by.
    """
    signed = PngInfo()
    signed.add_text(_MARK, mark)
    try:
        sheet.save(place, "PNG", optimize=True, pnginfo=signed)
    except OSError as error:
        raise WatchwordError(f"{str(place)!r} cannot be written: {error.strerror}; name another {option}") from None


def has_mark(place: Path, mark: str) -> bool:
    """Tell whether there is a PNG at `place` that `save_png` wrote with this mark."""
    try:
        with Image.open(place, formats=["PNG"]) as found:
            return found.info.get(_MARK) == mark
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False


def _laid_out(tiles: Sequence[Image.Image], captions: Sequence[tuple[str, str]], sentence: Sentence) -> Image.Image:
    """Return the tiles on a sheet of lines, the sentence above them."""
    width, height = tiles[0].width + _GAP, tiles[0].height + _CAPTION + _GAP
    columns = _columns(len(tiles), height / width)
    lines = math.ceil(len(tiles) / columns)
    sheet = Image.new("RGB", (columns * width + _GAP, lines * height + _GAP + _TITLE), _PAPER)
    draw = ImageDraw.Draw(sheet)
    _write_title(draw, sentence, sheet.width)
    for place, (tile, (word, share)) in enumerate(zip(tiles, captions, strict=True)):
        x, y = _GAP + place % columns * width, _TITLE + _GAP + place // columns * height
        sheet.paste(tile, (x, y))
        draw.text((x, y + tile.height + 4), word, _INK, ImageFont.load_default(_LETTERS))
        at_right = (x + tile.width, y + tile.height + 8)
        draw.text(at_right, share, _FAINT, ImageFont.load_default(_SMALL), anchor="ra")
    return sheet


def _columns(tiles: int, slimness: float) -> int:
    """Return how many tiles, each `slimness` times as high as wide, go side by side, so that few places stay empty.

    The sheet comes out about 1.6 times as wide as it is high.
    """
    near = round(math.sqrt(1.6 * tiles * slimness))
    allowed = range(max(2, near - 1), max(2, near + 1) + 1)
    return min(allowed, key=lambda columns: (-tiles % columns, abs(columns - near), -columns))


def _write_title(draw: ImageDraw.ImageDraw, sentence: Sentence, width: int) -> None:
    """Write the sentence at the top, in letters that let it fit, and the confidence below it."""
    size = 24
    while size > 10 and draw.textlength(sentence.text, ImageFont.load_default(size)) > width - 2 * _GAP:
        size -= 1
    draw.text((_GAP, _GAP), sentence.text, _INK, ImageFont.load_default(size))
    if sentence.confidence is not None:
        sure = f"confidence {sentence.confidence:.0%}"
        draw.text((_GAP, _GAP + 30), sure, _FAINT, ImageFont.load_default(_SMALL))
