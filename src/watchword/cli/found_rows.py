"""What `watchword search` says of each photo: as a table on a terminal, as lines, or as JSON."""

import sys
from collections.abc import Sequence
from typing import Any

from watchword.cli.found_words import located
from watchword.cli.json_text import json_text
from watchword.cli.printable import printable
from watchword.cli.rows import let_any_name_through
from watchword.retrieval.hits import Hit, Suggested

_DIGITS = 4
_STALE = (("changed", "changed"), ("gone", "went"))


def json_rows(hits: Sequence[Hit], sentences: Sequence[Suggested]) -> None:
    """Print one JSON object a photo, and a last one with the sentences that fit a picture."""
    let_any_name_through(sys.stdout)
    for hit in hits:
        print(json_text(json_of(hit)))
    if sentences:
        rows = [{"sentence": each.sentence, "score": round(each.score, _DIGITS)} for each in sentences]
        print(json_text({"sentences": rows}))


def json_of(hit: Hit) -> dict[str, Any]:
    """Return a hit as JSON has it; `docs/formats.md` describes it."""
    words = [
        {"word": match.word, "score": round(match.score, _DIGITS), "box": [round(side, _DIGITS) for side in match.box]}
        for match in hit.words
    ]
    return {
        "path": hit.path,
        "score": round(hit.score, _DIGITS),
        "probability": None if hit.probability is None else round(hit.probability, _DIGITS),
        "words": words,
        "sentence": hit.sentence,
        "labels": list(hit.labels),
        "taken": None if hit.taken is None else hit.taken.isoformat(),
        "text_score": None if hit.text_score is None else round(hit.text_score, _DIGITS),
        "state": hit.state,
    }


def tell_stale(hits: Sequence[Hit]) -> None:
    """Say on standard error how many photos are no longer what was indexed."""
    told = [f"{count} {word}" for state, word in _STALE if (count := sum(hit.state == state for hit in hits))]
    if told:
        print(
            f"watchword: of these photos {' and '.join(told)} since they were indexed, and what is said is of what was "
            "there; watchword index FOLDER brings the index up to date",
            file=sys.stderr,
        )


def print_rows(hits: Sequence[Hit], sentences: Sequence[Suggested]) -> None:
    """Print a table on a terminal; otherwise a line "path, tab, probability, tab, sentence" for each photo."""
    if sys.stdout.isatty():
        _table(hits, sentences)
        return
    let_any_name_through(sys.stdout)
    for hit in hits:
        print(f"{printable(hit.path)}\t{fit_of(hit)}\t{printable(hit.sentence or '')}")
    if sentences:
        print("\nsentences for this:")
        for each in sentences:
            print(printable(each.sentence))


def fit_of(hit: Hit) -> str:
    """Return how well a hit fits: its probability, or its score where there is none."""
    return f"{hit.score:.3f}" if hit.probability is None else f"{hit.probability:.0%}"


def _table(hits: Sequence[Hit], sentences: Sequence[Suggested]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    fits = "score" if hits[0].probability is None else "fits"
    columns = {"": "number", "photo": "path", fits: "fit", "where": "where", "sentence": "sentence"}
    places = [located(hit) for hit in hits]
    if not any(places):
        del columns["where"]
    if not any(hit.sentence for hit in hits):
        del columns["sentence"]
    table = Table(*columns, box=box.SIMPLE_HEAD)
    for number, (hit, where) in enumerate(zip(hits, places, strict=True), start=1):
        cells = {"number": str(number), "path": hit.path, "fit": fit_of(hit), "where": where}
        cells["sentence"] = hit.sentence or ""
        table.add_row(*(Text(printable(cells[name]), overflow="fold") for name in columns.values()))
    console = Console()
    console.print(table)
    if sentences:
        console.print(Text("sentences for this:"))
        for each in sentences:
            console.print(Text(f"  {printable(each.sentence)}"))
