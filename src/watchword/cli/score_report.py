"""What `watchword score` prints and writes of figures."""

import csv
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from watchword.cli.printable import printable, writable
from watchword.cli.replacing import Kind, beginning
from watchword.cli.rows import let_any_name_through
from watchword.cli.score_sources import Result
from watchword.cli.whole_files import written_whole
from watchword.core.errors import ScoreError, UnknownName
from watchword.metrics.bootstrap import Interval
from watchword.metrics.comparison import Comparison
from watchword.metrics.diversity import diversity
from watchword.metrics.figures import BLEUS, METRICS, CaptionScores
from watchword.metrics.ratings import Agreement

TABLE = Kind("table of figures", beginning(rb"image_id,(BLEU|METEOR|ROUGE|CIDEr)"))
_BY = ("CIDEr-D", "CIDEr", "METEOR", "ROUGE-L")  # what images are ordered by: the first of these that is there


def metrics(given: Sequence[str] | None) -> list[str]:
    """Return the metrics that were asked for, all if none; case does not count, commas part, "bleu" is all four."""
    if given is None:
        return list(METRICS)
    known = {name.lower(): [name] for name in METRICS} | {"bleu": list(BLEUS)}
    names = [name.strip() for text in given for name in text.split(",") if name.strip()]
    for name in names:
        if name.lower() not in known:
            raise UnknownName("metric", name, [*METRICS, "BLEU"])
    if not names:
        raise ScoreError(f"--only names no metric; there are: {', '.join(METRICS)}, or bleu for all four")
    return [metric for name in names for metric in known[name.lower()]]


def order(scores: CaptionScores) -> tuple[str, np.ndarray]:
    """Return the metric that tells good images from bad ones, and their places (P,), best first."""
    name = next((name for name in _BY if name in scores), list(scores)[-1])
    return name, np.argsort(-scores.per_image[name], kind="stable")


def write_per_image(place: Path, scores: CaptionScores) -> None:
    """Write every image's figures as CSV: image_id, then a column for each metric."""
    columns = [values.tolist() for values in scores.per_image.values()]
    with written_whole(place) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["image_id", *scores.per_image])
        writer.writerows(zip(map(writable, scores.images), *columns, strict=True))


def figures(
    result: Result, spans: Mapping[str, Interval], other: list[Comparison] | None, show: int, *, as_json: bool
) -> None:
    """Print figures, their intervals, the best and worst images, and how they stand beside another system."""
    let_any_name_through(sys.stdout)
    scores = result.scores
    varied = asdict(diversity(scores.sentences))
    del varied["seen"]  # which needs a training set
    extremes = _extremes(result, show)
    if as_json:
        said: dict[str, Any] = dict(scores) | {"signature": scores.signature, "images": len(scores.images)}
        said |= {"intervals": {name: [span.low, span.high] for name, span in spans.items()}, "diversity": varied}
        said |= {"matched_by": result.paired.matched, "left_out": len(result.paired.left_out)} | extremes
        print(json.dumps(said | ({"against": [asdict(each) for each in other]} if other else {})))
        return
    _print_figures(scores, spans, varied)
    for title, rows in extremes.items():
        _print_images(title, rows)
    if other:
        _print_comparison(other)
    if result.paired.left_out:
        print(f"images left out, being on one side only: {len(result.paired.left_out)}", file=sys.stderr)


def agreements(found: Mapping[str, Agreement], signature: str, *, as_json: bool) -> None:
    """Print Kendall's tau of every metric with people's ratings."""
    if as_json:
        said = {name: _without_nan(asdict(each)) for name, each in found.items()}
        print(json.dumps(said | {"signature": signature}))
        return
    rows = [
        (name, f"{each.tau.tau_b:.3f}", _span(each.tau_b, 3), f"{each.tau.tau_c:.3f}", _span(each.tau_c, 3))
        for name, each in found.items()
    ]
    _print_table(("metric", "tau-b", "95 %", "tau-c", "95 %"), rows)
    print(signature)


def _without_nan(value: Any) -> Any:
    """Return figures for JSON, which has no nan: null."""
    if isinstance(value, dict):
        return {name: _without_nan(each) for name, each in value.items()}
    return None if value != value else value


def _extremes(result: Result, show: int) -> dict[str, list[dict[str, Any]]]:
    """Return the best and worst images, each with its figure and sentence."""
    scores = result.scores
    name, places = order(scores)

    def row(place: int) -> dict[str, Any]:
        image = scores.images[place]
        return {
            "image_id": image,
            name: float(scores.per_image[name][place]),
            "candidate": result.paired.candidates[image],
        }

    best, worst = places[:show], places[::-1][:show]
    return {"best": [row(place) for place in best.tolist()], "worst": [row(place) for place in worst.tolist()]}


def _print_figures(scores: CaptionScores, spans: Mapping[str, Interval], varied: Mapping[str, float]) -> None:
    rows = [(name, f"{value:.4f}", _span(spans[name], 4)) for name, value in scores.items()]
    _print_table(("metric", "score", "95 % interval"), rows)
    print(
        f"{varied['sentences']} sentences, {varied['different']} different, {varied['words']:.1f} words each, "
        f"{varied['vocabulary']} words used, "
        f"distinct-1 {varied['distinct_1']:.3f}, distinct-2 {varied['distinct_2']:.3f}"
    )
    print(scores.signature)


def _print_images(title: str, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        print(f"\n{title}, by {list(rows[0])[1]}:")
        for image, value, candidate in (row.values() for row in rows):
            print(f"  {value:.3f}  {printable(image)}  {printable(candidate)}")


def _print_comparison(rows: Sequence[Comparison]) -> None:
    print()
    heading = ("metric", "first", "second", "difference", "95 % interval", "p bootstrap", "p permutation")
    _print_table(
        heading,
        [
            (
                row.name,
                f"{row.first:.4f}",
                f"{row.second:.4f}",
                f"{row.difference:+.4f}",
                f"{row.low:+.4f} to {row.high:+.4f}",
                f"{row.bootstrap:.4f}",
                f"{row.permutation:.4f}",
            )
            for row in rows
        ],
    )


def _print_table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print columns; rich would take as long to import as small sets take to score."""
    widths = [max(map(len, column)) for column in zip(heading, *rows, strict=True)]
    for row in (heading, *rows):
        first, *others = (cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        print("  ".join([row[0].ljust(widths[0]), *others]).rstrip() if first else "")


def _span(interval: Interval, digits: int) -> str:
    return f"{interval.low:.{digits}f} to {interval.high:.{digits}f}"
