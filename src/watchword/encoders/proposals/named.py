"""Proposals by name, with options behind it as encoders have them: "grid:levels=2x2-3x3"."""

from collections.abc import Callable
from functools import partial

from watchword.core.registry import Registry
from watchword.encoders.options import parsed, parted
from watchword.encoders.proposals.base import Proposals

Make = Callable[..., Proposals]


class Proposers(Registry[Make]):
    """The registry; each is a function of named arguments.

    Two are no options: `judge`, which makes an encoder whose classifier may judge boxes, and `count`, how many of
    them are wanted.
    """

    def __getitem__(self, name: str) -> Make:
        """Return what makes the proposals called `name`, its options filled in.

        Raises `UnknownName`, or `SettingsError` for an option that they do not have.
        """
        make = super().__getitem__(name.partition(":")[0])
        plain, given = parted("proposals", name)
        return partial(make, **parsed("proposals", plain, make, given, hidden=("judge", "count"))) if given else make


proposals = Proposers("proposals")
