import pytest
import torch

from watchword.alignment.bidirectional import BidirectionalWords
from watchword.alignment.gated import GatedWords
from watchword.alignment.lstm import LSTMWords

READERS = {"bidirectional": BidirectionalWords, "gated": GatedWords, "lstm": LSTMWords}
SENTENCES = [[5, 3, 8, 1, 3], [7], [2, 2, 9], [4, 6, 1, 8, 5, 2, 3]]


def padded(sentences, length=8):
    words, mask = torch.zeros(len(sentences), length, dtype=torch.int64), torch.zeros(len(sentences), length).bool()
    for row, sentence in enumerate(sentences):
        words[row, : len(sentence)] = torch.tensor(sentence)
        mask[row, : len(sentence)] = True
    return words, mask


@pytest.fixture(params=READERS)
def reader(request):
    torch.manual_seed(0)
    made = READERS[request.param](vocabulary=10, width=7, hidden=6, word_width=4).double()
    with torch.no_grad():  # biases, which may begin at 0, have to be in the right places too
        for parameter in made.parameters():
            parameter.add_(torch.randn_like(parameter) / 4)
    return made


def naive_bidirectional(reader, sentence):
    """Equations (2)-(6), one word of one sentence at a time: the vectors, and the projected last states."""
    f = torch.relu
    e = [f(reader.enter.weight @ reader.embedding.weight[word] + reader.enter.bias) for word in sentence]
    ahead, h = [], torch.zeros(6).double()
    for t in range(len(sentence)):
        h = f(e[t] + reader.ahead.weight @ h + reader.ahead.bias)
        ahead.append(h)
    back, h = [None] * len(sentence), torch.zeros(6).double()
    for t in reversed(range(len(sentence))):
        h = f(e[t] + reader.back.weight @ h + reader.back.bias)
        back[t] = h
    s = [f(reader.leave.weight @ (a + b) + reader.leave.bias) for a, b in zip(ahead, back, strict=True)]
    return torch.stack(s), reader.leave.weight @ (ahead[-1] + back[0]) + reader.leave.bias


def gru_step(gru, x, h):
    """Cho et al. 2014, with the reset gate after the product, as PyTorch and ONNX have it."""
    (xr, xz, xn), (hr, hz, hn) = (
        torch.chunk(weight @ given + bias, 3)
        for weight, given, bias in (
            (gru.weight_ih_l0, x, gru.bias_ih_l0),
            (gru.weight_hh_l0, h, gru.bias_hh_l0),
        )
    )
    reset, update = torch.sigmoid(xr + hr), torch.sigmoid(xz + hz)
    return (1 - update) * torch.tanh(xn + reset * hn) + update * h


def naive_gated(reader, sentence):
    x = [reader.embedding.weight[word] for word in sentence]
    ahead, h = [], torch.zeros(6).double()
    for now in x:
        h = gru_step(reader.ahead, now, h)
        ahead.append(h)
    back, h = [], torch.zeros(6).double()
    for now in reversed(x):
        h = gru_step(reader.back, now, h)
        back.insert(0, h)
    s = [reader.leave(torch.cat([a, b])) for a, b in zip(ahead, back, strict=True)]
    return torch.stack(s), reader.leave(torch.cat([ahead[-1], back[0]]))


def naive_lstm(reader, sentence):
    """Hochreiter and Schmidhuber 1997, with forget gates."""
    lstm, h, c, vectors = reader.ahead, torch.zeros(6).double(), torch.zeros(6).double(), []
    for word in sentence:
        x = reader.embedding.weight[word]
        given = lstm.weight_ih_l0 @ x + lstm.bias_ih_l0 + lstm.weight_hh_l0 @ h + lstm.bias_hh_l0
        enter, forget, new, leave = torch.chunk(given, 4)
        c = torch.sigmoid(forget) * c + torch.sigmoid(enter) * torch.tanh(new)
        h = torch.sigmoid(leave) * torch.tanh(c)
        vectors.append(reader.leave(h))
    return torch.stack(vectors), vectors[-1]


NAIVE = {BidirectionalWords: naive_bidirectional, GatedWords: naive_gated, LSTMWords: naive_lstm}


def test_equals_a_word_at_a_time_of_each_sentence_alone(reader):
    words, mask = padded(SENTENCES)
    vectors, wholes = reader(words, mask), reader.whole(words, mask)
    assert vectors.shape == (4, 8, 7)
    assert wholes.shape == (4, 7)
    seen = 0
    for row, sentence in enumerate(SENTENCES):
        expected, whole = NAIVE[type(reader)](reader, sentence)
        assert torch.allclose(vectors[row, : len(sentence)], expected, atol=1e-12)
        assert torch.allclose(wholes[row], whole, atol=1e-12)
        seen += len(sentence)
    assert seen == 16
    assert int((vectors.abs().sum(-1) > 0).sum()) >= 12  # what is compared is not all zero


def test_padding_changes_nothing_and_has_no_vector(reader):
    words, mask = padded(SENTENCES)
    other = torch.where(mask, words, torch.randint(0, 10, words.shape))
    assert (other != words).any()
    wide, wide_mask = padded(SENTENCES, 13)
    expected = reader(words, mask)
    assert torch.equal(reader(other, mask), expected)
    assert torch.equal(reader.whole(other, mask), reader.whole(words, mask))
    assert torch.allclose(reader(wide, wide_mask)[:, :8], expected, atol=1e-12)
    assert expected[~mask].abs().max() == 0
    assert len(expected[~mask]) == 16


def test_padding_has_no_gradient(reader):
    words, mask = padded(SENTENCES)  # word 0 is nothing but padding
    (reader(words, mask).sum() + reader.whole(words, mask).sum()).backward()
    moved = reader.embedding.weight.grad.abs().sum(1) > 0
    assert not moved[0]
    assert moved[1:].sum() >= 7  # a ReLU may be shut for one


def test_a_sentence_without_words_is_zero_and_harms_no_other(reader):
    words, mask = padded([*SENTENCES, []])
    vectors, wholes = reader(words, mask), reader.whole(words, mask)
    assert vectors[4].abs().max() == wholes[4].abs().max() == 0
    assert torch.allclose(vectors[:4], reader(*padded(SENTENCES)), atol=1e-12)
    wholes.sum().backward()
    assert all(parameter.grad.isfinite().all() for parameter in reader.parameters())


@pytest.mark.parametrize("way", ["words", "whole"])
def test_every_word_hears_of_every_other(reader, way):
    """From the left and from the right: changing the first or the last word changes all vectors.

    What an LSTM says of a word knows nothing of the words after it.
    """
    base = [4, 6, 1, 8]
    words, mask = padded([base, [9, *base[1:]], [*base[:-1], 9]], 4)
    read = reader.whole(words, mask) if way == "whole" else reader.project(*reader.states(words, mask))
    first, last = ((read[row] - read[0]).abs().amax(-1) > 1e-9 for row in (1, 2))
    assert first.all()
    if way == "words" and isinstance(reader, LSTMWords):
        assert last.tolist() == [False, False, False, True]
    else:
        assert last.all()


def test_gradients_are_right(reader):
    words, mask = padded(SENTENCES)
    weights = tuple(reader.parameters())
    assert len(weights) >= 7
    assert torch.autograd.gradcheck(lambda *_: reader(words, mask), weights, fast_mode=True)


def test_width_of_word_vectors_is_the_papers_unless_said(reader):
    made = type(reader)(vocabulary=10, width=7, hidden=6)
    assert made.embedding.weight.shape == (10, 300)


def test_dropout_in_training_alone_and_never_in_the_recurrence(reader):
    reader.dropout.p = 0.5
    words, mask = padded(SENTENCES)
    reader.train()
    assert not torch.equal(reader(words, mask), reader(words, mask))
    seen = []
    reader.dropout.register_forward_hook(lambda module, given, result: seen.append(given[0].shape))
    reader(words, mask)
    assert len(seen) == 2
    assert {shape[1] for shape in seen} == {8}  # whole sentences at a time: before the recurrence, and after
    reader.eval()
    assert torch.equal(reader(words, mask), reader(words, mask))


def test_parameters_by_hand(reader):
    expected = {
        BidirectionalWords: 10 * 4 + (4 * 6 + 6) + 2 * (6 * 6 + 6) + (6 * 7 + 7),
        GatedWords: 10 * 4 + 2 * 3 * (4 * 6 + 6 * 6 + 6 + 6) + (12 * 7 + 7),
        LSTMWords: 10 * 4 + 4 * (4 * 6 + 6 * 6 + 6 + 6) + (6 * 7 + 7),
    }
    assert sum(parameter.numel() for parameter in reader.parameters()) == expected[type(reader)]
