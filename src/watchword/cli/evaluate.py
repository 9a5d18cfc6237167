"""`watchword evaluate`: what a model says of a split, and how well."""

import json
import time
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table


def evaluate(
    model: Annotated[str, typer.Argument(help="A shipped model, a bundle, or a checkpoint.")],
    data: Annotated[list[str], typer.Option(help="A data set; may be given several times.")],
    images: Annotated[list[str] | None, typer.Option(help="Where its photos are, if it does not say.")] = None,
    split: Annotated[str, typer.Option(help="Which split to describe.")] = "val",
    beam: Annotated[int | None, typer.Option(help="Width of the beam; the model's own by default.")] = None,
    predictions: Annotated[Path | None, typer.Option(help="Keep what was said, as COCO results.")] = None,
    reference: Annotated[
        bool, typer.Option("--reference", help="The published scorers, METEOR too; needs Java.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
) -> None:
    """Describe every photo of a split and score the sentences.

    Example: watchword evaluate small --data flickr8k --split val --json
    """
    from watchword.cli.datasets import read_all
    from watchword.cli.datasets import split as split_of
    from watchword.cli.opening import captioner
    from watchword.cli.scoring import confidence_figures, figures, results

    examples = read_all(data, images or [], [])
    rows = split_of(examples, split)
    opened = captioner(model)
    if predictions:
        predictions.parent.mkdir(parents=True, exist_ok=True)
    started = time.perf_counter()
    sentences = opened.describe([row.path for row in rows if row.path], beam=beam)
    seconds = time.perf_counter() - started
    if predictions:
        predictions.write_text(json.dumps(results(rows, sentences), indent=0, ensure_ascii=False), encoding="utf-8")
    scores: dict[str, Any] = figures(rows, sentences, examples, reference=reference)
    scores |= confidence_figures(rows, sentences)
    scores |= {"photos": len(rows), "photos_per_second": len(rows) / seconds, "model": model, "split": split}
    if as_json:
        print(json.dumps(scores))
        return
    show(scores)


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
