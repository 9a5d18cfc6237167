"""What every decoder must do, whatever it is made of."""

import pytest
import torch

from watchword.core.types import Features
from watchword.decoders.attending import Attending
from watchword.decoders.attention_on_attention import AttentionOnAttention
from watchword.decoders.attentive_video import AttentiveVideo, HardAttentiveVideo
from watchword.decoders.consistent_attending import ConsistentAttending
from watchword.decoders.frame_and_class import FrameAndClass
from watchword.decoders.hard_attending import HardAttending
from watchword.decoders.picture_bias import PictureBias
from watchword.decoders.picture_first import PictureFirst
from watchword.decoders.s2vt import S2VT
from watchword.decoders.stacked import Stacked
from watchword.decoders.top_down import TopDown
from watchword.decoders.tuples import ReadsTuples, SeesTuples

V, W, CELLS = 11, 6, 5


def attending(attention, kind=Attending):
    return kind(vocabulary=V, whole=W, cells=CELLS, width=8, attention=attention, heads=2, dropout=0.5, tied=True)


def picture_bias(cell, **others):
    return PictureBias(vocabulary=V, features=W, words=7, width=8, cell=cell, dropout=0.5, **others)


def sees_tuples(features, maxima):
    return SeesTuples(maxima=maxima, vocabulary=V, features=features, width=8, layers=2, factored=False, dropout=0.5)


def stacked(layers, factored):
    return Stacked(vocabulary=V, features=W, width=8, layers=layers, factored=factored, dropout=0.5)


def video(kind, attention="additive", **others):
    return kind(vocabulary=V, cells=CELLS, width=8, attention=attention, heads=2, dropout=0.5, tied=True, **others)


def on_attention(layers):
    return AttentionOnAttention(
        vocabulary=V, whole=W, cells=CELLS, width=8, heads=2, layers=layers, dropout=0.5, tied=True
    )


def frame_and_class(first, clip_features, layers=1):
    return FrameAndClass(
        vocabulary=V,
        cells=CELLS,
        classes=None if first == "frame" else (lambda features: features.whole.softmax(-1), CELLS),
        first=first,
        clip_features=clip_features,
        width=8,
        layers=layers,
        dropout=0.5,
    )


MAKERS = {
    "picture_first": lambda: PictureFirst(vocabulary=V, features=W, width=8, dropout=0.5),
    "additive": lambda: attending("additive"),
    "dot": lambda: attending("dot"),
    "hard": lambda: attending("additive", HardAttending),
    "hard dot": lambda: attending("dot", HardAttending),
    "top_down": lambda: attending("dot", TopDown),
    "top_down additive": lambda: attending("additive", TopDown),
    "attention on attention": lambda: on_attention(0),
    "attention on attention, refined": lambda: on_attention(2),
    "bias lstm": lambda: picture_bias("lstm"),
    "bias tanh": lambda: picture_bias("tanh"),
    "bias relu": lambda: picture_bias("relu"),
    "bias rectified": lambda: picture_bias("relu", rectified=True),
    "1u": lambda: stacked(1, False),
    "2u": lambda: stacked(2, False),
    "2f": lambda: stacked(2, True),
    "4u": lambda: stacked(4, False),
    "4f": lambda: stacked(4, True),
    "tuples a": lambda: ReadsTuples(vocabulary=V, cells=CELLS, width=8, layers=2, dropout=0.5),
    "tuples b": lambda: sees_tuples(CELLS, maxima=True),
    "tuples c": lambda: sees_tuples(W, maxima=False),
    "s2vt": lambda: S2VT(vocabulary=V, cells=CELLS, width=8, words=7, dropout=0.5),
    "video": lambda: video(AttentiveVideo, layers=2),
    "video dot": lambda: video(AttentiveVideo, "dot", layers=1),
    "hard video": lambda: video(HardAttentiveVideo, layers=2),
    "consistent": lambda: video(ConsistentAttending),
    "classes": lambda: frame_and_class("classes", "moments"),
    "frame": lambda: frame_and_class("frame", "mean", layers=2),
    "frame and classes": lambda: frame_and_class("both", "moments"),
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


def attention(cells, query, width):
    """A key with its bias for a cell, a query, and a score."""
    return (cells + 1) * width + query * width + width


# By hand, of width 8, words 7 or 8, V 11, W 6, cells 5.
LSTM, WORDS, OUT = 4 * 8 * (8 + 8 + 1), 11 * 8, 8 * 11 + 11
ATTENDING = attention(5, 8, 8) + (5 + 1) * 8 + (6 + 1) * 16 + (8 + 1) * 8 + WORDS + LSTM + 32 * 8 + (16 + 1) * 8 + 11
RELEVANT = (16 + 1) * 16
ASKING = (attention(8, 8, 8) - 8) + (8 + 1) * 8 + RELEVANT
ON_ATTENTION = (5 + 1) * 8 + ASKING + (6 + 1) * 16 + 6 * 32 + WORDS + LSTM + 32 * 8 + 11
READER = 4 * 8 * (5 + 8 + 1)


def attending_video(cells):
    """As `ATTENDING`, of cells so wide, and begun from a vector of 8."""
    return ATTENDING + (cells - 5) * 2 * 8 + (8 - 6) * 16


COUNTED = {
    "picture_first": (6 + 1) * 8 + WORDS + LSTM + OUT,
    "additive": ATTENDING,
    "dot": ATTENDING - 8,  # a bias moves from key to query, and no score is needed
    "hard": ATTENDING,
    "hard dot": ATTENDING - 8,
    "top_down": ATTENDING - 8 + 6 * 32 + LSTM + 32 * 8,
    "top_down additive": ATTENDING + 6 * 32 + LSTM + 32 * 8,
    "attention on attention": ON_ATTENTION,
    "attention on attention, refined": ON_ATTENTION + 2 * (ASKING + 16),
    "bias lstm": 11 * 7 + 4 * 8 * (7 + 8 + 1) + 6 * 32 + OUT,
    "bias tanh": 11 * 7 + 8 * (7 + 8 + 1) + 6 * 8 + OUT,
    "bias relu": 11 * 7 + 8 * (7 + 8 + 1) + 6 * 8 + OUT,
    "bias rectified": 11 * 7 + 8 * (7 + 8 + 1) + 6 * 8 + OUT,
    "1u": WORDS + 6 * 32 + LSTM + OUT,
    "2u": WORDS + 6 * 32 + 2 * LSTM + OUT,
    "2f": WORDS + 6 * 32 + 2 * LSTM + OUT,
    "4u": WORDS + 6 * 32 + 4 * LSTM + OUT,
    "4f": WORDS + 6 * 32 + 4 * LSTM + OUT,
    "tuples a": (5 + 1) * 8 + WORDS + 2 * LSTM + OUT,
    "tuples b": WORDS + 5 * 32 + 2 * LSTM + OUT,
    "tuples c": WORDS + 6 * 32 + 2 * LSTM + OUT,
    "s2vt": (5 + 1) * 7 + 11 * 7 + 2 * 4 * 8 * (7 + 8 + 1) + 8 * 32 + OUT,
    "video": attending_video(5 + 8) + READER + LSTM,
    "video dot": attending_video(5 + 8) - 8 + READER,
    "hard video": attending_video(5 + 8) + READER + LSTM,
    "consistent": attending_video(5) + READER + (8 + 1) * 8,
    "classes": WORDS + 15 * 32 + (5 + 1) * 8 + LSTM + OUT,
    "frame": WORDS + 5 * 32 + (5 + 1) * 8 + 2 * LSTM + OUT,
    "frame and classes": WORDS + 15 * 32 + 2 * (5 + 1) * 8 + LSTM + OUT,
}


@pytest.mark.parametrize("kind", MAKERS)
def test_parameters_are_as_many_as_counted_by_hand(kind):
    assert sum(p.numel() for p in MAKERS[kind]().parameters()) == COUNTED[kind]


# The hard ones have no derivative where another cell becomes the likeliest; tests/training/test_choosing.py asks them.
@pytest.mark.parametrize("kind", [kind for kind in MAKERS if not kind.startswith("hard")])
def test_gradients_are_those_of_small_steps(kind, features):
    """Of a sum of logits, along one direction through all parameters at once, by central differences."""
    torch.manual_seed(3)
    decoder = MAKERS[kind]().double().eval()
    seen = Features(features.whole.double(), features.cells.double(), features.mask)
    words, weights = torch.randint(0, V, (3, 2, 4)), torch.randn(3, 2, 4, V, dtype=torch.float64)
    parameters = list(decoder.parameters())
    directions = [torch.randn_like(p) for p in parameters]
    (decoder(seen, words).log_softmax(-1) * weights).sum().backward()
    expected = sum((p.grad * d).sum() for p, d in zip(parameters, directions, strict=True))

    @torch.no_grad()
    def moved(distance):
        for p, d in zip(parameters, directions, strict=True):
            p.add_(distance * d)
        value = (decoder(seen, words).log_softmax(-1) * weights).sum()
        for p, d in zip(parameters, directions, strict=True):
            p.sub_(distance * d)
        return value

    assert expected.item() == pytest.approx(((moved(1e-6) - moved(-1e-6)) / 2e-6).item(), rel=1e-5)


@pytest.mark.parametrize(
    "kind",
    [
        "additive",
        "dot",
        "hard",
        "hard dot",
        "top_down",
        "attention on attention, refined",
        "video",
        "hard video",
        "consistent",
    ],
)
def test_attention_is_shown_and_sums_to_one(kind, features):
    decoder = MAKERS[kind]().eval()
    memory, state = decoder.start(features)
    _, after = decoder.step(torch.ones(3, 1, dtype=torch.long), memory, state)
    assert torch.allclose(after["looked"].sum(-1), torch.ones(3, 1))
