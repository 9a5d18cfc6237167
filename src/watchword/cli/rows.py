"""What `watchword describe` says of a photo, one row a photo: as text, JSON lines or CSV."""

import csv
import io
import json
import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Literal, Protocol, TextIO

import typer

from watchword.cli.printable import printable
from watchword.core.types import Sentence

Format = Literal["text", "json", "csv"]
JSON_START = b'{"path": "'  # of every row, so that a torn one can be told from anything else
JSON_FIELDS = frozenset(("path", "sentence", "confidence", "words", "end_log_prob", "labels"))  # of every row
CLIP_COLUMNS = ("start", "end", "at", "last")  # of CSV, behind the others, where clips are described too
_DIGITS = 4


class Writer(Protocol):
    """Something that keeps what was said."""

    def write(self, path: str, said: Sequence[Sentence]) -> None:
        """Keep the sentences about the photo at `path`, best first."""
        ...


class RowWriter:
    """Writes each photo as one row, at once, so that a kill loses none that was written."""

    def __init__(
        self, kind: Format, stream: TextIO | None = None, n: int = 1, header: bool = True, clips: bool = False
    ) -> None:
        """Write rows of `kind`, for `n` sentences a photo, to `stream`, else to what standard output then is.

        header: whether CSV begins with its line of names. clips: whether it has columns for clips, which stay empty.
        """
        self._stream, self._n = stream, n
        rows: dict[Format, Callable[[str, Sequence[Sentence], int], str]]
        rows = {"text": text_row, "json": json_row, "csv": partial(csv_row, clips=clips)}
        self._row = rows[kind]
        if stream is None:
            self._row = terminal_row if kind == "text" and sys.stdout.isatty() else self._row
            let_any_name_through(sys.stdout)
        if kind == "csv" and header:
            self._put(csv_header(n, clips))

    def write(self, path: str, said: Sequence[Sentence]) -> None:
        """Write the row of the photo at `path`."""
        self._put(self._row(path, said, self._n))

    def _put(self, row: str) -> None:
        stream = self._stream or sys.stdout
        stream.write(row)
        stream.flush()


def text_row(path: str, said: Sequence[Sentence], n: int) -> str:
    """Return a line "path, tab, sentence, tab, confidence" for each sentence; the path made printable."""
    return "".join(f"{printable(path)}\t{one.text}\t{_percent(one.confidence)}\n" for one in said)


def terminal_row(path: str, said: Sequence[Sentence], n: int) -> str:
    """Return what `text_row` does, spaced and shaded for people."""
    faint = partial(typer.style, dim=True)
    return "".join(
        f"{faint(printable(path))}  {printable(one.text)}  {faint(_percent(one.confidence))}\n" for one in said
    )


def json_row(path: str, said: Sequence[Sentence], n: int) -> str:
    """Return one JSON object on one line; `docs/formats.md` describes it."""
    labels = [{"name": name, "probability": round(share, _DIGITS)} for name, share in said[0].labels]
    row: dict[str, Any] = {"path": path, **_as_json(said[0]), "labels": labels}
    if n > 1:
        row["others"] = [_as_json(sentence) for sentence in said[1:]]
    line = json.dumps(row, ensure_ascii=False)
    if not line.isascii() and any("\ud800" <= char <= "\udfff" for char in line):
        line = json.dumps(row)  # a name that is not UTF-8 cannot be written but as escapes
    return line + "\n"


def csv_header(n: int, clips: bool = False) -> str:
    """Return the first line of a CSV for `n` sentences a photo. clips: whether it has columns for clips."""
    more = [f"{name}_{i}" for i in range(2, n + 1) for name in ("sentence", "confidence")]
    return csv_line(
        ["path", "sentence", "confidence", "label", "label_probability", *more, *(CLIP_COLUMNS if clips else ())]
    )


def csv_row(path: str, said: Sequence[Sentence], n: int, clips: bool = False) -> str:
    """Return one CSV record, as wide as `csv_header(n, clips)`; a photo with fewer sentences leaves columns empty."""
    label, share = said[0].labels[0] if said[0].labels else ("", None)
    more = [cell for one in said[1:] for cell in (one.text, _rounded(one.confidence))]
    empty = [""] * (2 * (n - len(said)) + len(CLIP_COLUMNS) * clips)
    return csv_line([path, said[0].text, _rounded(said[0].confidence), label, _rounded(share), *more, *empty])


def _as_json(sentence: Sentence) -> dict[str, Any]:
    log_probs = [round(value, _DIGITS) for value in sentence.log_probs]
    count = len(sentence.words)
    words = [{"word": word, "log_prob": log_prob} for word, log_prob in zip(sentence.words, log_probs, strict=False)]
    end = log_probs[count] if len(log_probs) > count else None
    confidence = None if sentence.confidence is None else round(sentence.confidence, _DIGITS)
    return {"sentence": sentence.text, "confidence": confidence, "words": words, "end_log_prob": end}


def csv_line(cells: Sequence[Any]) -> str:
    """Return cells as a line of CSV, quoted where need be."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)  # so that names with either of the two are quoted
    return line.getvalue().removesuffix("\r\n") + "\n"


def let_any_name_through(stream: TextIO) -> None:
    """Have UTF-8 go out, and the bytes of names that are not UTF-8 as they are, whatever the locale says."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(encoding="utf-8", errors="surrogateescape")


def _rounded(number: float | None) -> float | str:
    return "" if number is None else round(number, _DIGITS)


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.0%}"
