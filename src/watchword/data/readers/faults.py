"""Rows that are not as they should be: the first ends the reading, or all are kept and the rest is read."""

from types import TracebackType

from watchword.core.errors import DataError


class NoPhoto(DataError):
    """A row with a place for its photo's path and nothing there. example: its id."""

    def __init__(self, message: str, example: str) -> None:
        """Say what is wrong with the row of an example."""
        super().__init__(message)
        self.example = example


class SameId(DataError):
    """A row with the id of another, so that what is said of one may be of either. example: the id."""

    def __init__(self, message: str, example: str) -> None:
        """Say which row has the id of an example."""
        super().__init__(message)
        self.example = example


class Faults:
    """What is wrong with single rows; `with faults:` around the reading of one leaves it out and goes on.

    found: the errors, in the order in which they were met. strict: the first is raised instead, as training
        wants it, which must not learn from less than it was given.
    """

    def __init__(self, *, strict: bool = False) -> None:
        """Begin without any."""
        self.strict = strict
        self.found: list[DataError] = []

    def met(self, error: DataError) -> None:
        """Keep an error, or raise it."""
        if self.strict:
            raise error
        self.found.append(error)

    def note(self, error: DataError) -> None:
        """Keep what nobody but a check minds: the row is read all the same."""
        if not self.strict:
            self.found.append(error)

    def __enter__(self) -> None:
        """Begin with a row."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> bool:
        """Keep what is wrong with the row, if a `DataError` says so and errors are kept."""
        if self.strict or not isinstance(error, DataError):
            return False
        self.found.append(error)
        return True
