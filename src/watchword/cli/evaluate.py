"""`watchword evaluate`: what a model says of a split, and how well."""

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from watchword.core.types import Example


def evaluate(
    model: Annotated[str, typer.Argument(help="A shipped model, a bundle, or a checkpoint.")],
    data: Annotated[list[str], typer.Option(help="A data set; may be given several times.")],
    images: Annotated[
        list[str] | None, typer.Option(help='Where its photos are, if it does not say; "" is its own place.')
    ] = None,
    split: Annotated[str, typer.Option(help="Which split to describe.")] = "val",
    beam: Annotated[int | None, typer.Option(help="Width of the beam; the model's own by default.")] = None,
    predictions: Annotated[Path | None, typer.Option(help="Keep what was said, as COCO results.")] = None,
    reference: Annotated[
        bool, typer.Option("--reference", help="The published scorers, METEOR too; needs Java.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
) -> None:
    """Describe every photo of a split and score the sentences.

    Photos that cannot be opened are named at the end, the rest is scored, and the exit status is 1. A data set
    without a split "val" is scored on every tenth photo, as training holds them out.

    Example: watchword evaluate small --data flickr8k --split val --json
    """
    from watchword.cli.datasets import read_all
    from watchword.cli.datasets import split as split_of
    from watchword.cli.failures import report
    from watchword.cli.opening import captioner
    from watchword.cli.predictions import predictions_file, write_results
    from watchword.cli.scoring import confidence_figures, described, figures

    if reference:
        _check_reference()
    examples = read_all(data, images or [], [])
    chosen = split_of(examples, split)
    with predictions_file(predictions, data, examples) as file:
        opened = captioner(model)
        started = time.perf_counter()
        rows, sentences, failures = described(opened, chosen, beam)
        seconds = time.perf_counter() - started
        if not rows:
            report(failures)
            raise typer.Exit(1)
        if file:
            write_results(file, rows, sentences)
    known = examples if split == "train" else _without(examples, chosen)
    scores: dict[str, Any] = figures(rows, sentences, known, reference=reference)
    scores |= confidence_figures(rows, sentences)
    scores |= {"photos": len(rows), "not_described": len(failures), "photos_per_second": len(rows) / seconds}
    scores |= {"model": model, "split": split}
    if as_json:
        print(json.dumps(scores))
    else:
        show(scores)
    report(failures)
    if failures:
        raise typer.Exit(1)


def _check_reference() -> None:
    """Have the published tokeniser read a sentence: what it lacks is better said before the photos are described."""
    from watchword.metrics.java import tokenize_ptb

    tokenize_ptb(["a dog"])


def _without(examples: "list[Example]", chosen: "list[Example]") -> "list[Example]":
    """Return the examples that are not judged: photos held out are of split "train", but nothing learnt from them."""
    judged = {row.id for row in chosen}
    return [row for row in examples if row.id not in judged]


def show(scores: dict[str, Any]) -> None:
    """Print the figures as a table, and the reliability of the confidence as another."""
    console, table = Console(), Table("figure", "")
    for name, value in scores.items():
        if name != "reliability":
            table.add_row(name, f"{value:.4f}" if isinstance(value, float) else str(value))
    console.print(table)
    if "reliability" in scores:
        table = Table("confidence", "sentences", "mean confidence", "share right")
        for row in scores["reliability"]:
            span = f"{row['low']:.1f} to {row['high']:.1f}"
            table.add_row(span, str(row["sentences"]), f"{row['confidence']:.3f}", f"{row['right']:.3f}")
        console.print(table)
