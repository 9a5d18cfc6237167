"""An RGB and a flow model that describe clips together: each sees its own frames."""

import numpy as np
import pytest
import torch

from watchword.core.errors import BundleError
from watchword.data.vocabulary import Vocabulary
from watchword.recipes import recipes
from watchword.runtime.captioner import Captioner
from watchword.runtime.together import Together
from watchword.training.export import export_bundle

pytest.importorskip("cv2")

WORDS = [text.split() for text in ("a dog runs", "a ball rolls left", "two dogs")]


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """Make a bundle of a tiny mean-pooled model whose encoder is shown clips as `encoder` says."""
    vocabulary = Vocabulary.build(WORDS, minimum=1)

    def made(encoder):
        torch.manual_seed(1)
        recipe = recipes["mean_pooling"]
        built = recipe.build(recipe.settings(**{**recipe.tiny, "encoder": encoder}), vocabulary)
        torch.nn.init.normal_(built.decoder.picture.weight, std=3)  # what is seen is to matter without training
        folder = tmp_path_factory.mktemp("bundle") / "model"
        description = {"recipe": "mean_pooling", "settings": {}, "scores": {}, "search": {"beam": 2}}
        export_bundle(built, vocabulary, folder, description=description, card="# Made", half=False)
        return Captioner.load(folder, threads=1)

    return made


@pytest.fixture
def clips():
    random = np.random.default_rng(0)
    return [random.integers(0, 256, (frames, 40, 40, 3), dtype=np.uint8) for frames in (3, 8, 1)]


def test_each_sees_what_it_sees_alone(model, clips):
    rgb, flow = model("frames:of=plain_cnn,count=3"), model("frames:of=plain_cnn,count=2,stream=flow")
    both = Together([rgb, flow])
    ((rows,), (mine,), (theirs,)) = (list(one.decoded(clips, 8)) for one in (both, rgb, flow))
    pixels = np.stack([picture for _, picture in rows])
    assert pixels.shape == (3, 5, 32, 32, 3)
    np.testing.assert_array_equal(pixels[:, :3], np.stack([picture for _, picture in mine]))
    np.testing.assert_array_equal(pixels[:, 3:], np.stack([picture for _, picture in theirs]))
    np.testing.assert_array_equal(both.encode(pixels)[0].cells, rgb.encode(pixels[:, :3])[0].cells)


def test_the_weights_lead_from_one_to_the_other(model, clips):
    rgb, flow = model("frames:of=plain_cnn,count=3"), model("frames:of=plain_cnn,count=2,stream=flow")
    for weights, alone in (([1, 0], rgb), ([0, 1], flow)):
        said, wanted = Together([rgb, flow], weights=weights).describe(clips), alone.describe(clips)
        assert [one.words for one in said] == [one.words for one in wanted]
        np.testing.assert_allclose([one.log_prob for one in said], [one.log_prob for one in wanted], rtol=1e-4)


def test_a_model_of_photos_and_one_of_clips_are_refused(model):
    with pytest.raises(BundleError, match="one of them is shown frames of clips, the other single photos"):
        Together([model("frames:of=plain_cnn,count=3"), model("plain_cnn")])
