"""How far a run through clips is: on standard error, if that is a terminal."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from watchword.cli.clip_rows import clock
from watchword.cli.printable import printable

Reached = Callable[[str, float, float | None], None]


@contextmanager
def reaching(clips: int) -> Iterator[Reached]:
    """Yield what is to be told a clip, the time that was reached in it, and its length in seconds (None: unknown).

    clips: how many there are.
    """
    if not sys.stderr.isatty():
        yield lambda path, seconds, length: None
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[far]}"), TimeRemainingColumn())
    shared = sys.stdout.isatty()  # as in progress.counted
    seen = dict[str, None]()
    with Progress(*columns, console=Console(stderr=True), redirect_stdout=shared, transient=True) as bar:
        task = bar.add_task("", total=None, far="")

        def reached(path: str, seconds: float, length: float | None) -> None:
            if path not in seen:
                seen[path] = None
                bar.reset(task, total=length)
            far = clock(seconds) + (f" of {clock(length)}" if length else "")
            name = escape(printable(Path(path).name)) + (f" ({len(seen)} of {clips})" if clips > 1 else "")
            bar.update(task, completed=seconds, total=length, description=name, far=far)

        yield reached
