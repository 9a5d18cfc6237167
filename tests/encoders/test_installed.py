import sys

import pytest
import torch

from tests.encoders.libraries import Chain, Tokens, stand_in
from watchword.core.errors import DataError, SettingsError
from watchword.encoders import encoders


@pytest.mark.parametrize("name", ["torchvision", "timm"])
def test_a_library_that_is_not_there_is_asked_for(name, monkeypatch):
    monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setitem(sys.modules, f"{name}.models", None)
    with pytest.raises(SettingsError, match=f"needs {name}: pip install {name}"):
        encoders[name](network="resnet18")


def test_a_chain_is_cut_before_its_pooling(monkeypatch):
    stand_in(monkeypatch)
    encoder = encoders["torchvision:network=chain,pretrained=false,size=32"](frozen=1)
    assert (encoder.grid, encoder.cells_width, encoder.cut) == ((8, 8), 6, 1)


def test_what_is_no_chain_is_refused(monkeypatch):
    """A network that does more between its parts than hand on would silently be another one."""
    stand_in(monkeypatch)
    with pytest.raises(SettingsError, match=r"'branching' is no chain of parts.*encoder=timm:network=branching"):
        encoders["torchvision"](network="branching", pretrained=False, size=32)


def test_weights_that_cannot_be_fetched_are_asked_for(monkeypatch):
    stand_in(monkeypatch)
    with pytest.raises(DataError, match="cannot be had: nobody is reached; give weights=FILE"):
        encoders["torchvision"](network="chain")


def test_a_file_of_weights_is_taken(monkeypatch, tmp_path):
    stand_in(monkeypatch)
    for library, network in {"torchvision:network=chain,size=32": Chain(), "timm:network=tokens": Tokens()}.items():
        torch.save(network.state_dict(), tmp_path / "w.pth")
        encoder = encoders[f"{library},weights={tmp_path / 'w.pth'}"]()
        expected = next(iter(network.state_dict().values()))
        assert torch.equal(next(iter(encoder.units.state_dict().values())), expected)


def test_tokens_become_the_places_of_their_patches(monkeypatch):
    stand_in(monkeypatch)
    torch.manual_seed(0)
    encoder = encoders["timm"](network="tokens")
    pixels = torch.randint(0, 256, (1, 32, 32, 3), dtype=torch.uint8)
    maps = encoder.units[0].network.patches((pixels.permute(0, 3, 1, 2) / 255 - 0.5) / 0.5)
    assert encoder.grid == (2, 2)
    assert torch.allclose(encoder(pixels).cells, maps.flatten(2).transpose(1, 2), atol=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize(("library", "network"), [("torchvision", "resnet18"), ("timm", "resnet18")])
def test_the_real_libraries(library, network):
    pytest.importorskip(library)
    encoder = encoders[library](network=network, pretrained=False)
    assert (encoder.grid, encoder.cells_width) == ((7, 7), 512)
