"""`watchword models`: the models that ship."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer


def models(as_json: Annotated[bool, typer.Option("--json", help="One JSON list instead of a table.")] = False) -> None:
    """List the models that ship: size, recipe, scores, licence.

    Examples:
      watchword models
      watchword models --json
    """
    from watchword.runtime.shipped import shipped

    rows = [_row(name, folder) for name, folder in shipped().items()]
    if as_json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    elif rows:
        _print_table(rows)
    else:
        print("no model ships with this installation; give --model the path of a bundle")


def _row(name: str, folder: Path) -> dict[str, Any]:
    """Return what a model's manifest says; the hashes of its files are checked when it is loaded, not here."""
    from watchword.runtime.bundle import manifest_of

    manifest = manifest_of(folder)
    size = sum(entry.size for entry in manifest.files.values())
    about = {"recipe": manifest.recipe, "licence": manifest.licence, "scores": dict(manifest.scores)}
    return {"name": name, "bytes": size, **about, "picture_size": manifest.size, "path": str(folder)}


def _print_table(rows: list[dict[str, Any]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table("model", "MB", "recipe", "scores", "licence")
    for row in rows:
        scores = "\n".join(f"{name} {_short(value)}" for name, value in row["scores"].items())
        cells = (row["name"], f"{row['bytes'] / 1e6:.1f}", row["recipe"], scores, row["licence"] or "not stated")
        table.add_row(*map(Text, cells))
    Console().print(table)


def _short(value: Any) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)
