import pytest
import torch
from torch import nn
from torch.nn import functional

from watchword.core.errors import SettingsError, UnknownName
from watchword.encoders import encoders


@pytest.fixture
def network():
    torch.manual_seed(0)
    return encoders["plain_cnn"](size=32, channels=8, width=64, classes=2)


def test_depth_counts_convolutions_and_fully_connected_layers(network):
    assert sum(isinstance(module, nn.Conv2d | nn.Linear) for module in network.modules()) == 6


def test_shapes(network):
    whole, cells, mask = network(torch.zeros(3, 32, 32, 3, dtype=torch.uint8))
    assert (whole.shape, cells.shape, mask.shape) == ((3, 64), (3, 4, 64), (3, 4))
    assert network.grid == (2, 2)
    assert (network.whole_width, network.cells_width) == (64, 64)


def test_it_learns_to_tell_stripes_apart(network):
    torch.manual_seed(0)
    stripes = ((torch.arange(32) // 4) % 2 * 200).to(torch.uint8)
    across = stripes[:, None, None].expand(32, 32, 3)
    pictures = torch.stack([across, across.transpose(0, 1)]).repeat(8, 1, 1, 1)
    noisy = (pictures.float() + torch.rand(16, 32, 32, 3) * 50).to(torch.uint8)
    classes = torch.arange(2).repeat(8)
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3)
    for _ in range(25):
        loss = functional.cross_entropy(network.scores(network(noisy)), classes)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert (network.classify(network(noisy)).argmax(-1) == classes).all()


def test_what_a_trunk_sees_is_filed_under_its_weights(network):
    """Features of other random weights under the same name would silently be taken for one's own."""
    first, second = (encoders["plain_cnn"](frozen=2) for _ in range(2))
    assert first.key != second.key
    second.load_state_dict(first.state_dict())
    assert first.key == second.key != encoders["plain_cnn"](frozen=1).key
    second.convolutions[2].weight.data.zero_()  # above the cut
    assert first.key == second.key
    assert network.key == "plain_cnn-32-8-0"  # nothing is frozen


@pytest.mark.parametrize("frozen", [-1, 5])
def test_no_more_is_frozen_than_there_is(frozen):
    with pytest.raises(SettingsError, match=rf"frozen={frozen}: from 0 to 4"):
        encoders["plain_cnn"](frozen=frozen)


def test_an_unknown_encoder_is_named():
    with pytest.raises(UnknownName, match=r"no encoder named 'plain_cn' .did you mean 'plain_cnn'.*efficientnet_lite0"):
        encoders["plain_cn"]
