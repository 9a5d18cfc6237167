"""A registry: names to things, filled by one decorator beside each thing."""

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from watchword.core.errors import UnknownName

Thing = TypeVar("Thing")


class Registry(Generic[Thing]):
    """Things by name. `kind` is the word that error messages use ("recipe", "encoder")."""

    def __init__(self, kind: str) -> None:
        """Start an empty registry of `kind`."""
        self.kind = kind
        self._things: dict[str, Thing] = {}

    def add(self, name: str) -> Callable[[Thing], Thing]:
        """Return a decorator that registers what it decorates under `name`; a name is given once."""

        def register(thing: Thing) -> Thing:
            if name in self._things:
                raise ValueError(f"{self.kind} {name!r} is registered twice")
            self._things[name] = thing
            return thing

        return register

    def __getitem__(self, name: str) -> Thing:
        """Return the thing called `name`; an unknown name raises `UnknownName` with the nearest one."""
        if name not in self._things:
            raise UnknownName(self.kind, name, self._things)
        return self._things[name]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names, sorted."""
        return iter(sorted(self._things))

    def __len__(self) -> int:
        """Count the things."""
        return len(self._things)
