"""`watchword analyse pointing`: whether a matcher finds the part of a photo that a phrase speaks of."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from watchword.cli.matching_options import AsJson, Model, Page, Split

if TYPE_CHECKING:
    from watchword.cli.grounding import Grounded


def pointing(
    model: Model,
    data: Annotated[str, typer.Option(help="The data set with the sentences.")],
    images: Annotated[str | None, typer.Option(help="Where its photos are, if it does not say.")] = None,
    phrases: Annotated[
        Path | None, typer.Option(help="The phrases with boxes; regions.json beside the data set otherwise.")
    ] = None,
    split: Split = "val",
    beta: Annotated[
        str, typer.Option(help="What neighbouring words in one region are worth; several with commas between.")
    ] = "0,0.02,0.05,0.1,0.2,0.5",
    output: Annotated[Path | None, typer.Option(help="Draw it: a .png or a .svg.")] = None,
    html: Page = None,
    as_json: AsJson = False,
) -> None:
    """Look for phrases whose boxes people drew, and count how often the box that is found is where they are.

    With beta 0 each word is on its own: the region fits the words of the phrase best together ("sum"), or any one of
    them ("best word"). Above 0 the whole sentence is aligned (section 3.1.4 of paper 5), and most words of the phrase
    decide. "drawn" is the box that the matcher draws for these words, where it learnt to (watchword export --boxes).
    Pointing accuracy: the middle of what is found lies in a box. The other way: it covers the middle of a box. Beside
    them what a region by chance, the whole picture and its largest part would reach.

    Example: watchword analyse pointing runs/matcher/best --data flickr8k --beta 0,0.1,0.5 --output pointing.png
    """
    from watchword.cli.counts import amounts
    from watchword.cli.failures import report
    from watchword.cli.figures import check_figure
    from watchword.cli.grounding import figures, ground
    from watchword.cli.opening import matcher
    from watchword.cli.phrases_asked import phrases_asked
    from watchword.cli.replacing import PAGE, refuse_to_replace

    betas = amounts(beta, "--beta")
    asked, failures, there = phrases_asked(data, images, phrases, split)
    read: list[str | Path] = [model, data, *([phrases] if phrases else []), *{one.photo for one in asked}]
    if output:
        check_figure(output, read)
    if html:
        refuse_to_replace(html, "--html", PAGE, read)
    found = ground(matcher(model), asked, betas, failures)
    if found.asked:
        rows = figures(found)
        show({"model": model, "data": data, "split": split, "phrases_there": there} | rows, as_json=as_json)
        if output:
            draw(rows, output)
        if html:
            page(found, rows, html, model)
    report(failures)
    if failures:
        raise typer.Exit(1)


def show(found: dict[str, Any], *, as_json: bool) -> None:
    """Print what was found out, as JSON or as a table."""
    from rich.console import Console
    from rich.table import Table

    from watchword.cli.grounding import NAMES

    if as_json:
        print(json.dumps(found))
        return
    table = Table(
        "beta", "found by", "pointing accuracy", "times the best baseline", "covers the middle", "IoU 0.5 or more"
    )
    table.add_column("words a snippet")
    for row in found["ways"]:
        times = "" if row["ratio"] is None else f"{row['ratio']:.2f}"
        words = f"{row['words_a_snippet']:.2f}"
        table.add_row(f"{row['beta']:g}", row["by"], *_shares(row, times), words)
    table.add_section()
    for name, row in found["baselines"].items():
        table.add_row("", NAMES[name], *_shares(row, "best" if name == found["best_baseline"] else ""), "")
    table.add_row("", "best of the regions", *_shares(found["best_region"], ""), "")
    Console().print(table)
    print(
        f"{found['phrases']} of {found['phrases_there']} phrases, in {found['sentences']} sentences about "
        f"{found['photos']} photos"
    )
    if found["beyond"]:
        print(f"{found['beyond']} phrases left out: the model does not read that far", file=sys.stderr)


def _shares(row: dict[str, Any], times: str) -> list[str]:
    from watchword.cli.grounding import MEASURE

    return [f"{row[MEASURE]:.1%}", times, f"{row['covers_centre']:.1%}", f"{row['recall_at_iou_0.5']:.1%}"]


def draw(found: dict[str, Any], place: Path) -> None:
    """Draw accuracy and the length of snippets against beta, the baselines as levels."""
    from watchword.cli.figures import FAINT, Series, figure, lines, save
    from watchword.cli.grounding import MEASURE, NAMES

    made, (accuracy, length) = figure(2)
    betas = sorted({row["beta"] for row in found["ways"]})
    smoothed = [row for row in found["ways"] if row["by"] in ("sum", "majority")]
    places = [betas.index(row["beta"]) for row in smoothed]
    boxes = [row for row in found["ways"] if row["by"] == "drawn"]
    for (name, row), dash in zip(found["baselines"].items(), (":", "--", "-."), strict=True):
        accuracy.axhline(100 * row[MEASURE], color=FAINT, linestyle=dash, linewidth=1, label=NAMES[name])
    series = [Series("words together", places, [100 * row[MEASURE] for row in smoothed])]
    alone = [row for row in found["ways"] if row["by"] == "best word"]
    if alone:
        series.append(Series("best word", [betas.index(0.0)], [100 * row[MEASURE] for row in alone]))
    if boxes:
        there = [betas.index(row["beta"]) for row in boxes]
        series.append(Series("boxes drawn", there, [100 * row[MEASURE] for row in boxes]))
    lines(accuracy, series)
    lines(length, [Series("", places, [row["words_a_snippet"] for row in smoothed])])
    for axis in (accuracy, length):
        axis.set_xticks(range(len(betas)), [f"{beta:g}" for beta in betas])
        axis.set_xlabel("beta (similarity; steps not to scale)")
        axis.set_ylim(0, 1.1 * max(1, axis.dataLim.y1))
    accuracy.set_ylabel("pointing accuracy (% of phrases)")
    length.set_ylabel("mean length of a snippet (words)")
    save(made, place)


def page(found: "Grounded", rows: dict[str, Any], place: Path, model: str) -> None:
    """Write a page of phrases, by the way that is right most often."""
    from watchword.cli.grounding import MEASURE, Way
    from watchword.cli.pointing_page import write_page

    best = max(rows["ways"], key=lambda row: row[MEASURE])
    write_page(place, model, found, Way(best["beta"], best["by"]))
