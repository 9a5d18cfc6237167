"""A group of commands that are imported when they are called, not before."""

import importlib
import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from copy import copy
from typing import Any, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup


class Command(NamedTuple):
    """A command as a row of a table: where its function is, as "module:function", and its line in the list."""

    target: str
    summary: str


Table = Mapping[str, "Command | Group"]


class Group(NamedTuple):
    """Commands below a common first word, and the line of that word in the list."""

    summary: str
    table: Table


class LazyCommands(Mapping[str, Any]):
    """The commands of a table by name; a command's module is imported when the command is asked for."""

    def __init__(self, table: Table) -> None:
        """Offer the commands of `table`."""
        self._table = table

    def __getitem__(self, name: str) -> Any:
        """Return the command called `name`, ready to run."""
        row = self._table[name]
        if isinstance(row, Group):
            return group_of(name, row)
        module, _, function = row.target.partition(":")
        run = getattr(importlib.import_module(module), function)
        single = typer.Typer(add_completion=False, rich_markup_mode=None)
        single.command(name, help=help_of(run))(run)
        return typer.main.get_command(single)

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names in the order of the table."""
        return iter(self._table)

    def __len__(self) -> int:
        """Count the commands."""
        return len(self._table)

    def summaries(self) -> dict[str, TyperCommand]:
        """Return commands that know their name and their line, and nothing else: enough for a list."""
        return {name: TyperCommand(name, help=row.summary) for name, row in self._table.items()}


class LazyGroup(TyperGroup):
    """A group over `LazyCommands`; its help imports none of them."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help, the commands' lines taken from the table."""
        listing = copy(self)
        if isinstance(self.commands, LazyCommands):
            listing.commands = dict(self.commands.summaries())
        super(LazyGroup, listing).format_help(ctx, formatter)


def group_of(name: str, row: Group) -> LazyGroup:
    """Return the group called `name`."""
    group = LazyGroup(name=name, help=row.summary, no_args_is_help=True, rich_markup_mode=None)
    group.commands = LazyCommands(row.table)  # type: ignore[assignment]
    return group


def help_of(function: Callable[..., Any]) -> str:
    """Return a function's docstring as a command's help, in which lines of examples stay as they are."""
    text = re.sub(r"^Example: +", "Example:\n  ", inspect.getdoc(function) or "", flags=re.MULTILINE)
    return re.sub(r"^(?=Examples?:)", "\b\n", text, flags=re.MULTILINE)  # the mark that lines are not to be rejoined
