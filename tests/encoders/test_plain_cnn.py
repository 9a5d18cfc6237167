import pytest
import torch
from torch import nn
from torch.nn import functional

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


def test_an_unknown_encoder_is_named():
    from watchword.core.errors import UnknownName

    with pytest.raises(UnknownName, match=r"no encoder named 'plain_cn' .did you mean 'plain_cnn'.*efficientnet_lite0"):
        encoders["plain_cn"]
