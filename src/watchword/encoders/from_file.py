"""Features that others computed: neuraltalk's `vgg_feats.mat` (paper 5), or any .npy.

`watchword encoder import` files them under their photos; from then on they are features like any others,
but for photos that are not among them there are none.
"""

from torch import Tensor, nn

from watchword.core.errors import DataError
from watchword.core.types import Features
from watchword.encoders.base import Encoder, as_one_cell
from watchword.encoders.named import encoders


class FromFile(Encoder):
    """One vector for each photo; its only cell is that vector.

    name: as they were imported. width: of a vector. Nothing of it learns and it sees no picture.
    """

    size, grid, cut, looks = 1, (1, 1), 0, False

    def __init__(self, *, name: str, width: int) -> None:
        super().__init__()
        self.name = f"from_file-{name}-{width}"
        self.whole_width = self.cells_width = width
        self.row = (width,)

    def frozen_units(self) -> nn.Module:
        """Return nothing: there is no network."""
        return nn.Sequential()

    def trunk(self, pixels: Tensor) -> Tensor:
        """Raise `DataError`: there is no network that could look."""
        raise DataError(
            f"{self.name}: these features come from a file, no network is here that could compute them, and some of "
            "these photos have none of that name and width: import them (watchword encoder import), name the folder "
            "they were imported into (--features), or train on an encoder that looks"
        )

    def top(self, seen: Tensor) -> Features[Tensor]:
        """Return features: whole (B, W), cells (B, 1, W), from imported rows (B, W)."""
        return as_one_cell(seen)


@encoders.add("from_file")
def from_file(*, frozen: int = 0, name: str = "vgg", width: int = 4096) -> FromFile:
    """Return features that were imported under a name; `frozen` says nothing here, for nothing can learn."""
    return FromFile(name=name, width=width)
