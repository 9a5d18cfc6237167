"""`watchword data check`: every row of a data set that is malformed, missing, broken, empty or there twice."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from watchword.cli.printable import printable

if TYPE_CHECKING:
    from watchword.data.check import Report

_COUNTED = ("examples", "photos", "clips", "sentences", "labels")


def check(
    dataset: Annotated[str, typer.Argument(help="A data set: a folder, or a JSON, CSV or token file.")],
    images: Annotated[Path | None, typer.Option(help="Where its photos are, if it does not say.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of tables.")] = False,
) -> None:
    """Open every photo and read every sentence of a data set; exit with 1 if anything is wrong.

    A photo is decoded to its end, a clip only to its first frame.

    Example: watchword data check captions.csv --images photos
    """
    from watchword.data.check import check_dataset
    from watchword.data.readers.faults import Faults
    from watchword.data.readers.open import read_dataset

    faults = Faults()
    examples = read_dataset(dataset, images, faults)
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("checking", total=len(examples))
        report = check_dataset(
            examples, lambda done, total: bar.update(task, completed=done, total=total), faults.found
        )
    if as_json:
        print(json.dumps(_as_object(report)))
    else:
        _show(report, Console())
    if report.problems:
        raise typer.Exit(1)


def _as_object(report: "Report") -> dict[str, Any]:
    """Return a report as JSON will have it."""
    problems = [
        {"kind": each.kind, "id": each.example, "path": each.path and str(each.path), "message": each.message}
        for each in report.problems
    ]
    return {"problems": problems, "splits": {name: dict(counts) for name, counts in report.counts.items()}}


def _show(report: "Report", console: Console) -> None:
    """Print what is wrong, if anything, and what there is."""
    if report.problems:
        problems = Table("what", "example", "file", "why", title=f"Problems: {len(report.problems)}")
        for each in report.problems:
            cells = (each.kind, each.example, each.path.name if each.path else "", each.message)
            problems.add_row(*(Text(printable(cell), overflow="fold") for cell in cells))
        console.print(problems)
    else:
        console.print("Nothing is wrong.")
    lacking = sum(counts["examples"] - counts["photos"] - counts["clips"] for counts in report.counts.values())
    if lacking:
        console.print(f"{lacking:,} examples have no photo or clip; `watchword train` leaves these out.")
    splits = Table("split", *_COUNTED)
    for name, counts in report.counts.items():
        splits.add_row(name, *(f"{counts[what]:,}" for what in _COUNTED))
    console.print(splits)
