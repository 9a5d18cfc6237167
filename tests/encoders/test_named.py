import numpy as np
import pytest

from watchword.core.errors import DataError, SettingsError, UnknownName
from watchword.data.pca import PCA
from watchword.encoders import encoders


def test_options_stand_behind_the_name():
    network = encoders["plain_cnn:depth=8,size=48,channels=4"](frozen=2)
    assert (network.form["depth"], network.size, network.form["channels"], network.cut) == (8, 48, 4, 2)


def test_without_options_it_is_what_it_was():
    assert encoders["plain_cnn"]().name == encoders["plain_cnn:depth=6"]().name


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("plain_cnn:dept=8", r"'plain_cnn' has no option 'dept' .did you mean 'depth'.*it has: weights, depth,.* pca"),
        ("plain_cnn:depth", "'depth' is not option=value"),
        ("plain_cnn:depth=x", "plain_cnn:depth='x' is not of type int"),
        ("alexnet:whole=fc9", "alexnet:whole='fc9'.*one of fc6, fc7, fc8"),
        ("plain_cnn:frozen=2", "no option 'frozen'"),
    ],
)
def test_what_is_not_right_is_said(name, says):
    with pytest.raises(SettingsError, match=says):
        encoders[name]


def test_an_unknown_name_with_options_is_named():
    with pytest.raises(UnknownName, match=r"no encoder named 'plain' .*plain_cnn"):
        encoders["plain:depth=8"]


def test_axes_are_an_option_of_every_encoder(tmp_path):
    PCA(np.zeros(64), np.eye(64)[:3], np.ones(3)).save(tmp_path / "axes.npz")
    assert encoders[f"plain_cnn:depth=8,pca={tmp_path / 'axes.npz'}"](frozen=7).whole_width == 3
    assert encoders[f"plain_cnn:pca={tmp_path / 'axes.npz'}"](frozen=0).cut == 0
    with pytest.raises(DataError, match="axes are of features 64 wide, plain_cnn6-32-8-0 gives 32"):
        encoders[f"plain_cnn:width=32,pca={tmp_path / 'axes.npz'}"]()
