"""What a search shows: a line for each trial, a table of them, and how to train the best."""

import dataclasses
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from watchword.cli.json_text import json_text
from watchword.cli.ranges import as_text, idle
from watchword.cli.search import Search
from watchword.cli.study import FINISHED, Result, best_of
from watchword.cli.trial import folder_of
from watchword.core.errors import SettingsError


def line(result: Result, watched: str) -> str:
    """Return a trial on one line: number, values, best score (`watched`), epochs, seconds, and what cut it short."""
    values = " ".join(f"{name}={as_text(value)}" for name, value in result.values.items())
    score = "no score" if result.best is None else f"{watched} {result.best:.3f}"
    counted = f"{result.epochs} epoch{'' if result.epochs == 1 else 's'}"
    parts = [f"trial {result.number}", values, score, counted, f"{result.seconds:.0f} s"]
    if result.outcome != FINISHED:
        parts.append(result.outcome + (f": {result.why}" if result.why else ""))
    return "  ".join(parts)


def ranked(found: Sequence[Result]) -> list[Result]:
    """Return the trials best first, those without a score last."""
    return sorted(found, key=lambda each: -float("inf") if each.best is None else each.best, reverse=True)


def show(
    search: Search,
    found: Sequence[Result],
    importance: Mapping[str, float],
    output: Path,
    again: str | None,
    *,
    as_json: bool,
) -> None:
    """Print what came of a search, with the command `again` that trains its best. Raises `SettingsError` if none is."""
    best = best_of(found)
    if as_json:
        print(json_text(_json(search, found, importance, output) | {"train": again}))
    else:
        _print_table(found, importance, search.recipe.watched)
    if best is None:
        raise SettingsError(
            f"no trial came to a {search.recipe.watched}; of the last it was said: {found[-1].why} "
            "Search another --range in another --output, as of smaller learning rates"
        )
    if not as_json:
        folder = folder_of(output, best.number) / "best"
        export = shlex.join(["watchword", "export", str(folder), "BUNDLE"])
        print(f"best {search.recipe.watched} {best.best:.4f}: {folder}; next: {export}")
        print(f"the same anew: {again}")


def _print_table(found: Sequence[Result], importance: Mapping[str, float], watched: str) -> None:
    """Print the trials best first, and what share each setting had in that."""
    from rich.console import Console
    from rich.table import Table

    names = list(found[0].values)
    table = Table("trial", *names, watched, "epochs", "seconds", "outcome")
    for each in ranked(found):
        score = "" if each.best is None else f"{each.best:.3f}"
        values = [as_text(each.values[name]) for name in names]
        table.add_row(str(each.number), *values, score, str(each.epochs), f"{each.seconds:.0f}", each.outcome)
    Console().print(table, markup=False)
    if importance:
        print("importance: " + ", ".join(f"{name} {share:.2f}" for name, share in importance.items()))


def _json(search: Search, found: Sequence[Result], importance: Mapping[str, float], output: Path) -> dict[str, Any]:
    """Return the search and its trials, best first, as JSON has it."""
    trials = [
        {
            "trial": each.number,
            "values": each.values,
            search.recipe.watched: each.best,
            "epochs": each.epochs,
            "seconds": round(each.seconds, 1),
            "outcome": each.outcome,
            "why": each.why,
            "folder": str(folder_of(output, each.number)),
        }
        for each in ranked(found)
    ]
    ranges = {name: str(searched) for name, searched in search.ranges.items()}
    about = {"recipe": search.recipe.name, "ranges": ranges, "seed": search.seed}
    return about | {"trials": trials, "importance": dict(importance)}


def train_line(
    search: Search,
    found: Sequence[Result],
    data: Sequence[str],
    images: Sequence[str],
    weights: Sequence[float],
    features: Path,
    output: Path,
) -> str | None:
    """Return the command that trains with the values of the best trial, fit for a shell; None if none is best."""
    best = best_of(found)
    if best is None:
        return None
    settings, usual = dataclasses.replace(search.settings, **best.values), search.recipe.settings()
    parts = ["watchword", "train", search.recipe.name]
    for option, given in (("--data", data), ("--images", images), ("--weight", weights)):
        parts += [part for value in given for part in (option, str(value))]
    for field in dataclasses.fields(settings):
        value = getattr(settings, field.name)
        if value != getattr(usual, field.name) and not (value and idle(settings, field.name)):
            parts += ["--set", f"{field.name}={as_text(value)}"]
    return shlex.join([*parts, "--features", str(features), "--output", f"{output}-best"])
