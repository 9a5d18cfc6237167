"""Clips on a page: a player, the time line, and the sentences, which lead to their place in the clip.

The page holds small pictures; the clip itself is played from where it lies, by a relative address if one leads there.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path
from typing import TextIO
from urllib.parse import quote

from PIL import Image

from watchword.cli.clip_rows import clock
from watchword.cli.clip_writers import Put
from watchword.cli.printable import printable
from watchword.cli.subtitles import spoken
from watchword.cli.thumbnails import data_uri
from watchword.core.errors import PictureError
from watchword.data.clips.frames import probe
from watchword.runtime.segments import Segment

SIDE = 160  # pixels of a small picture, the longer side


class ClipCards:
    """Writes one card for each clip into a page that `page.page` began."""

    def __init__(self, file: TextIO, place: Path) -> None:
        """Write cards into `file`, a page which will lie at `place`."""
        self._file, self._place = file, place

    @contextmanager
    def clip(self, path: str) -> Iterator[Put]:
        """Give what takes the segments of the clip at `path`."""
        name = escape(printable(path))
        player = f'<video controls preload="metadata" src="{_address(path, self._place)}" aria-label="{name}"></video>'
        self._file.write(
            f"<article class=clip>\n<div class=player>{player}\n<div class=line></div>\n"
            f"<p class=sure role=status></p>\n<p class=file>{name}</p></div>\n<ol>\n"
        )
        shape = _shape(path)
        try:
            yield lambda segment: self._put(segment, shape)
        finally:
            self._file.write("</ol>\n</article>\n")

    def _put(self, segment: Segment, shape: tuple[int, int]) -> None:
        """Write the line of a segment. shape: width and height of its picture."""
        picture = ""
        if segment.frame is not None:
            small = Image.fromarray(segment.frame).resize(shape, Image.Resampling.BILINEAR)
            picture = f'<img src="{data_uri(small)}" width={shape[0]} height={shape[1]} alt="" loading="lazy">'
        label = "" if segment.label is None else escape(printable(segment.label))
        more = [f"{label} {segment.label_probability or 0.0:.0%}"] if label else []
        more += [] if segment.confidence is None else [f"confidence {segment.confidence:.0%}"]
        self._file.write(
            f'<li><button type="button" class="moment" data-start="{segment.start:.3f}" data-end="{segment.end:.3f}">'
            f"{picture}<span><time>{clock(segment.start)}-{clock(segment.end)}</time> "
            f"<b>{escape(spoken(segment.sentence.words))}</b> <small>{', '.join(more)}</small></span></button></li>\n"
        )


def _shape(path: str) -> tuple[int, int]:
    """Return width and height of a small picture of a clip; it is square if the clip has gone meanwhile."""
    try:
        clip = probe(path)
    except PictureError:
        return SIDE, SIDE
    scale = SIDE / max(clip.width, clip.height)
    return max(1, round(clip.width * scale)), max(1, round(clip.height * scale))


def _address(path: str, page: Path) -> str:
    """Return where a clip lies, as seen from the page, with every odd character escaped.

    A browser goes by the names of folders, not by where links among them lead. Where the page can be come by on two
    ways, from which the clip would be called otherwise, it is called by its whole name.
    """
    there = os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))
    real, named = (os.path.dirname(way(page)) for way in (os.path.realpath, os.path.abspath))
    try:
        relative = os.path.relpath(there, real)
        one_way = real == named or os.path.samefile(os.path.normpath(os.path.join(named, relative)), path)
    except (OSError, ValueError):  # not there, or on another drive
        one_way = False
    return "./" + escape(quote(os.fsencode(relative.replace(os.sep, "/")))) if one_way else escape(Path(there).as_uri())
