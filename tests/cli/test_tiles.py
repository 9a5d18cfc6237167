import numpy as np
import pytest
from PIL import Image

from watchword.cli.tiles import contact_sheet
from watchword.core.errors import WatchwordError
from watchword.core.types import Sentence


def sentence(words, confidence=0.5):
    looked = np.random.default_rng(0).dirichlet(np.ones(4), len(words)).astype(np.float32)
    return Sentence(" ".join(words), tuple(words), (-0.5,) * (len(words) + 1), confidence, looked)


@pytest.fixture
def photo(tmp_path):
    Image.new("RGB", (300, 200), (200, 30, 30)).save(tmp_path / "red.png")
    return tmp_path / "red.png"


@pytest.mark.parametrize("count", [1, 2, 5, 12, 20])
def test_there_is_a_tile_for_the_photo_and_for_each_word(photo, count):
    sheet = np.asarray(contact_sheet(photo, sentence(["word"] * count), (2, 2)), np.int64)
    red = (sheet[:, :, 0] > 2 * sheet[:, :, 1]) & (sheet[:, :, 0] > 40)
    assert red.sum() == pytest.approx((count + 1) * 240 * 160, rel=0.05)


def test_a_long_sentence_fits(photo):
    long = contact_sheet(photo, sentence(["extraordinarily"] * 3, None), (2, 2))
    edge = np.asarray(long)[:56, -8:]
    assert (edge == edge[0, 0]).all()


def test_cells_in_a_row_can_be_drawn(photo):
    assert contact_sheet(photo, sentence(["a", "dog"]), None).size[0] > 240


def test_nothing_to_draw_is_an_error(photo):
    with pytest.raises(WatchwordError, match="there is nothing to draw"):
        contact_sheet(photo, Sentence("a dog", ("a", "dog"), (-1.0, -1.0, -1.0)), (2, 2))
    with pytest.raises(WatchwordError, match="or it said nothing"):
        contact_sheet(photo, sentence([]), (2, 2))
