"""`watchword analyse beams`: how much of what a model says it only remembers, by the width of the beam."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

# What papers report of COCO: width of the beam, share of the sentences that are in the training set, what to call it.
# Paper 1 (section 4.3) takes the likeliest word at each step (section 3.5); paper 5, section 4.2.
PAPERS = ((1, 0.27, "paper 1: 27 %"), (1, 0.25, "paper 5: 25 %"), (7, 0.60, "paper 5: 60 %"))


def beams(
    model: Annotated[
        str, typer.Argument(help="A shipped model, a bundle, a checkpoint, or several together: first+second.")
    ],
    data: Annotated[list[str], typer.Option(help="The data set that it learnt from; may be given several times.")],
    images: Annotated[
        list[str] | None, typer.Option(help='Where its photos are, if it does not say; "" is its own place.')
    ] = None,
    widths: Annotated[str, typer.Option(help="Widths of the beam, with commas between; 1 is greedy.")] = "1,2,3,5,7,10",
    split: Annotated[str, typer.Option(help="Which split to describe.")] = "val",
    output: Annotated[Path | None, typer.Option(help="Draw it: a .png or a .svg.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
) -> None:
    """Describe a split with beams of several widths, and count the sentences that stand in the training split.

    Sentences are compared word for word. On COCO, paper 1 found 27 % (greedy), paper 5 25 % with a beam of 1 and
    60 % with one of 7; a figure shows these as well. Each photo is looked at once, however many widths there are.

    Example: watchword analyse beams small --data flickr8k --widths 1,3,7 --output beams.png
    """
    from watchword.cli.counts import counts
    from watchword.cli.datasets import read_all
    from watchword.cli.datasets import split as split_of
    from watchword.cli.failures import Failure, report
    from watchword.cli.figures import check_figure
    from watchword.cli.opening import captioner
    from watchword.cli.remembered import figures, sentences, training_sentences
    from watchword.core.errors import PictureError

    wanted = counts(widths, "--widths")
    examples = read_all(data, images or [], [])
    if output:
        check_figure(output, [model, *data, *(row.path for row in examples if row.path)])
    chosen = split_of(examples, split)
    known = training_sentences(examples, chosen, split)
    opened = captioner(model)
    kept, spoken, failures = [], [], []
    for row, said in sentences(opened, chosen, wanted):
        if isinstance(said, PictureError):
            failures.append(Failure(str(row.path), str(said)))
        else:
            kept.append(row)
            spoken.append(said)
    if kept:
        rows = figures(kept, spoken, wanted, known)
        about = {"model": model, "split": split, "photos": len(kept), "not_described": len(failures)}
        about |= {"training_sentences": len(known)}
        about |= {"length_normalization": opened.manifest.search.length_normalization}
        show(about | {"widths": rows}, as_json=as_json)
        if output:
            draw(rows, model, output)
    report(failures)
    if failures:
        raise typer.Exit(1)


def show(found: dict[str, Any], *, as_json: bool) -> None:
    """Print what was found out, as JSON or as a table."""
    from rich.console import Console
    from rich.table import Table

    if as_json:
        print(json.dumps(found))
        return
    table = Table("beam", "in the training split", "distinct sentences", "mean words", "CIDEr-D")
    for row in found["widths"]:
        distinct = f"{row['distinct_sentences']} of {found['photos']}"
        share, score = f"{row['in_training_set']:.1%}", f"{row['CIDEr-D']:.4f}"
        table.add_row(str(row["width"]), share, distinct, f"{row['mean_words']:.2f}", score)
    Console().print(table)


def draw(rows: Sequence[dict[str, Any]], model: str, place: Path) -> None:
    """Draw share and score against the width, with the papers' shares beside ours."""
    from watchword.cli.figures import FAINT, Series, figure, lines, save, ticks

    made, (shares, scores) = figure(2)
    widths = [row["width"] for row in rows]
    at, reported = [width for width, *_ in PAPERS], [100 * share for _, share, _ in PAPERS]
    shares.plot(at, reported, "D", color=FAINT, fillstyle="none", markersize=6, label="reported on COCO")
    for width, share, name in PAPERS:
        below = share == 0.25  # of two that lie close together the lower one
        shares.annotate(
            name, (width, 100 * share), (8, -3 if below else 3), textcoords="offset points",
            color=FAINT, fontsize=8, verticalalignment="top" if below else "bottom",
        )  # fmt: skip
    lines(shares, [Series(Path(model).name, widths, [100 * row["in_training_set"] for row in rows])])
    ticks(shares, sorted({*widths, *at}))
    lines(scores, [Series("", widths, [row["CIDEr-D"] for row in rows])])
    shares.set_ylim(0, max(70, 110 * max(row["in_training_set"] for row in rows)))
    shares.set_ylabel("sentences found in the training split (%)")
    scores.set_ylabel("CIDEr-D (0 to 10)")
    for axis in (shares, scores):
        axis.set_xlabel("beam width (sentences kept in view)")
    save(made, place)
