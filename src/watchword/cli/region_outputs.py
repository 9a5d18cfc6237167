"""What the analyses that find regions read and write: photos of a split; a table, a sheet, a page."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from watchword.cli.datasets import read_all
from watchword.cli.printable import printable
from watchword.cli.region_tiles import Group, sheet
from watchword.cli.regions_page import write_page
from watchword.cli.replacing import PAGE, PNG, refuse_to_replace
from watchword.cli.tiles import save_png
from watchword.core.errors import DataError

Row = tuple[str, Path, tuple[float, ...], float]


def photos_of(data: list[str], images: list[str] | None, split: str) -> list[Path]:
    """Return the photos of a split, with sentences or without, each once; `DataError` where there is none."""
    examples = read_all(data, images or [], [])
    photos = dict.fromkeys(row.path for row in examples if row.split == split and row.path)
    if not photos:
        there = sorted({row.split for row in examples if row.path})
        raise DataError(f"no photo in split {split!r}; the data has photos in: {', '.join(there) or 'no split'}")
    return list(photos)


def check_outputs(output: Path | None, html: Path | None, read: Iterable[str | Path]) -> None:
    """Raise `DataError` for a sheet or a page that must not be written, before anything is looked at."""
    read = list(read)
    if output:
        if output.suffix.lower() != ".png":
            raise DataError(f"--output {printable(str(output))!r} is a PNG: end its name in .png")
        refuse_to_replace(output, "--output", PNG, read)
    if html:
        refuse_to_replace(html, "--html", PAGE, read)


def write_outputs(output: Path | None, html: Path | None, title: str, about: str, groups: Sequence[Group]) -> None:
    """Write the sheet and the page that are wanted. about: a sentence on the page below its title."""
    if output:
        output.parent.mkdir(parents=True, exist_ok=True)
        save_png(sheet(groups), output)
    if html:
        write_page(html, title, about, groups)


def shown(figure: str, rows: Iterable[Row]) -> None:
    """Print regions as a table: of what each is one, its photo, its box in percent, and its figure."""
    table = Table("", figure, "photo", "from", "to")
    for of, photo, (x0, y0, x1, y1), value in rows:
        corners = (f"{x0:.0%} {y0:.0%}", f"{x1:.0%} {y1:.0%}")
        table.add_row(Text(printable(of)), f"{value:.3f}", Text(printable(photo.name), overflow="fold"), *corners)
    Console().print(table)
