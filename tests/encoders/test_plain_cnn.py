import pytest
import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional

from watchword.core.errors import DataError, SettingsError, UnknownName
from watchword.encoders import encoders
from watchword.encoders.plain_cnn import DEPTHS, PlainCNN, save, stages


@pytest.fixture
def network():
    torch.manual_seed(0)
    return encoders["plain_cnn"](size=32, channels=8, width=64, classes=2)


@pytest.mark.parametrize("depth", [6, 8, 10, 12, 14, 16])
def test_depth_counts_convolutions_and_fully_connected_layers(depth):
    network = encoders["plain_cnn"](depth=depth, size=48)
    assert sum(isinstance(module, nn.Conv2d | nn.Linear) for module in network.modules()) == depth
    whole, cells, _ = network(torch.zeros(2, 48, 48, 3, dtype=torch.uint8))
    assert (whole.shape, cells.shape) == ((2, 64), (2, 9, 64))


def test_those_are_all_the_depths():
    assert DEPTHS == (6, 8, 10, 12, 14, 16)
    with pytest.raises(SettingsError, match="depth=7: one of 6, 8, 10, 12, 14, 16"):
        encoders["plain_cnn"](depth=7)
    with pytest.raises(SettingsError, match="size=40: a multiple of 16"):
        encoders["plain_cnn"](size=40)


def test_stages_are_as_long_as_each_other_or_one_longer():
    assert stages(6) == [0, 1, 2, 3]
    assert stages(8) == [0, 1, 2, 2, 3, 3]
    assert stages(16) == [0] * 3 + [1] * 3 + [2] * 4 + [3] * 4


def test_parameters_are_as_many_as_by_hand():
    """Paper 1's form at 64 pixels: 32 to 256 channels, 4,096 features, 21 classes."""
    convolution = lambda a, b: 9 * a * b + b  # noqa: E731
    by_hand = {
        6: convolution(3, 32) + convolution(32, 64) + convolution(64, 128) + convolution(128, 256),
        8: convolution(3, 32)
        + convolution(32, 64)
        + convolution(64, 128)
        + convolution(128, 256)
        + convolution(128, 128)
        + convolution(256, 256),
    }
    for depth, convolutions in by_hand.items():
        with torch.device("meta"):
            network = PlainCNN(depth=depth, size=64, channels=32, width=4096, labels=21, frozen=0)
        fully_connected = (256 * 4 * 4 + 1) * 4096 + (4096 + 1) * 21
        assert sum(p.numel() for p in network.parameters()) == convolutions + fully_connected
        assert (network.whole_width, network.cells_width, network.grid) == (4096, 256, (4, 4))


def test_signals_live_through_sixteen_layers():
    torch.manual_seed(0)
    network = encoders["plain_cnn"](depth=16, channels=16)
    pictures = torch.randint(0, 256, (8, 32, 32, 3), dtype=torch.uint8)
    assert 0.1 < network(pictures).whole.std() < 10


def test_a_trained_one_comes_back_from_its_file(tmp_path):
    torch.manual_seed(0)
    first = PlainCNN(depth=8, size=32, channels=4, width=10, labels=("beach", "forest", "river"), frozen=0)
    save(first, tmp_path / "cnn.safetensors")
    second = encoders[f"plain_cnn:weights={tmp_path / 'cnn.safetensors'}"](frozen=7)
    seen = torch.randint(0, 256, (2, 32, 32, 3), dtype=torch.uint8)
    assert torch.allclose(first(seen).whole, second(seen).whole)
    assert torch.allclose(first.classify(first(seen)), second.classify(second(seen)))
    assert second.labels == ("beach", "forest", "river")
    assert second.cut == 7


def test_another_file_is_refused(tmp_path):
    save_file({"x": torch.zeros(1)}, tmp_path / "other.safetensors")
    with pytest.raises(DataError, match=r"no plain CNN that was trained here.*watchword encoder train"):
        encoders["plain_cnn"](weights=tmp_path / "other.safetensors")


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
    assert network.key == "plain_cnn6-32-8-0"  # nothing is frozen


@pytest.mark.parametrize("frozen", [-1, 6])
def test_no_more_is_frozen_than_there_is(frozen):
    with pytest.raises(SettingsError, match=rf"frozen={frozen}: from 0 to 5"):
        encoders["plain_cnn"](frozen=frozen)


def test_an_unknown_encoder_is_named():
    with pytest.raises(UnknownName, match=r"no encoder named 'plain_cn' .did you mean 'plain_cnn'.*efficientnet_lite0"):
        encoders["plain_cn"]
