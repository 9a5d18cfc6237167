"""Any encoder with its whole alone, for those who compare photos and look at no cell."""

from torch import Tensor, nn

from watchword.core.types import Features
from watchword.encoders.base import Encoder, as_one_cell


class WholeOnly(Encoder):
    """An encoder that never learns; its trunk goes up to the whole, so a few kB of each photo are kept, not its maps.

    The only cell is the whole: (B, W). Of the encoder's weights all count for what features are filed under.
    """

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.encoder = encoder.eval()
        self.size, self.grid, self.cut = encoder.size, (1, 1), encoder.cut
        self.whole_width = self.cells_width = encoder.whole_width
        self.name = f"{encoder.name}-whole"

    def frozen_units(self) -> nn.Module:
        """Return the whole network."""
        return self.encoder

    def trunk(self, pixels: Tensor) -> Tensor:
        """Return whole vectors (B, W) float32 of pixels (B, size, size, 3) uint8 RGB."""
        return self.encoder(pixels).whole

    def top(self, seen: Tensor) -> Features[Tensor]:
        """Return features: whole (B, W), cells (B, 1, W)."""
        return as_one_cell(seen)
