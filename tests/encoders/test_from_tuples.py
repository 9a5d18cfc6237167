"""Tuples as features: what a row becomes, and that there is no network behind it."""

import pytest
import torch

from watchword.core.errors import DataError
from watchword.encoders import encoders
from watchword.training.trunks import Trunk


def test_a_row_becomes_probabilities_and_a_row_a_role():
    encoder = encoders["tuples:name=x,roles=2+3"](frozen=13)
    row = torch.tensor([[0.25, 0.75, 0.5, 0.5, 0, 0, 1, 0, 0, 1]])
    whole, cells, mask = encoder.top(row)
    assert whole.tolist() == [[0.25, 0.75, 0.5, 0.5, 0]]
    assert cells.tolist() == [[[0, 1, 0, 0, 0], [0, 0, 0, 0, 1]]]
    assert mask.tolist() == [[True, True]]
    assert (encoder.key, encoder.grid, encoder.whole_width, encoder.cells_width) == ("tuples-x-2+3", (1, 2), 5, 5)
    assert Trunk(encoder).shape == (10,)


def test_there_is_nothing_that_looks():
    encoder = encoders["tuples:name=x,roles=2+3"](frozen=0)
    with pytest.raises(DataError, match=r"tuples-x-2\+3: these features come from a file, no network is here"):
        encoder(torch.zeros(1, 1, 1, 3, dtype=torch.uint8))
