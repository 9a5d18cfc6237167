"""What is taken for what, drawn: a row for each class that it is, a column for each that was said."""

from collections.abc import Sequence
from pathlib import Path

from watchword.cli.replacing import PNG, refuse_to_replace
from watchword.core.errors import DataError

_LETTERED = 24  # classes; of more only every few are named, and no number is written


def refuse_confusion(place: Path | None) -> None:
    """Raise `DataError` where the picture could not be written in the end."""
    if place is not None:
        if place.suffix.lower() != ".png":
            raise DataError(f"{str(place)!r}: --confusion draws a PNG; name a file that ends in .png")
        refuse_to_replace(place, "--confusion", PNG, [])


def draw_confusion(names: Sequence[str], counts: Sequence[Sequence[int]], title: str, place: Path) -> None:
    """Write the PNG: shades say which share of a class was told as which, numbers how many clips.

    names: of the C classes. counts: (C, C). Raises `DataError` where it cannot be written.
    """
    import matplotlib
    from matplotlib.figure import Figure

    few = len(names) <= _LETTERED
    shares = [[count / max(sum(row), 1) for count in row] for row in counts]
    side = max(3.4, 1.2 + 0.42 * min(len(names), 2 * _LETTERED))
    with matplotlib.rc_context({"text.parse_math": False}):  # a "$" in a name begins no formula
        figure = Figure(figsize=(side + 1.2, side), layout="constrained")
        axis = figure.subplots()
        drawn = axis.imshow(shares, cmap="Blues", vmin=0, vmax=1)
        marks = range(0, len(names), 1 if few else -(-len(names) // (2 * _LETTERED)))
        shown = [names[mark] if len(names[mark]) <= 24 else names[mark][:23] + "…" for mark in marks]
        axis.set_xticks(
            list(marks), shown, rotation=45 if len(names) > 2 else 0, ha="right" if len(names) > 2 else "center"
        )
        axis.set_yticks(list(marks), shown)
        axis.set(xlabel="told", ylabel="is", title=title)
        for row, counted in enumerate(counts if few else ()):
            for column, count in enumerate(counted):
                ink = "white" if shares[row][column] > 0.6 else "black"
                axis.text(column, row, str(count), ha="center", va="center", color=ink, fontsize=9)
        figure.colorbar(drawn, ax=axis, label="share of the class", shrink=0.8)
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            figure.savefig(place, dpi=120, format="png")
        except OSError as error:
            raise DataError(f"{str(place)!r} cannot be written: {error.strerror}; name another --confusion") from None
