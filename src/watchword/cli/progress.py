"""A progress bar with rate and time left, on standard error, if that is a terminal."""

import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")


def followed(items: Iterable[Item], total: int) -> Iterator[Item]:
    """Yield `items`, of which there are `total`, and show how far it is; a single one shows nothing."""
    if total == 1 or not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TimeRemainingColumn
    from rich.text import Text

    class Rate(ProgressColumn):
        """Photos a second."""

        def render(self, task: Task) -> Text:
            """Return the rate of the last while, or of the whole once it is over."""
            rate = task.finished_speed or task.speed
            return Text("" if rate is None else f"{rate:.1f} photos/s")

    columns = (BarColumn(), MofNCompleteColumn(), Rate(), TimeRemainingColumn())
    # Rows on the same terminal go above the bar; rows for a pipe or a file must not pass through it.
    shared = sys.stdout.isatty()
    with Progress(*columns, console=Console(stderr=True), redirect_stdout=shared, transient=True) as bar:
        task = bar.add_task("", total=total)
        for item in items:
            yield item
            bar.advance(task)
