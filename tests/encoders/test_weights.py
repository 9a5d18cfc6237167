import pytest
import torch
from torch import nn

from watchword.core.errors import DataError
from watchword.encoders.weights import load_published, read_weights


class Attack:
    """What a hostile file would run."""

    def __reduce__(self):
        return print, ("run",)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "damaged or holds more than weights"),
        (b"\x80\x04nonsense", "damaged or holds more than weights"),
        ({"a": Attack()}, "damaged or holds more than weights"),
        ([1, 2], "no table of weights by name"),
        ({"a": 1}, "no table of weights by name"),
        ({}, "no table of weights by name"),
    ],
)
def test_what_is_no_weights_is_refused_and_not_run(content, says, tmp_path, capsys):
    path = tmp_path / "w.pth"
    path.write_bytes(content) if isinstance(content, bytes) else torch.save(content, path)
    with pytest.raises(DataError, match=says):
        read_weights(path)
    assert capsys.readouterr().out == ""


def test_a_damaged_safetensors_file_is_refused(tmp_path):
    (tmp_path / "w.safetensors").write_bytes(b"12345678 nothing")
    with pytest.raises(DataError, match="damaged"):
        read_weights(tmp_path / "w.safetensors")


@pytest.mark.parametrize("name", ["none.pth", "none.safetensors", "."])
def test_a_missing_file_is_named(name, tmp_path):
    with pytest.raises(DataError, match=r"cannot be read.*weights=FILE that is there"):
        read_weights(tmp_path / name)


def test_weights_may_lie_one_deeper(tmp_path):
    torch.save({"state_dict": {"weight": torch.ones(2)}, "epoch": 3}, tmp_path / "w.pth")
    assert read_weights(tmp_path / "w.pth")["weight"].tolist() == [1, 1]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"weight": None}, "no weight"),
        ({"extra": torch.zeros(1)}, "extra, which is not in it"),
        ({"weight": torch.zeros(3, 3)}, r"weight of shape \(3, 3\), not \(3, 2\)"),
    ],
)
def test_weights_of_another_network_are_refused(changes, says):
    network = nn.Linear(2, 3)
    given = {k: v for k, v in (network.state_dict() | changes).items() if v is not None}
    with pytest.raises(DataError, match=f"file.pth is not of this network: it has .*{says}"):
        load_published(network, given, "file.pth")


def test_counters_may_be_missing():
    """Files from before PyTorch 0.4.1 do not have them."""
    network = nn.BatchNorm1d(2)
    given = {k: v + 1 for k, v in network.state_dict().items() if k != "num_batches_tracked"}
    load_published(network, given, "old.pth")
    assert network.running_var.tolist() == [2, 2]


def test_the_weights_of_a_bundle_s_encoder_are_read_from_its_graph(tmp_path):
    from watchword.encoders import encoders
    from watchword.training.graphs import write_encoder

    torch.manual_seed(0)
    encoder = encoders["plain_cnn"](frozen=0)
    write_encoder(encoder, tmp_path / "encoder.onnx", half=True)
    found = read_weights(tmp_path / "encoder.onnx")
    wanted = {f"encoder.{name}": value.half().float() for name, value in encoder.state_dict().items()}
    shared = found.keys() & wanted.keys()
    assert len(shared) > 4
    assert all(torch.allclose(found[name], wanted[name], atol=1e-3) for name in shared)
    (tmp_path / "cut.onnx").write_bytes((tmp_path / "encoder.onnx").read_bytes()[:999])
    with pytest.raises(DataError, match="damaged"):
        read_weights(tmp_path / "cut.onnx")
