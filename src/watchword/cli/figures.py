"""Figures as commands draw them: quiet, legible, PNG or SVG by the ending of the file's name.

matplotlib is needed to draw, and for nothing else. Only its `Figure` is used: no pyplot, no state that others share.
"""

import io
import re
from collections.abc import Iterable, Sequence
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from watchword.cli.printable import printable
from watchword.cli.replacing import PNG, Kind, beginning, refuse_to_replace
from watchword.cli.whole_files import written_whole
from watchword.core.errors import DataError, SettingsError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SVG = Kind("SVG", beginning(rb"(\s|<\?xml.*?\?>|<!DOCTYPE.*?>|<!--.*?-->)*+<svg\b", re.DOTALL))
KINDS = {".png": PNG, ".svg": SVG}
# Okabe and Ito's colours, which people tell apart however they see colours; each with a mark and a line of its own.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
MARKS = ("o", "s", "^", "D", "v", "P", "X")
DASHES = ("-", "--", "-.", ":")
FAINT = "#5f5f5f"
_WIDE = 50  # from the greatest number so many times the least on, an axis counts by factors
_MOST_TICKS = 10
_LETTER = 0.075  # inches, of a name below a bar
_LONGEST = 60  # letters of a name that are drawn
_WIDEST = 100.0  # inches; no PNG is drawn that is wider than 400


class Series(NamedTuple):
    """What one colour shows: its name, or ""; places on the lower axis, heights, and how far they scatter each way."""

    name: str
    places: Sequence[float]
    heights: Sequence[float]
    scatter: Sequence[float] | None = None


def check_figure(place: Path, inputs: Iterable[str | Path]) -> None:
    """Raise for a figure that could not be written, before hours are spent on what it is to show.

    `DataError` where its name ends otherwise or something else is there; `SettingsError` without matplotlib.
    """
    kind = KINDS.get(place.suffix.lower())
    if kind is None:
        ending = repr(place.suffix) if place.suffix else "nothing"
        raise DataError(
            f"--output {printable(str(place))!r} ends in {ending}; a figure is a {' or a '.join(KINDS)}: name it so"
        )
    refuse_to_replace(place, "--output", kind, inputs)
    try:
        import matplotlib.figure  # noqa: F401
    except ImportError as problem:
        raise SettingsError(
            f"--output draws with matplotlib, which cannot be imported ({problem}): pip install '.[plots]' in the "
            "checkout of watchword, or leave out --output"
        ) from None


def figure(panels: int = 1) -> tuple["Figure", list[Any]]:
    """Return an empty figure, and its axes side by side."""
    from matplotlib.figure import Figure

    made = Figure(figsize=(4.6 * panels + 0.6, 3.6), layout="constrained")
    axes = list(made.subplots(1, panels, squeeze=False)[0])
    for axis in axes:
        axis.spines[["top", "right"]].set_visible(False)
        axis.grid(axis="y", color="#e4e4e4", linewidth=0.8)
        axis.set_axisbelow(True)
    return made, axes


def lines(axis: Any, series: Sequence[Series], legend: str = "") -> None:
    """Draw each series as a line with error bars; legend: what their names are values of."""
    for each, colour, mark, dash in zip(series, cycle(COLOURS), cycle(MARKS), cycle(DASHES), strict=False):
        axis.errorbar(
            each.places, each.heights, each.scatter,
            color=colour, marker=mark, linestyle=dash, markersize=5, linewidth=1.6, capsize=3, elinewidth=1,
            label=each.name,
        )  # fmt: skip
    ticks(axis, sorted({place for each in series for place in each.places}))
    _legend(axis, series, legend)


def bars(axis: Any, names: Sequence[str], series: Sequence[Series], legend: str = "") -> None:
    """Draw bars over `names`, those of several series side by side; places count the names from 0."""
    width, shifts = 0.76 / len(series), _side_by_side(series)
    for each, shift, colour in zip(series, shifts, cycle(COLOURS), strict=False):
        axis.bar(
            [place + width * shift[place] for place in each.places], each.heights, width * 0.92, yerr=each.scatter,
            color=colour, error_kw={"elinewidth": 1, "capsize": 3, "ecolor": "#303030"}, label=each.name,
        )  # fmt: skip
    broken = ["\n".join(map(_cut, re.split(r"(?<=[:,])", name))) for name in names]  # options, each on a line
    axis.set_xticks(range(len(names)), broken, parse_math=False, fontsize=9)
    axis.tick_params(axis="x", length=0)
    widest = max(len(line) for name in broken for line in name.split("\n"))
    wanted = (widest + 2) * _LETTER * len(names) + 1.8
    axis.figure.set_figwidth(min(max(axis.figure.get_figwidth(), wanted), _WIDEST))
    axis.margins(y=0.12)
    _legend(axis, series, legend, loc="upper left", bbox_to_anchor=(1, 1))


def _cut(name: str) -> str:
    """Return a name, or the end of a long one: of paths that says more than the beginning."""
    return name if len(name) <= _LONGEST else f"…{name[1 - _LONGEST :]}"


def _side_by_side(series: Sequence[Series]) -> list[dict[float, float]]:
    """Return by how many widths each series' bar at each place is moved, for those that are there to lie around it."""
    there = {place: [each for each in series if place in each.places] for each in series for place in each.places}
    return [{place: there[place].index(each) - (len(there[place]) - 1) / 2 for place in each.places} for each in series]


def ticks(axis: Any, places: Sequence[float]) -> None:
    """Put ticks at rising places, if they are not too many; count by factors where they are far apart."""
    if places[0] > 0 and places[-1] >= _WIDE * places[0]:
        axis.set_xscale("log")
        axis.minorticks_off()
    if len(places) <= _MOST_TICKS:
        axis.set_xticks(places, [f"{place:g}" for place in places])


def save(made: "Figure", place: Path) -> None:
    """Write a figure, whole or not at all; `check_figure` has seen the name."""
    kind, out = place.suffix.lower()[1:], io.BytesIO()
    made.savefig(out, format=kind, dpi=160, metadata={"Date": None} if kind == "svg" else None)
    place.parent.mkdir(parents=True, exist_ok=True)
    with written_whole(place) as file:
        file.buffer.write(out.getvalue())


def _legend(axis: Any, series: Sequence[Series], title: str, **where: Any) -> None:
    if not any(each.name for each in series):
        return
    legend = axis.legend(title=title, frameon=False, **where)
    for text in (*legend.get_texts(), legend.get_title()):
        text.set_parse_math(False)  # "$" in a name is no formula
