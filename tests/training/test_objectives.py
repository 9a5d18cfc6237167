import numpy as np
import pytest
import torch
from torch import nn

from watchword.core.errors import SettingsError
from watchword.core.types import Features
from watchword.decoders.picture_first import PictureFirst
from watchword.generation.constraints import Rules
from watchword.generation.greedy import greedy_search
from watchword.training.objectives import CrossEntropy, SelfCritical, drawn_from
from watchword.training.stepper import TorchStepper

START, END, V = 1, 2, 7


class Table(nn.Module):
    """A decoder whose next word depends on the last word alone, and on the first number of the picture."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.table = nn.Parameter(torch.randn(V, V))

    def start(self, features):
        return {}, {"picture": features.whole[:, None]}

    def step(self, words, memory, state):
        return (self.table[words] + state["picture"]).log_softmax(-1), state

    def forward(self, features, words):
        return self.table[words] + features.whole[:, None, None]


class Rows:
    rows = np.array([4, 9, 2])


@pytest.fixture
def features():
    return Features(torch.zeros(3, V), torch.zeros(3, 1, 1), torch.ones(3, 1, dtype=torch.bool))


def objective(reward, draws=4, max_words=5, baseline="others", never=(0, START, 3)):
    return SelfCritical(reward, draws=draws, baseline=baseline, start=START, end=END, never=never, max_words=max_words)


def test_drawn_words_are_those_allowed(features):
    drawn = objective(None, draws=200).draw(Table(), features)
    said = drawn[(drawn == END).cumsum(-1) == 0]
    assert set(said.tolist()) == {4, 5, 6}
    assert drawn.shape[:2] == (3, 200)
    assert drawn.shape[2] <= 6


def test_drawn_words_are_as_frequent_as_the_model_says(features):
    decoder = Table()
    first = objective(None, draws=4000).draw(decoder, features)[..., 0].flatten()
    chances = decoder.table[START].softmax(-1).detach()
    chances[[0, START, 3]] = 0
    chances /= chances.sum()
    assert torch.allclose(torch.bincount(first, minlength=V) / len(first), chances, atol=0.02)


def test_the_reward_sees_places_and_sentences_up_to_the_end(features):
    seen = []

    def reward(rows, sentences):
        seen.append((rows.tolist(), sentences))
        return np.zeros((3, 4))

    objective(reward)(Table(), features, Rows)
    rows, sentences = seen[0]
    assert rows == [4, 9, 2]
    assert [len(photo) for photo in sentences] == [4, 4, 4]
    assert all(END not in sentence and len(sentence) <= 6 for photo in sentences for sentence in photo)


@pytest.mark.parametrize("baseline", ["others", "greedy"])
def test_equal_rewards_teach_nothing(features, baseline):
    decoder = Table()
    alike = objective(lambda rows, photos: np.full((3, len(photos[0])), 2.5), baseline=baseline)
    loss, count = alike(decoder, features, Rows)
    loss.backward()
    assert decoder.table.grad.abs().max() == 0
    assert count == 12


@pytest.mark.parametrize("baseline", ["others", "greedy"])
def test_the_gradient_is_that_of_reinforce(features, baseline):
    """Against a sentence at a time: minus advantage times the log-probability, the end counted, nothing after it."""
    decoder, drawn = Table(), []
    rewards = np.random.default_rng(0).random((3, 5 if baseline == "greedy" else 4))

    def reward(rows, sentences):
        drawn.extend(sentence for photo in sentences for sentence in photo[:4])
        return rewards

    loss, count = objective(reward, max_words=30, baseline=baseline)(decoder, features, Rows)
    assert count == len(drawn) == 12
    total = torch.tensor(0.0)
    for place, sentence in enumerate(drawn):
        photo, k = divmod(place, 4)
        others = np.delete(rewards[photo, :4], k).mean()
        advantage = rewards[photo, k] - (rewards[photo, 4] if baseline == "greedy" else others)
        before = [START, *sentence]
        for word, following in zip(before, [*sentence, END], strict=True):
            total = total - advantage * decoder.table[word].log_softmax(-1)[following]
    assert loss.item() == pytest.approx(total.item() / 12, abs=1e-5)
    ours, naive = (torch.autograd.grad(value, decoder.table, retain_graph=True)[0] for value in (loss, total / 12))
    assert torch.allclose(ours, naive, atol=1e-5)


def test_what_is_rewarded_is_said_more(features):
    decoder = Table()
    wanted = objective(lambda rows, photos: np.array([[float(5 in s) for s in photo] for photo in photos]), draws=8)
    optimizer = torch.optim.Adam(decoder.parameters(), lr=0.1)

    def share():
        drawn = wanted.draw(decoder, features._replace(whole=torch.zeros(300, V)))
        return float(((drawn == 5) & ((drawn == END).cumsum(-1) == 0)).any(-1).float().mean())

    before = share()
    for _ in range(40):
        loss, _ = wanted(decoder, features, Rows)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert share() > before + 0.2


def test_one_draw_has_nothing_to_be_compared_with_but_the_greedy_sentence(features):
    with pytest.raises(SettingsError, match=r"draws=1: 2 or more, .* 1 is enough with baseline=greedy"):
        objective(None, draws=1)
    with pytest.raises(SettingsError, match="draws=0"):
        objective(None, draws=0, baseline="greedy")
    alone = objective(lambda rows, photos: np.eye(3)[:, :2], draws=1, baseline="greedy")
    loss, count = alone(Table(), features, Rows)
    assert count == 3
    assert loss.isfinite()


def test_the_greedy_sentence_is_the_last_and_that_of_greedy_search():
    torch.manual_seed(2)
    decoder = PictureFirst(vocabulary=V, features=V, width=8, dropout=0.0)
    with torch.no_grad():
        decoder.output.weight.mul_(6.0)
    pictures = Features(4 * torch.randn(20, V), torch.zeros(20, 1, 1), torch.ones(20, 1, dtype=torch.bool))
    rewarded = objective(None, draws=2, max_words=4, baseline="greedy")
    said = [rewarded.cut(photo[-1]) for photo in rewarded.draw(decoder, pictures).tolist()]
    rules = Rules(START, END, (0, START, 3), max_words=4)
    found = greedy_search(TorchStepper(decoder), Features(*(part.numpy() for part in pictures)), rules)
    assert [tuple(words[:4]) for words in said] == [tuple(photo[0].words) for photo in found]
    assert len(set(map(tuple, said))) > 5
    assert {len(words) > 4 for words in said} == {True, False}  # some reach the longest length, some end before


@pytest.mark.parametrize(("baseline", "draws"), [("others", 20_000), ("greedy", 20_000), ("greedy", 1)])
def test_the_expected_gradient_is_that_of_the_expected_reward(baseline, draws):
    """Against every sentence there is: of two words or fewer, the end among them."""
    decoder = Table()

    def worth(sentence):
        return len(sentence) + 2.0 * (5 in sentence) - 0.3 * sum(sentence)

    photos = 20_000 // draws
    pictures = Features(torch.zeros(photos, V), torch.zeros(photos, 1, 1), torch.ones(photos, 1, dtype=torch.bool))
    rewarded = objective(
        lambda rows, drawn: np.array([[worth(one) for one in photo] for photo in drawn]),
        draws=draws,
        max_words=1,
        baseline=baseline,
        never=(),
    )
    log_probs = decoder.table.log_softmax(-1)
    expected = log_probs[START, END].exp() * worth([])
    for first in set(range(V)) - {END}:
        for second in range(V):
            said = [first] if second == END else [first, second]
            expected = expected + (log_probs[START, first] + log_probs[first, second]).exp() * worth(said)
    wanted = torch.autograd.grad(-expected, decoder.table)[0]
    loss, _ = rewarded(decoder, pictures, Rows)
    ours = torch.autograd.grad(loss, decoder.table)[0]
    assert wanted.abs().max() > 0.2
    assert torch.allclose(ours, wanted, atol=0.03)


def test_half_precision_has_the_same_gradient(features):
    """The draws are made without a gradient, in the same autocast, whose copies of the weights must not be reused."""
    decoder = PictureFirst(vocabulary=V, features=V, width=8, dropout=0.0)
    rewarded = objective(lambda rows, sentences: np.random.default_rng(0).random((3, 4)))
    gradients = []
    for enabled in (False, True):
        torch.manual_seed(0)
        with torch.autocast("cpu", torch.bfloat16, enabled=enabled):
            loss, _ = rewarded(decoder, features, Rows)
        gradients.append(torch.autograd.grad(loss, [*decoder.parameters()], allow_unused=True))
    for whole, half in zip(*gradients, strict=True):
        assert torch.allclose(whole, half.float(), atol=0.02)


def test_cross_entropy_counts_sentences(features):
    class Given:
        words = np.array([[[1, 4], [1, 0]]] * 3)
        targets = np.array([[[4, 2], [0, 0]]] * 3)
        mask = np.array([[[True, True], [False, False]]] * 3)
        weights = np.ones(3, np.float32)

    decoder = Table()
    loss, count = CrossEntropy(0.0)(decoder, features, Given)
    log_probs = decoder.table.log_softmax(-1)
    assert loss.item() == pytest.approx(-(log_probs[1, 4] + log_probs[4, 2]).item(), abs=1e-5)
    assert count == 3


def test_words_are_drawn_as_often_as_they_are_likely() -> None:
    torch.manual_seed(0)
    chances = torch.tensor([0.0, 0.2, 0.0, 0.5, 0.1, 0.0]).expand(200, 100, -1)  # sums up to 0.8
    words = drawn_from(chances)
    assert (words.shape, words.dtype) == ((200, 100), torch.int64)
    shares = words.flatten().bincount(minlength=6) / words.numel()
    assert shares.tolist() == pytest.approx([0, 0.25, 0, 0.625, 0.125, 0], abs=0.015)
    assert not shares[[0, 2, 5]].any()  # what is impossible is never drawn
