"""A progress bar with rate and time left, on standard error, if that is a terminal."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

Item = TypeVar("Item")


def followed(items: Iterable[Item], total: int) -> Iterator[Item]:
    """Yield `items`, of which there are `total`, and show how far it is; a single one shows nothing."""
    if total == 1:
        yield from items
        return
    with counted() as count:
        count(0, total)
        for number, item in enumerate(items, start=1):
            yield item
            count(number, total)


@contextmanager
def counted() -> Iterator[Callable[[int, int], None]]:
    """Yield what is to be told how many photos of how many are done, and show that."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
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
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
