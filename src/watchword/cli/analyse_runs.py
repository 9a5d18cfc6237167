"""`watchword analyse runs`: scores of trained runs against a setting in which they differ."""

import json
import math
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from watchword.metrics.figures import METRICS

if TYPE_CHECKING:
    from watchword.cli.run_groups import Group
    from watchword.cli.trained_runs import TrainedRun

UNITS = {
    "batch": "photos",
    "depth": "layers of the CNN",
    "frozen": "units of the encoder",
    "layers": "LSTMs",
    "size": "pixels",
    "width": "units",
    "word_width": "numbers",
}
RANGES = dict.fromkeys(METRICS, "0 to 1") | {
    "CIDEr-D": "0 to 10",
    "CIDEr": "0 to 10",
    "distinct": "different sentences",
}


def runs(
    folders: Annotated[
        list[Path], typer.Argument(metavar="RUN...", help="Folders of runs, folders of such, or checkpoints.")
    ],
    by: Annotated[
        str | None, typer.Option(metavar="SETTING", help="Group by it; by default the one in which the runs differ.")
    ] = None,
    against: Annotated[str | None, typer.Option(metavar="SETTING", help="A line of its own for each value.")] = None,
    score: Annotated[
        str, typer.Option(help="The score, as the runs were validated, or as RUN/scores.json says.")
    ] = "CIDEr-D",
    output: Annotated[Path | None, typer.Option(help="Draw it: a .png or a .svg.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
) -> None:
    """Compare trained runs by a setting: mean and standard deviation of the score over what is left, as seeds.

    A setting is one of the recipe, "recipe" itself, or an option of the encoder, such as the depth of plain_cnn.
    Numbers are drawn as lines with error bars, names as bars. `--by depth --against cell` is paper 1's figures 7
    and 8, `--by layers --against factored` paper 2's variants. Their scores, METEOR and BLEU, are taken from
    scores.json in the folder of a run, where that holds what `watchword evaluate RUN/best --json` said.

    Example: watchword analyse runs runs --by depth --against cell --output depth.png
    """
    from watchword.cli.figures import check_figure
    from watchword.cli.run_groups import differences, grouped, repeated
    from watchword.cli.trained_runs import NAME, read_runs
    from watchword.core.errors import SettingsError

    found = read_runs(folders)
    if output:
        check_figure(output, [run.checkpoint / NAME for run in found])
    chosen = by or only_difference(found, against)
    if against == chosen:
        raise SettingsError(
            f"--against {against} is what the runs are grouped by: name another setting, or leave it out"
        )
    groups = grouped(found, chosen, against, score)
    unfinished = {str(run.folder): run.under_way for run in found if run.under_way}
    others = differences(found, [chosen, *([against] if against else [])])
    if as_json:
        about = {"differences": others, "unfinished": unfinished}
        print(json.dumps(as_object(groups, chosen, against, score) | about))
    else:
        show(groups, chosen, against, score)
    warn(others, chosen, against)
    warn_of_scores(unfinished, repeated(found))
    if output:
        draw(groups, chosen, against, score, output)


def only_difference(found: "Sequence[TrainedRun]", against: str | None) -> str:
    """Return the setting in which the runs differ, "recipe" if in none; `SettingsError` where there are several."""
    from watchword.cli.run_groups import differences
    from watchword.core.errors import SettingsError

    names = [name for name in differences(found, [against] if against else []) if name in found[0].settings]
    if len(names) > 1:
        raise SettingsError(f"the runs differ in {', '.join(names)}: say by which to group them, as in --by {names[0]}")
    return names[0] if names else "recipe"


def as_object(groups: "Sequence[Group]", by: str, against: str | None, score: str) -> dict[str, Any]:
    """Return the groups as JSON holds them."""
    rows = [
        {by: group.by}
        | ({against: group.against} if against else {})
        | {"runs": [str(run.folder) for run in group.runs], "scores": list(group.scores)}
        | {"mean": group.mean, "standard_deviation": group.deviation}
        for group in groups
    ]
    return {"score": score, "by": by, "against": against, "groups": rows}


def show(groups: "Sequence[Group]", by: str, against: str | None, score: str) -> None:
    """Print the groups as a table."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from watchword.cli.printable import printable
    from watchword.cli.run_groups import named

    table = Table()
    for heading in (by, *([against] if against else []), "runs", f"mean {score}", "standard deviation"):
        table.add_column(Text(heading))
    for group in groups:
        values = [named(group.by), *([named(group.against)] if against else [])]
        spread = "" if group.deviation is None else f"{group.deviation:.4f}"
        cells = (*values, str(len(group.runs)), f"{group.mean:.4f}", spread)
        table.add_row(*(Text(printable(cell), overflow="fold") for cell in cells))
    Console().print(table)


def warn(others: Mapping[str, Mapping[str, Sequence[str]]], by: str, against: str | None) -> None:
    """Say on standard error in what else the runs differ, and which have what."""
    from watchword.cli.printable import printable

    if not others:
        return
    known = ", ".join((by, *([against] if against else []), "seed"))
    print(f"watchword: the runs differ in more than {known}, so what is shown may be due to that:", file=sys.stderr)
    for name, values in others.items():
        each = "; ".join(f"{value} ({', '.join(folders)})" for value, folders in values.items())
        print(printable(f"  {name}: {each}"), file=sys.stderr)


def warn_of_scores(unfinished: Mapping[str, str], again: Sequence[Sequence[str]]) -> None:
    """Say on standard error which scores are of the best epoch so far, and which are of one run over again."""
    from watchword.cli.printable import printable

    for folders in again:
        which = ", ".join(folders)
        print(
            printable(f"watchword: the same settings, data and seed, so no scatter of seeds: {which}"), file=sys.stderr
        )
    if unfinished:
        each = ", ".join(f"{folder} ({reached})" for folder, reached in unfinished.items())
        print(printable(f"watchword: not trained to the end, so better may come: {each}"), file=sys.stderr)


def draw(groups: "Sequence[Group]", by: str, against: str | None, score: str, place: Path) -> None:
    """Draw the score against the setting: lines over numbers, bars over names."""
    from watchword.cli.figures import Series, bars, figure, lines, save
    from watchword.cli.run_groups import are_numbers, named, ordered

    made, (axis,) = figure()
    values = ordered(group.by for group in groups)
    numbers = are_numbers(values)
    series = []
    for one in ordered(group.against for group in groups):
        mine = [group for group in groups if group.against == one]
        places = [group.by if numbers else values.index(group.by) for group in mine]
        scatter = [math.nan if group.deviation is None else group.deviation for group in mine]
        series.append(Series(named(one) if against else "", places, [group.mean for group in mine], scatter))
    if numbers:
        lines(axis, series, against or "")
    else:
        bars(axis, list(map(named, values)), series, against or "")
    axis.set_xlabel(with_unit(by, UNITS), parse_math=False)
    axis.set_ylabel(with_unit(score, RANGES), parse_math=False)
    save(made, place)


def with_unit(name: str, units: Mapping[str, str]) -> str:
    """Return a name as an axis is labelled: depth (layers of the CNN)."""
    label = name.replace("_", " ")
    return f"{label} ({units[name]})" if name in units else label
