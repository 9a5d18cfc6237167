"""What could not be described: what is wrong with it and what to do, at the end, on standard error."""

import sys
from collections.abc import Sequence
from typing import NamedTuple

from watchword.cli.printable import printable


class Failure(NamedTuple):
    """What is wrong; what to do.

    path: of the photo, or "" where the message names a folder or a pattern. missed: what was not done with it.
    """

    path: str
    message: str
    missed: str = "described"

    @property
    def line(self) -> str:
        """The path and the message on one line, fit to be shown."""
        return printable(": ".join(part for part in (self.path, self.without_path) if part))

    @property
    def without_path(self) -> str:
        """The message without the photo's path, which stands beside it."""
        return self.message.removeprefix(repr(self.path)).lstrip(": ") if self.path else self.message


def report(failures: Sequence[Failure]) -> None:
    """Print a table on a terminal, and otherwise a line for each failure; nothing if there is none."""
    if not failures:
        return
    missed = dict.fromkeys(failure.missed for failure in failures)
    print(f"{len(failures)} not {' or not '.join(missed)}:", file=sys.stderr)
    if sys.stderr.isatty():
        _print_table(failures)
        return
    for failure in failures:
        print(failure.line, file=sys.stderr)


def _print_table(failures: Sequence[Failure]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table("photo", "what is wrong", "what to do", box=box.SIMPLE_HEAD)
    for failure in failures:
        wrong, _, remedy = failure.without_path.rpartition("; ")
        cells = (failure.path, wrong or remedy, remedy if wrong else "")
        table.add_row(*(Text(printable(cell), overflow="fold") for cell in cells))
    Console(stderr=True).print(table)
