"""Clips on one sheet: a strip of frames each, and below it what is said of it."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

FRAMES, SIDE, GAP, LINE, LETTERS = 8, 120, 12, 19, 14
_PAPER, _INK, _FAINT = (250, 249, 246), (28, 27, 25), (112, 109, 103)


def clip_sheet(clips: Iterable[tuple[dict[str, Any], np.ndarray]]) -> Image.Image:
    """Return the sheet: a row for each clip, eight of its frames from first to last, and its sentences.

    clips: the row of each, as in `clips.jsonl`, and its frames (T, H, L, 3) uint8.
    """
    strips = [_strip(row, frames) for row, frames in clips]
    sheet = Image.new("RGB", (strips[0].width, sum(strip.height for strip in strips)), _PAPER)
    top = 0
    for strip in strips:
        sheet.paste(strip, (0, top))
        top += strip.height
    return sheet


def _strip(row: dict[str, Any], frames: np.ndarray) -> Image.Image:
    width = FRAMES * (SIDE + 3) + 2 * GAP
    said = row["captions"]
    strip = Image.new("RGB", (width, SIDE + LINE * (len(said) + 1) + 2 * GAP), _PAPER)
    for place, number in enumerate(np.linspace(0, len(frames) - 1, FRAMES).round().astype(int)):
        frame = Image.fromarray(frames[number]).resize((SIDE, SIDE), Image.Resampling.BILINEAR)
        strip.paste(frame, (GAP + place * (SIDE + 3), GAP))
    draw, font = ImageDraw.Draw(strip), ImageFont.load_default(LETTERS)
    events = "; ".join(f"{each['start']:.1f}-{each['end']:.1f} s {each['text']}" for each in row["events"])
    about = f"{row['id']}  {row['split']}  difficulty {row['difficulty']}  {row['label']}  [{events}]"
    for place, text in enumerate((about, *said)):
        draw.text((GAP, GAP + SIDE + 4 + LINE * place), text, _FAINT if place == 0 else _INK, font)
    return strip
