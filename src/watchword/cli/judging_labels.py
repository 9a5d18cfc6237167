"""A labeller judged: figures of a split, what is taken for what as a picture, and what was told of each clip."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from watchword.cli.confusion_drawn import draw_confusion, refuse_confusion
from watchword.cli.failures import Failure
from watchword.cli.label_figures import figures_of, told
from watchword.cli.label_rows import json_row
from watchword.cli.opening import labeller
from watchword.cli.replacing import Kind, beginning, refuse_to_replace
from watchword.cli.whole_files import written_whole
from watchword.core.types import Example

LABELS = Kind("list of labels", beginning(rb'\{"path": .*"label": '))


def judged(
    model: str,
    rows: Sequence[Example],
    data: Sequence[str],
    *,
    weights: Sequence[float] | None = None,
    predictions: Path | None = None,
    confusion: Path | None = None,
) -> tuple[dict[str, Any], list[Failure]]:
    """Return the figures of a labeller on rows with a class, and what could not be labelled.

    predictions: file for what was told of each clip, JSON lines. confusion: PNG of what was taken for what.
    """
    refuse_confusion(confusion)
    opened = labeller(model, weights)
    with _kept(predictions, [*data, *(row.path for row in rows if row.path)]) as file:
        found = told(opened, rows)
        for row, said in zip(found.rows, found.labels, strict=True) if file else ():
            assert file
            file.write(json_row(str(row.path), said, id=row.id, true=row.labels[0]))
    scores = figures_of(found.rows, found.labels)
    if confusion:
        names = [one["name"] for one in scores["classes"]]
        title = f"{scores['accuracy']:.1%} of {len(found.rows)} clips"
        draw_confusion(names, scores["confusion"], title, confusion)
    return scores | {"clips": len(found.rows), "not_labelled": len(found.failures)}, found.failures


@contextmanager
def _kept(place: Path | None, inputs: Sequence[str | Path]) -> Iterator[TextIO | None]:
    """Yield the file to write rows to, or None without a place; it is there only once all went well."""
    if place is None:
        yield None
        return
    refuse_to_replace(place, "--predictions", LABELS, inputs)
    place.parent.mkdir(parents=True, exist_ok=True)
    with written_whole(place) as file:
        yield file
