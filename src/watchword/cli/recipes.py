"""`watchword recipes`: what can be trained."""

import dataclasses
import json
import re
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table


def recipes(
    name: Annotated[str | None, typer.Argument(help="Show this recipe's settings and published figures.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
) -> None:
    """List the recipes, or show one: its paper, settings with their defaults, and the paper's figures.

    Example: watchword recipes show_attend_tell
    """
    from watchword.recipes import recipes as known

    chosen = [known[name]] if name else [known[each] for each in known]
    if as_json:
        rows = {
            r.name: {"about": r.about, "settings": dataclasses.asdict(r.settings()), "published": r.published}
            for r in chosen
        }
        print(json.dumps(rows, indent=1))
        return
    console = Console()
    if not name:
        table = Table("recipe", "what it is")
        for recipe in chosen:
            table.add_row(recipe.name, recipe.about.splitlines()[0])
        console.print(table)
        return
    console.print(_unwrapped(chosen[0].about), "\n", markup=False, highlight=False)
    table = Table("setting", "default", title="--set name=value")
    for setting, value in dataclasses.asdict(chosen[0].settings()).items():
        table.add_row(setting, str(value))
    console.print(table)
    for source, figures in chosen[0].published.items():
        console.print(source, figures, markup=False)


def _unwrapped(text: str) -> str:
    """Return text without the line ends that its file has within a paragraph, for the terminal sets its own.

    A line begins a paragraph after an empty one, and with a heading such as "Data:".
    """
    return re.sub(r"(?<!\n)\n(?!\n|[A-Z][a-z]+:)", " ", text)
