"""`watchword select`: a data set of the sentences that a model is sure of, or that score well, to learn from."""

import csv
import math
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from watchword.cli.json_text import json_text
from watchword.core.errors import DataError, suggestion

if TYPE_CHECKING:
    from watchword.core.types import Example

_NAMED_BY = ("image_id", "id", "path")  # the first column of a table of figures that says whose they are


def select(
    predictions: Annotated[Path, typer.Argument(help="Rows of `describe --json` or --csv, or COCO results.")],
    output: Annotated[Path, typer.Option(help="The data set to write, as JSON Lines; see docs/formats.md.")],
    least: Annotated[float, typer.Option(help="Sentences with this figure or a higher one are kept.")],
    by: Annotated[
        str, typer.Option(help="The figure: confidence, log_prob, mean_log_prob, or one that the rows have.")
    ] = "confidence",
    scores: Annotated[
        Path | None, typer.Option(help="Where the figure is, if not in the rows: CSV of `score --per-image`.")
    ] = None,
    images: Annotated[Path | None, typer.Option(help="The folder that the photos' paths start from.")] = None,
) -> None:
    """Write the sentences that are good enough as a data set, which `train --data` reads.

    Only the first sentence of each photo is looked at. Photos stay where they are. Before they learn from it,
    people may take lines out of the file or put sentences right: it is text, one photo a line.

    Examples:
      watchword select rows.jsonl --least 0.8 --output own.jsonl
      watchword select predictions.json --images photos --scores each.csv --by CIDEr-D --least 0.9 --output own.jsonl
    """
    from watchword.cli.whole_files import refuse_to_overwrite, written_whole
    from watchword.data.readers.open import read_dataset

    if math.isnan(least):
        raise DataError("--least nan is no number to compare with; give one, as in 0.8")
    refuse_to_overwrite(output, named="another --output")
    rows = [row for row in read_dataset(predictions, images) if any(text.strip() for text in row.sentences)]
    given = _table(scores, by) if scores else {row.id: value for row in rows if (value := figure(row, by)) is not None}
    judged = [(row, given[row.id]) for row in rows if row.id in given]
    if not judged:
        raise DataError(_nothing_judged(rows, by, predictions, scores))
    kept = [(row, value) for row, value in judged if value >= least]
    if not kept:
        highest = max(value for _, value in judged)
        raise DataError(f"no sentence has a {by} of {least} or more; the highest is {highest:.4f}: lower --least")
    _check_photos(row for row, _ in kept)
    output.parent.mkdir(parents=True, exist_ok=True)
    with written_whole(output) as file:
        file.writelines(line(row, value, output.parent) for row, value in kept)
    lacking = f", {len(rows) - len(judged)} have none" if len(judged) < len(rows) else ""
    print(f"{output}: {len(kept)} of {len(rows)} sentences have a {by} of {least} or more{lacking}")


def figure(row: "Example", name: str) -> float | None:
    """Return the figure called `name` of a row, given or computed from its words; None if there is none."""
    if name in row.extra:
        return _number(row.extra[name])
    try:
        words = [float(word["log_prob"]) for word in row.extra["words"]]
        end = [float(row.extra["end_log_prob"])] if "end_log_prob" in row.extra else []
    except (KeyError, TypeError, ValueError):
        return None
    if name == "log_prob":
        return math.fsum(words + end)
    return math.fsum(words) / len(words) if name == "mean_log_prob" and words else None


def line(row: "Example", value: float, home: Path) -> str:
    """Return the line of a row; its photo's path starts from `home` where it lies below it, else from the root."""
    path, start = Path(os.path.abspath(row.path or "")), os.path.abspath(home)
    record = {
        "path": str(path.relative_to(start) if path.is_relative_to(start) else path),
        **({"box": list(row.box)} if row.box else {}),
        **({"start": row.span[0], "end": row.span[1]} if row.span else {}),
        "sentence": row.sentences[0].strip(),
        "split": "train",
        "score": round(value, 4),
    }
    return json_text(record) + "\n"


def _table(place: Path, name: str) -> dict[str, float]:
    """Return the column `name` of a CSV by image."""
    try:
        with place.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            columns = list(reader.fieldnames or [])
            if not columns:
                raise DataError(f"{place} is empty; `watchword score --per-image` writes such a table")
            keys = [key for key in _NAMED_BY if key in columns]
            if not keys or name not in columns:
                lacking = name if keys else _NAMED_BY[0]
                raise DataError(
                    f"{place} has no column {lacking!r}{suggestion(lacking, columns)}; there are: {', '.join(columns)}"
                )
            found = ((str(row[keys[0]]), _number(row[name])) for row in reader)
            return {key: value for key, value in found if value is not None}
    except FileNotFoundError:
        raise DataError(f"{place} does not exist; `watchword score --per-image` writes such a table") from None
    except OSError as error:
        raise DataError(f"{place} cannot be read: {error.strerror}; give the file that --per-image wrote") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{place} is no CSV that can be read: {error}") from None


def _number(value: Any) -> float | None:
    """Return a number, given as one or as text; None for anything else, and for what is not finite."""
    if isinstance(value, bool):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def _nothing_judged(rows: "list[Example]", by: str, predictions: Path, scores: Path | None) -> str:
    """Say why no row has the figure that was asked for."""
    if scores:
        return f"{scores} and {predictions} name no image alike; score the same file that is selected from"
    there = sorted({name for row in rows for name in figures_of(row.extra)})
    return (
        f"no row of {predictions} has a {by!r}{suggestion(by, there)}; there are: {', '.join(there) or 'none'}. "
        "Give another --by, or --scores with what `watchword score --per-image` wrote"
    )


def figures_of(extra: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names of the figures that a row has, or that can be computed from it."""
    yield from (name for name, value in extra.items() if _number(value) is not None and name != "end_log_prob")
    if extra.get("words"):
        yield from ("log_prob", "mean_log_prob")


def _check_photos(rows: "Iterable[Example]") -> None:
    """Raise `DataError` for the first row whose photo is not there."""
    for row in rows:
        if row.path is None:
            raise DataError(f"{row.id!r} names no photo, which learning needs; COCO results may have a 'file_name'")
        if not row.path.is_file():
            raise DataError(
                f"{str(row.path)!r} is not there; say with --images which folder paths start from, unless they start "
                "from the root: then put them right"
            )
