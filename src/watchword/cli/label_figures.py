"""How well a labeller tells the classes of a data set: accuracy and its interval, and what is taken for what."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table
from rich.text import Text

from watchword.cli.failures import Failure
from watchword.cli.progress import followed
from watchword.core.errors import DataError, PictureError
from watchword.core.types import Example
from watchword.data.played import watched
from watchword.metrics.bootstrap import intervals
from watchword.metrics.classification import accuracy_tally, classification
from watchword.runtime.labeller import Labelled, Labels


class Told(NamedTuple):
    """Rows whose clip opens, and what was told of each; failures: of the others."""

    rows: list[Example]
    labels: list[Labelled]
    failures: list[Failure]


def told(labels: Labels, rows: Sequence[Example]) -> Told:
    """Return what a labeller tells of the clips or photos of rows. Raises `DataError` where none opens."""
    sources = [watched(row) for row in rows if row.path]
    found = Told([], [], [])
    for row, (source, said) in zip(rows, followed(labels.label_many(sources), len(sources)), strict=True):
        if isinstance(said, PictureError):
            found.failures.append(Failure(str(source), str(said), "labelled"))
        else:
            found.rows.append(row)
            found.labels.append(said)
    if not found.rows:
        first = f": {found.failures[0].line}" if found.failures else ""
        raise DataError(f"none of {len(rows)} clips could be labelled{first}")
    return found


def figures(true: Sequence[str], said: Sequence[str], groups: Sequence[str] | None = None) -> dict[str, Any]:
    """Return the figures of classes `said` (N,) of clips whose classes are `true`.

    accuracy_interval: 95 %, over clips, or over groups of clips that belong together if there are any.
    confusion: a row for each class that it is, a column for each that was said.
    """
    found = classification(said, true)
    tally = accuracy_tally([a == b for a, b in zip(said, true, strict=True)], groups)
    within = intervals([tally])["accuracy"]
    return {
        "accuracy": found.accuracy,
        "accuracy_interval": [within.low, within.high],
        "mean_recall": found.mean_recall,
        "classes": [
            {"name": one.name, "count": one.count, "precision": one.precision, "recall": one.recall, "f1": one.f1}
            for one in found.classes
        ],
        "confusion": found.confusion.tolist(),
    }


def figures_of(rows: Sequence[Example], labels: Sequence[Labelled]) -> dict[str, Any]:
    """Return the figures of what was told of rows."""
    groups = [str(row.extra.get("group") or row.id) for row in rows]
    return figures([row.labels[0] for row in rows], [said[0][0] for said in labels], groups)


def show(scores: dict[str, Any]) -> None:
    """Print the figures, and then the classes, those told worst first."""
    low, high = scores["accuracy_interval"]
    about = Table("figure", "")
    about.add_row("accuracy", f"{scores['accuracy']:.4f}  ({low:.4f} to {high:.4f})")
    for name, value in scores.items():
        if name not in ("accuracy", "accuracy_interval", "classes", "confusion"):
            about.add_row(name, Text(f"{value:.4f}" if isinstance(value, float) else str(value)))
    names = [one["name"] for one in scores["classes"]]
    table = Table("class", "clips", "precision", "recall", "F1", "most taken for")
    for place, one in sorted(enumerate(scores["classes"]), key=lambda pair: pair[1]["recall"]):
        others = [(times, other) for other, times in enumerate(scores["confusion"][place]) if other != place]
        times, other = max(others, default=(0, 0))
        figures_shown = (f"{one[name]:.3f}" for name in ("precision", "recall", "f1"))
        taken = f"{names[other]} ({times})" if times else ""
        table.add_row(Text(one["name"]), str(one["count"]), *figures_shown, Text(taken))
    for each in (about, table):
        Console().print(each)
