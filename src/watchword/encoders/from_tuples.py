"""Semantic tuples that others computed: probabilities of words in roles, from a file (paper 2, section 6).

`watchword encoder import` files them under their clips, as it does features.
"""

import torch
from torch import Tensor

from watchword.core.errors import SettingsError
from watchword.core.types import Features
from watchword.encoders.from_file import FromFile
from watchword.encoders.named import encoders


class FromTuples(FromFile):
    """Tuples as features: whole (B, W) the probabilities of the words of all roles, cells (B, R, W) the likeliest
    tuple, a row a role, one-hot in the role's stretch of the W words.

    name: as they were imported. widths: how many words each role has.
    """

    def __init__(self, *, name: str, widths: list[int]) -> None:
        super().__init__(name=name, width=sum(widths))
        self.widths, self.grid = widths, (1, len(widths))
        self.name = f"tuples-{name}-{'+'.join(map(str, widths))}"
        self.row = (2 * sum(widths),)

    def top(self, seen: Tensor) -> Features[Tensor]:
        """Return features of imported rows (B, 2 W): probabilities, then the likeliest tuple."""
        whole, likeliest = seen.chunk(2, -1)
        places = torch.arange(len(self.widths))
        role = places.repeat_interleave(torch.tensor(self.widths))  # (W,): of each word
        cells = likeliest[:, None] * (role == places[:, None])
        return Features(whole, cells, torch.ones_like(cells[:, :, 0], dtype=torch.bool))


@encoders.add("tuples")
def tuples(*, frozen: int = 0, name: str = "crf", roles: str = "") -> FromTuples:
    """Return tuples that were imported under a name. roles: how many words each has, parted by +: 12+8+20.

    frozen says nothing here, for nothing can learn.
    """
    widths = roles.split("+")
    if not all(each.isdecimal() and int(each) for each in widths):
        raise SettingsError(
            f"tuples: roles={roles!r} is not the number of words of each role, as in tuples:name=crf,roles=12+8+20; "
            "`watchword encoder import` says it when it files them"
        )
    return FromTuples(name=name, widths=[int(each) for each in widths])
