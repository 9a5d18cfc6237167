"""How each decoder hears of the picture, against the equations written out one sentence and one word at a time."""

import pytest
import torch

from watchword.core.errors import SettingsError
from watchword.core.types import Features
from watchword.decoders.picture_bias import PictureBias
from watchword.decoders.stacked import Stacked

V, W = 9, 5
WORDS = torch.tensor([[[1, 4, 7, 4]]])


@pytest.fixture
def features():
    torch.manual_seed(2)
    return Features(torch.randn(1, W), torch.zeros(1, 1, 1), torch.ones(1, 1, dtype=torch.bool))


@pytest.mark.parametrize(("kind", "f"), [("tanh", torch.tanh), ("relu", torch.relu)])
def test_the_multimodal_rnn_of_paper_5(kind, f, features):
    """Equations (13)-(15): the bias is there when t = 1, and only then."""
    torch.manual_seed(1)
    decoder = PictureBias(vocabulary=V, features=W, words=4, width=6, cell=kind, dropout=0.0)
    bv = decoder.picture.weight @ features.whole[0]  # (13)
    h, said = torch.zeros(6), []
    for t, word in enumerate(WORDS[0, 0], 1):
        x = decoder.embedding.weight[word]
        a = decoder.cell.input.weight @ x + decoder.cell.hidden.weight @ h + decoder.cell.input.bias
        h = f(a + (t == 1) * bv)  # (14)
        said.append(decoder.output.weight @ h + decoder.output.bias)  # (15)
    assert torch.allclose(decoder(features, WORDS)[0, 0], torch.stack(said), atol=1e-6)


def test_the_picture_reaches_all_gates_of_an_lstm_once(features):
    """Paper 1, equations (3)-(12)."""
    torch.manual_seed(1)
    decoder = PictureBias(vocabulary=V, features=W, words=4, width=6, cell="lstm", dropout=0.0)
    bv = decoder.picture.weight @ features.whole[0]
    h, c, said = torch.zeros(6), torch.zeros(6), []
    for t, word in enumerate(WORDS[0, 0], 1):
        x = decoder.embedding.weight[word]
        a = decoder.cell.input(x) + decoder.cell.hidden(h) + (t == 1) * bv
        i, f, o, g = a.chunk(4)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        h = o.sigmoid() * c.tanh()
        said.append(decoder.output(h))
    assert torch.allclose(decoder(features, WORDS)[0, 0], torch.stack(said), atol=1e-6)


@pytest.mark.parametrize(("layers", "factored"), [(1, False), (2, False), (2, True), (4, True), (4, False)])
def test_the_stacks_of_lrcn(layers, factored, features):
    """Paper 2, section 5: every LSTM above the other at each step, the picture into the first or the second."""
    torch.manual_seed(1)
    decoder = Stacked(vocabulary=V, features=W, width=6, layers=layers, factored=factored, dropout=0.0)
    state, said = [(torch.zeros(6), torch.zeros(6))] * layers, []
    for word in WORDS[0, 0]:
        x = decoder.embedding.weight[word]
        for layer, cell in enumerate(decoder.cells):
            picture = decoder.picture.weight @ features.whole[0] if layer == (1 if factored else 0) else 0
            i, f, o, g = (cell.input(x) + picture + cell.hidden(state[layer][0])).chunk(4)
            c = f.sigmoid() * state[layer][1] + i.sigmoid() * g.tanh()
            state[layer] = x, _ = o.sigmoid() * c.tanh(), c
        said.append(decoder.output(x))
    assert torch.allclose(decoder(features, WORDS)[0, 0], torch.stack(said), atol=1e-6)


def test_in_a_factored_stack_the_lowest_lstm_sees_no_picture(features):
    decoder = Stacked(vocabulary=V, features=W, width=6, layers=2, factored=True, dropout=0.0)
    memory, state = decoder.start(features)
    _, after = decoder.step(WORDS[:, :, 0], memory, state)
    _, other = decoder.step(WORDS[:, :, 0], {"picture": memory["picture"] + 1}, state)
    assert torch.equal(after["h0"], other["h0"])
    assert not torch.equal(after["h1"], other["h1"])


def test_one_layer_cannot_be_factored():
    with pytest.raises(SettingsError, match=r"layers=1: .* give layers=2 or more, or factored=false"):
        Stacked(vocabulary=V, features=W, width=6, layers=1, factored=True, dropout=0.0)
