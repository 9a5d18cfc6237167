import pytest
import torch

from watchword.core.errors import DataError
from watchword.encoders import encoders
from watchword.training.trunks import Trunk


def test_rows_are_the_whole_and_the_only_cell():
    encoder = encoders["from_file:name=vgg,width=5"](frozen=13)
    rows = torch.rand(2, 5)
    whole, cells, mask = encoder.top(rows)
    assert torch.equal(whole, rows)
    assert torch.equal(cells, rows[:, None])
    assert (mask.shape, encoder.grid, encoder.key) == ((2, 1), (1, 1), "from_file-vgg-5")


def test_a_photo_without_a_row_is_no_guess():
    trunk = Trunk(encoders["from_file"](width=5))
    assert trunk.shape == (5,)
    with pytest.raises(DataError, match="these features come from a file"):
        trunk(torch.zeros(1, 1, 1, 3, dtype=torch.uint8).numpy())
