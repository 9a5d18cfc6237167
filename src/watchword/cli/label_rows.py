"""What `watchword label` tells of a clip, one row a clip: as text, JSON lines or CSV."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Literal

from watchword.cli.printable import printable

Format = Literal["text", "json", "csv"]
_DIGITS = 4
_Labelled = Sequence[tuple[str, float]]


def json_row(path: str, said: _Labelled, **more: object) -> str:
    """Return one JSON object on one line: path, label, confidence, and all classes, likeliest first."""
    labels = [{"name": name, "probability": round(share, _DIGITS)} for name, share in said]
    row = {"path": path, "label": said[0][0], "confidence": round(said[0][1], _DIGITS), **more, "labels": labels}
    line = json.dumps(row, ensure_ascii=False)
    if not line.isascii() and any("\ud800" <= char <= "\udfff" for char in line):
        line = json.dumps(row)  # a name that is not UTF-8 cannot be written but as escapes
    return line + "\n"


def text_row(path: str, said: _Labelled) -> str:
    """Return a line "path, tab, label, tab, confidence"; the path made printable."""
    return f"{printable(path)}\t{printable(said[0][0])}\t{said[0][1]:.0%}\n"


def csv_row(path: str, said: _Labelled) -> str:
    """Return one CSV record: path, label, confidence."""
    return _csv_line([path, said[0][0], f"{said[0][1]:.{_DIGITS}f}"])


CSV_HEADER = "path,label,confidence\n"


def row_of(kind: Format, path: str, said: _Labelled) -> str:
    """Return the row of a clip."""
    return {"text": text_row, "json": json_row, "csv": csv_row}[kind](path, said)


def _csv_line(cells: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)  # so that names with either of the two are quoted
    return line.getvalue().removesuffix("\r\n") + "\n"
