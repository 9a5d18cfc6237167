"""Decoders of clips: what the order of frames is to them, and frames that are not real."""

import pytest
import torch
from torch import nn

from tests.decoders.test_decoders import CELLS, MAKERS, V, W
from watchword.core.errors import SettingsError
from watchword.core.types import Features
from watchword.decoders.frame_and_class import classifier_of, key_frame, moments
from watchword.decoders.lstm import LSTMCell
from watchword.decoders.reading import FrameReader, along

READING = ("s2vt", "video", "video dot", "consistent")
ALL = (*READING, "classes", "frame", "frame and classes")


def clip(frames=6):
    torch.manual_seed(2)
    cells = torch.randn(3, frames, CELLS)
    return Features(torch.zeros(3, W), cells, torch.ones(3, frames, dtype=torch.bool))


def shuffled(features):
    return features._replace(cells=features.cells.flip(1))


def logits(kind, features):
    torch.manual_seed(1)
    return MAKERS[kind]().eval()(features, torch.randint(0, V, (3, 2, 4)))


@pytest.mark.parametrize("kind", READING)
def test_the_order_of_frames_is_read(kind):
    assert not torch.allclose(logits(kind, clip()), logits(kind, shuffled(clip())), atol=1e-4)


def test_mean_pooling_does_not_know_the_order():
    """Its recipe shows the mean alone to a stack of LSTMs."""
    before, after = (part._replace(whole=part.cells.mean(1)) for part in (clip(), shuffled(clip())))
    decoder = MAKERS["2u"]().eval()
    decoder.picture = nn.Linear(CELLS, 32, bias=False)
    words = torch.randint(0, V, (3, 2, 4))
    assert torch.allclose(decoder(before, words), decoder(after, words), atol=1e-6)


@pytest.mark.parametrize("kind", ALL)
def test_frames_that_are_not_real_are_not_read(kind):
    """A clip of four frames is the same whether it is alone or filled up with others."""
    short = clip(4)
    noise = torch.randn(3, 3, CELLS)
    filled = Features(
        short.whole, torch.cat((short.cells, noise), 1), torch.cat((short.mask, torch.zeros(3, 3, dtype=bool)), 1)
    )
    assert torch.allclose(logits(kind, filled), logits(kind, short), atol=1e-5)


@pytest.mark.parametrize("kind", ALL)
def test_a_clip_of_one_frame_is_a_clip(kind):
    assert logits(kind, clip(1)).isfinite().all()


def test_an_lstm_along_frames_is_the_cell_step_by_step():
    torch.manual_seed(3)
    cell, frames = LSTMCell(CELLS, 4), clip().cells
    seen, last = along(cell, cell.read(frames), clip().mask)
    h = c = torch.zeros(3, 4)
    for t in range(6):
        h, c = cell(frames[:, t], h, c)
        assert torch.allclose(seen[:, t], h, atol=1e-6)
    assert torch.allclose(last, c, atol=1e-6)


def test_a_stack_reads_what_the_one_below_hands_up():
    torch.manual_seed(3)
    reader, features = FrameReader(CELLS, 4, 2, 0.0).eval(), clip()
    low, high = reader.lstms()
    below, _ = along(low, low.read(features.cells), features.mask)
    above, _ = along(high, high.read(below), features.mask)
    assert torch.allclose(reader(features.cells, features.mask), above)


def test_while_it_speaks_s2vt_is_shown_no_frame_and_while_it_reads_it_hears_no_word():
    """By hand, from the definition: one pass over frames and words, with zeros in place of what is not there."""
    torch.manual_seed(1)
    decoder, features, words = MAKERS["s2vt"]().eval(), clip(), torch.randint(0, V, (3, 1, 4))
    zero, frames, vectors = torch.zeros(3, 7), decoder.frame(features.cells), decoder.embedding(words[:, 0])
    h = c = told = kept = torch.zeros(3, 8)
    said = []
    for t in range(6 + 4):
        h, c = decoder.watching(frames[:, t] if t < 6 else zero, h, c)
        read = decoder.telling.read(vectors[:, t - 6] if t >= 6 else zero) + decoder.heard(h)
        told, kept = decoder.telling.advance(read, told, kept)
        if t >= 6:
            said.append(decoder.output(told))
    assert torch.allclose(decoder(features, words)[:, 0], torch.stack(said, 1), atol=1e-5)


def test_the_key_frame_is_the_middle_one_of_those_that_are_real():
    numbered = torch.arange(5.0)[None, :, None]
    for real, middle in ((1, 0), (2, 0), (3, 1), (4, 1), (5, 2)):
        mask = torch.arange(5)[None] < real
        assert key_frame(numbered, mask).item() == middle


def test_moments_are_mean_deviation_and_change():
    cells = torch.tensor([[[0.0], [2.0], [1.0], [9.0]]])
    mask = torch.tensor([[True, True, True, False]])
    mean, deviation, change = (part.item() for part in moments(cells, mask))
    assert (mean, change) == (1.0, 1.5)
    assert deviation == pytest.approx((2 / 3) ** 0.5, rel=1e-4)


def test_sentences_lie_apart_from_a_clip_by_their_words():
    torch.manual_seed(1)
    decoder, features = MAKERS["consistent"]().eval(), clip()
    words, mask = torch.tensor([[[4, 5, 0], [5, 4, 7], [6, 0, 0]]] * 3), torch.tensor([[1, 1, 0], [1, 1, 0], [1, 0, 0]])
    apart = decoder.apart(features, words, mask.bool().expand(3, 3, 3))
    assert apart.shape == (3, 3)
    assert torch.allclose(apart[:, 0], apart[:, 1])  # the order of words and what is not real do not count
    assert not torch.allclose(apart[:, 0], apart[:, 2])
    place = nn.functional.normalize(decoder.placed(features), dim=-1)
    word = nn.functional.normalize(decoder.embedding.weight[6], dim=-1)
    assert torch.allclose(apart[:, 2], (place - word).square().sum(-1), atol=1e-6)


class Told(nn.Module):
    """An encoder with a classifier and something else that learns."""

    def __init__(self):
        super().__init__()
        self.last, self.other = nn.Linear(CELLS, 3), nn.Linear(2, 2)

    def classify(self, features):
        return self.last(features.whole).softmax(-1)


def test_an_encoder_s_classifier_learns_no_more():
    encoder = Told()
    classify, classes = classifier_of(encoder, CELLS)
    assert classes == 3
    assert classify(Features(torch.zeros(2, CELLS), None, None)).shape == (2, 3)
    assert [weight.requires_grad for weight in encoder.parameters()] == [False, False, True, True]


@pytest.mark.parametrize("width", [CELLS + 1, None])
def test_an_encoder_without_classes_of_a_frame_is_refused(width):
    encoder = Told()
    if width is None:
        encoder.classify = lambda features: (_ for _ in ()).throw(NotImplementedError)
    with pytest.raises(SettingsError, match=r"tells no classes of a single frame.*first=frame, or an encoder with"):
        classifier_of(encoder, width or CELLS)
