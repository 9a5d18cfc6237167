import math

import pytest
import torch

from watchword.alignment.losses import Contrastive, Ranking, hardest_loss, ranking_loss

OWNERS = {
    "pairs": torch.arange(5),
    "several a photo": torch.tensor([2, 0, 0, 4, 2, 2, 1, 0]),  # photo 3 has none
    "one photo": torch.tensor([3, 3, 3]),
}


def given(owner, seed=0):
    torch.manual_seed(seed)
    return torch.randn(5, len(owner)).double()


def costs(scores, owner, margin):
    """What each sentence's pair pays for each sentence of another photo, and for each other photo."""
    for s, k in enumerate(owner.tolist()):
        own = scores[k, s]
        sentences = [max(0.0, float(scores[k, j] - own + margin)) for j in range(len(owner)) if owner[j] != k]
        yield sentences, [max(0.0, float(scores[b, s] - own + margin)) for b in range(len(scores)) if b != k]


@pytest.mark.parametrize("margin", [1.0, 0.2])
@pytest.mark.parametrize("which", OWNERS)
def test_ranking_equals_a_pair_at_a_time(which, margin):
    owner = OWNERS[which]
    scores = given(owner)
    paid = list(costs(scores, owner, margin))
    assert len(paid) == len(owner)
    expected = sum(sum(sentences) + sum(photos) for sentences, photos in paid)
    assert ranking_loss(scores, owner, margin=margin).item() == pytest.approx(expected)
    assert expected > 0


@pytest.mark.parametrize("margin", [1.0, 0.2])
@pytest.mark.parametrize("which", OWNERS)
def test_hardest_equals_a_pair_at_a_time(which, margin):
    owner = OWNERS[which]
    scores = given(owner)
    expected = sum(max(s, default=0.0) + max(p, default=0.0) for s, p in costs(scores, owner, margin))
    assert hardest_loss(scores, owner, margin=margin).item() == pytest.approx(expected)


def test_at_first_all_wrong_pairs_count():
    owner = torch.tensor([0, 0, 1, 2])
    scores, ranking = given(owner), Ranking(margin=0.5, hardest=True, easy=2)
    early, late = (loss(scores, owner, margin=0.5).item() / len(owner) for loss in (ranking_loss, hardest_loss))
    assert early != pytest.approx(late)
    assert ranking.eval()(scores, owner).item() == pytest.approx(early)  # to look at it is no step
    found = [ranking.train()(scores, owner).item() for _ in range(3)]
    assert found == pytest.approx([early, early, late])
    again = Ranking(margin=0.5, hardest=True, easy=2)
    again.load_state_dict(ranking.state_dict())
    assert again(scores, owner).item() == pytest.approx(late)


@pytest.mark.parametrize("hardest", [False, True])
def test_in_training_it_is_of_a_sentence(hardest):
    owner = OWNERS["several a photo"]
    scores, loss = given(owner), hardest_loss if hardest else ranking_loss
    found = Ranking(margin=0.5, hardest=hardest)(scores, owner)
    assert found.item() == pytest.approx(loss(scores, owner, margin=0.5).item() / 8)


def test_pairs_are_equation_9_but_for_each_pair_with_itself():
    scores = given(OWNERS["pairs"])
    literal = 0.0
    for k in range(5):
        literal += sum(max(0.0, float(scores[k, j] - scores[k, k] + 1)) for j in range(5))
        literal += sum(max(0.0, float(scores[j, k] - scores[k, k] + 1)) for j in range(5))
    assert ranking_loss(scores, OWNERS["pairs"]).item() == pytest.approx(literal - 2 * 5)


def naive_contrastive(scores, owner, temperature):
    logits, total = scores / temperature, 0.0
    for s, k in enumerate(owner.tolist()):
        among = [s, *(j for j in range(len(owner)) if owner[j] != k)]
        total -= float(logits[:, s].log_softmax(0)[k]) + float(logits[k, among].log_softmax(0)[0])
    return total / len(owner) / 2


@pytest.mark.parametrize("temperature", [1.0, 0.07])
@pytest.mark.parametrize("which", OWNERS)
def test_contrastive_equals_a_pair_at_a_time(which, temperature):
    owner = OWNERS[which]
    scores = given(owner)
    found = Contrastive(temperature=temperature).double()(scores, owner)
    assert found.item() == pytest.approx(naive_contrastive(scores, owner, temperature), rel=1e-6)


@pytest.mark.parametrize("which", OWNERS)
def test_gradients_are_right(which):
    owner = OWNERS[which]
    scores, contrastive = given(owner).requires_grad_(), Contrastive().double()
    for loss in (ranking_loss, hardest_loss):
        assert torch.autograd.gradcheck(lambda x, loss=loss: loss(x, owner), scores)
    assert torch.autograd.gradcheck(lambda x, _: contrastive(x, owner), (scores, contrastive.sharpness))


LOSSES = {"ranking": ranking_loss, "hardest": hardest_loss, "contrastive": Contrastive()}


@pytest.mark.parametrize("name", LOSSES)
def test_right_answers_cost_nothing_though_a_photo_has_several(name):
    """Sentences of a photo are no wrong answers of each other: five that fit alike are as good as one."""
    owner = torch.arange(4).repeat_interleave(5)
    right = 10.0 * (owner == torch.arange(4)[:, None])
    assert LOSSES[name](right, owner).item() == pytest.approx(0.0, abs=1e-6)
    assert LOSSES[name](-right, owner).item() > 1


@pytest.mark.parametrize("name", LOSSES)
def test_falling_brings_own_sentences_up_and_others_down(name):
    owner = OWNERS["several a photo"]
    scores = torch.zeros(5, 8, requires_grad=True)
    LOSSES[name](scores, owner).backward()
    own = owner == torch.arange(5)[:, None]
    assert (scores.grad[own] < 0).all()
    assert (scores.grad[~own] >= 0).all()
    assert scores.grad[~own].max() > 0


def test_the_order_of_sentences_does_not_matter():
    owner = OWNERS["several a photo"]
    scores, order = given(owner), torch.randperm(8)
    for loss in LOSSES.values():
        assert loss(scores[:, order], owner[order]).item() == pytest.approx(loss(scores, owner).item())


def test_contrastive_of_even_scores_is_the_log_of_the_choices():
    owner = OWNERS["pairs"]
    assert Contrastive()(torch.zeros(5, 5), owner).item() == pytest.approx(math.log(5), abs=1e-6)


def test_the_temperature_learns_and_has_an_end():
    owner = OWNERS["pairs"]
    loss = Contrastive(temperature=0.5)
    loss(torch.eye(5), owner).backward()
    assert loss.sharpness.grad < 0  # scores that are right may be taken more seriously
    loss.sharpness.data.fill_(50.0)
    sharpest = Contrastive(temperature=0.01)(torch.eye(5) * 0.01, owner).item()
    assert loss(torch.eye(5) * 0.01, owner).item() == pytest.approx(sharpest, rel=1e-4)
