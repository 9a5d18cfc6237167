import numpy as np
import pytest
import torch

from watchword.core.errors import DataError
from watchword.data.store import FeatureStore
from watchword.encoders import encoders
from watchword.training.trunks import Trunk


@pytest.mark.parametrize("frozen", [0, 2])
def test_it_sees_what_the_encoder_sees(frozen):
    torch.manual_seed(0)
    encoder = encoders["plain_cnn"](frozen=frozen)
    pixels = np.random.default_rng(0).integers(0, 256, (3, 32, 32, 3), dtype=np.uint8)
    trunk = Trunk(encoder)
    with torch.inference_mode():
        expected = encoder.trunk(torch.from_numpy(pixels)).numpy()
    assert (trunk.size, trunk.shape) == (32, expected.shape[1:])
    assert np.abs(trunk(pixels) - expected).max() < 1e-4


def test_what_half_precision_cannot_hold_is_refused_by_the_store(tmp_path):
    encoder = encoders["plain_cnn"](frozen=1)
    encoder.convolutions[0].bias.data.fill_(1e6)
    trunk = Trunk(encoder)
    seen = trunk(np.zeros((1, 32, 32, 3), np.uint8))
    with pytest.raises(DataError, match="float16 holds numbers up to 65,504"):
        FeatureStore(tmp_path, trunk.shape).add(["0" * 64], seen)
