"""What every decoder must do, whatever it is made of."""

import pytest
import torch

from watchword.core.types import Features
from watchword.decoders.attending import Attending
from watchword.decoders.picture_first import PictureFirst

V, W, CELLS = 11, 6, 5


def attending(attention):
    return Attending(vocabulary=V, whole=W, cells=CELLS, width=8, attention=attention, heads=2, dropout=0.5, tied=True)


MAKERS = {
    "picture_first": lambda: PictureFirst(vocabulary=V, features=W, width=8, dropout=0.5),
    "additive": lambda: attending("additive"),
    "dot": lambda: attending("dot"),
}


@pytest.fixture(params=MAKERS)
def decoder(request):
    torch.manual_seed(1)
    return MAKERS[request.param]().eval()


@pytest.fixture
def features():
    torch.manual_seed(2)
    return Features(torch.randn(3, W), torch.randn(3, 4, CELLS), torch.ones(3, 4, dtype=torch.bool))


def test_forward_equals_steps_one_by_one(decoder, features):
    words = torch.randint(0, V, (3, 2, 5))
    whole = decoder(features, words).log_softmax(-1)
    memory, state = decoder.start(features)
    state = {name: value.expand(-1, 2, *value.shape[2:]) for name, value in state.items()}
    for t in range(5):
        log_probs, state = decoder.step(words[:, :, t], memory, state)
        assert torch.allclose(whole[:, :, t], log_probs, atol=1e-5)


def test_shapes_are_as_the_joint_says(decoder, features):
    memory, state = decoder.start(features)
    assert all(value.shape[0] == 3 for value in memory.values())
    assert all(value.shape[:2] == (3, 1) for value in state.values())
    log_probs, after = decoder.step(torch.ones(3, 1, dtype=torch.long), memory, state)
    assert log_probs.shape == (3, 1, V)
    assert {n: v.shape for n, v in after.items()} == {n: v.shape for n, v in state.items()}
    assert torch.allclose(log_probs.exp().sum(-1), torch.ones(3, 1))


def test_photos_do_not_leak_into_each_other(decoder, features):
    words = torch.randint(0, V, (3, 2, 4))
    together = decoder(features, words)
    for photo in range(3):
        alone = decoder(Features(*(part[photo : photo + 1] for part in features)), words[photo : photo + 1])
        assert torch.allclose(together[photo], alone[0], atol=1e-5)


def test_the_future_is_not_seen(decoder, features):
    words = torch.randint(0, V, (3, 2, 6))
    other = words.clone()
    other[:, :, 4:] = (other[:, :, 4:] + 1) % V
    before, after = decoder(features, words), decoder(features, other)
    assert torch.equal(before[:, :, :4], after[:, :, :4])
    assert not torch.equal(before[:, :, 4:], after[:, :, 4:])


def test_the_picture_matters(decoder, features):
    words = torch.randint(0, V, (3, 1, 3))
    other = Features(features.whole + 1, features.cells - 1, features.mask)
    assert not torch.allclose(decoder(features, words), decoder(other, words), atol=1e-3)


def test_dropout_is_only_in_training(decoder, features):
    words = torch.randint(0, V, (3, 2, 3))
    assert torch.equal(decoder(features, words), decoder(features, words))
    decoder.train()
    assert not torch.equal(decoder(features, words), decoder(features, words))


@pytest.mark.parametrize("kind", ["additive", "dot"])
def test_attention_is_shown_and_sums_to_one(kind, features):
    decoder = MAKERS[kind]().eval()
    memory, state = decoder.start(features)
    _, after = decoder.step(torch.ones(3, 1, dtype=torch.long), memory, state)
    assert torch.allclose(after["looked"].sum(-1), torch.ones(3, 1))
