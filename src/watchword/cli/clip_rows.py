"""What `watchword describe` says of a clip, one row a segment: as text, JSON lines or CSV."""

import sys
from collections.abc import Callable
from functools import partial
from typing import Any, TextIO

import typer

from watchword.cli.json_text import json_text
from watchword.cli.printable import printable
from watchword.cli.rows import CLIP_COLUMNS, Format, csv_line, let_any_name_through
from watchword.runtime.segments import Segment

JSON_FIELDS = (
    *("path", "start", "end", "sentence", "label", "confidence"),
    *("label_probability", "at", "words", "end_log_prob", "last"),
)
_DIGITS = 4


class SegmentWriter:
    """Writes each segment as one row, at once."""

    def __init__(self, kind: Format, stream: TextIO | None = None) -> None:
        """Write rows of `kind` to `stream`, else to what standard output then is."""
        self._stream, self._begun = stream, 0
        self._row = {"text": text_row, "json": json_row, "csv": csv_row}[kind]
        if stream is None:
            self._row = terminal_row if kind == "text" and sys.stdout.isatty() else self._row
            let_any_name_through(sys.stdout)

    @property
    def kept(self) -> bool:
        """Whether the rows go into a file, by which a later run goes on."""
        return self._stream is not None

    def begin(self) -> None:
        """Begin with a clip: from here on its rows follow."""
        if self._stream:
            self._begun = self._stream.tell()

    def forget(self) -> None:
        """Take back the rows of the clip that was begun, of which something else could not be written."""
        if self._stream:
            self._stream.truncate(self._begun)
            self._stream.seek(self._begun)

    def write(self, path: str, segment: Segment, last: bool) -> None:
        """Write the row of a segment of the clip at `path`; last: whether no other follows."""
        stream = self._stream or sys.stdout
        stream.write(self._row(path, segment, last))
        stream.flush()


def text_row(path: str, segment: Segment, last: bool) -> str:
    """Return a line "path, tab, times, tab, sentence, tab, confidence", and behind a tab the label if there is one."""
    return "\t".join(_cells(path, segment)) + "\n"


def terminal_row(path: str, segment: Segment, last: bool) -> str:
    """Return what `text_row` does, spaced and shaded for people."""
    faint: Callable[[str], str] = partial(typer.style, dim=True)
    name, times, sentence, *more = _cells(path, segment)
    return "  ".join((faint(name), faint(times), sentence, *map(faint, more))) + "\n"


def json_row(path: str, segment: Segment, last: bool) -> str:
    """Return one JSON object on one line; `docs/formats.md` describes it."""
    return json_text(as_json(path, segment, last)) + "\n"


def csv_row(path: str, segment: Segment, last: bool) -> str:
    """Return one CSV record, as wide as `rows.csv_header(1, clips=True)`."""
    row = as_json(path, segment, last)
    cells = [row[name] for name in ("path", "sentence", "confidence", "label", "label_probability", *CLIP_COLUMNS)]
    return csv_line(["" if cell is None else int(cell) if isinstance(cell, bool) else cell for cell in cells])


def as_json(path: str, segment: Segment, last: bool) -> dict[str, Any]:
    """Return the members of a segment's row."""
    sentence = segment.sentence
    log_probs = [round(value, _DIGITS) for value in sentence.log_probs]
    count = len(sentence.words)
    values = (
        *(path, round(segment.start, 3), round(segment.end, 3), sentence.text, segment.label),
        *(_rounded(segment.confidence), _rounded(segment.label_probability), round(segment.at, 3)),
        [{"word": word, "log_prob": value} for word, value in zip(sentence.words, log_probs, strict=False)],
        *(log_probs[count] if len(log_probs) > count else None, last),
    )
    return dict(zip(JSON_FIELDS, values, strict=True))


def clock(seconds: float) -> str:
    """Return minutes:seconds with a tenth, hours before them where there are some.

    >>> clock(3723.04)
    '1:02:03.0'
    """
    tenths = round(seconds * 10)
    minutes, tenths = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    late = f"{tenths // 10:02}.{tenths % 10}"
    return f"{hours}:{minutes:02}:{late}" if hours else f"{minutes}:{late}"


def _cells(path: str, segment: Segment) -> list[str]:
    """Return what a line of text holds."""
    sure = "" if segment.confidence is None else f"{segment.confidence:.0%}"
    cells = [printable(path), f"{clock(segment.start)}-{clock(segment.end)}", printable(segment.sentence.text), sure]
    if segment.label is not None:
        cells.append(f"{printable(segment.label)} {segment.label_probability or 0.0:.0%}")
    return cells


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, _DIGITS)
