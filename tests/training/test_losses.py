import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional

from watchword.training.losses import CrossEntropyOfRows, label_drift, sentence_loss


def naive(logits, targets, mask, weights, smoothing):
    """A word at a time: minus the log-probability of the target, mixed with the mean over all words."""
    total = sentences = 0.0
    for photo in range(len(targets)):
        for sentence in range(targets.shape[1]):
            if mask[photo, sentence].any():
                sentences += float(weights[photo])
            for t in range(targets.shape[2]):
                if mask[photo, sentence, t]:
                    log_probs = logits[photo, sentence, t].log_softmax(-1)
                    hit = -float(log_probs[targets[photo, sentence, t]])
                    total += float(weights[photo]) * ((1 - smoothing) * hit - smoothing * float(log_probs.mean()))
    return total / sentences


@given(seed=st.integers(0, 10_000), smoothing=st.sampled_from([0.0, 0.1, 0.5]))
def test_equals_a_word_at_a_time(seed, smoothing):
    torch.manual_seed(seed)
    logits, targets = torch.randn(2, 3, 4, 5).double(), torch.randint(0, 5, (2, 3, 4))
    mask, weights = torch.rand(2, 3, 4) < 0.6, torch.rand(2) + 0.5
    mask[0, 0, 0] = True
    ours = sentence_loss(logits, targets, mask, weights, smoothing=smoothing)
    assert float(ours) == pytest.approx(naive(logits, targets, mask, weights, smoothing), abs=1e-5)


@pytest.mark.parametrize("smoothing", [0.0, 0.1, 1.0])
def test_the_gradient_is_that_of_the_numbers_and_of_pytorch(smoothing):
    torch.manual_seed(1)
    logits, targets = torch.randn(6, 5, dtype=torch.double, requires_grad=True), torch.randint(0, 5, (6,))
    assert torch.autograd.gradcheck(lambda given: CrossEntropyOfRows.apply(given, targets, smoothing), logits)
    upstream = torch.rand(6).double()
    theirs = functional.cross_entropy(logits, targets, reduction="none", label_smoothing=smoothing)
    for losses in (CrossEntropyOfRows.apply(logits, targets, smoothing), theirs):
        assert torch.allclose(losses, theirs)
        wanted, ours = (
            torch.autograd.grad((each * upstream).sum(), logits, retain_graph=True)[0] for each in (theirs, losses)
        )
        assert torch.allclose(ours, wanted)


def test_half_precision_has_the_same_gradient():
    torch.manual_seed(1)
    logits, targets = torch.randn(2, 3, 4, 50), torch.randint(0, 50, (2, 3, 4))
    gradients = []
    for dtype in (torch.float32, torch.bfloat16):
        given = logits.to(torch.bfloat16).to(dtype).requires_grad_()
        with torch.autocast("cpu", torch.bfloat16, enabled=dtype == torch.bfloat16):
            sentence_loss(given, targets, torch.ones(2, 3, 4).bool(), torch.ones(2), smoothing=0.1).backward()
        gradients.append(given.grad)
    assert gradients[1].dtype == torch.bfloat16
    assert torch.allclose(gradients[0], gradients[1].float(), atol=1e-3)


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_padding_has_no_gradient(smoothing):
    logits = torch.randn(1, 2, 3, 4, requires_grad=True)
    mask = torch.tensor([[[True, True, False], [False, False, False]]])
    targets = torch.zeros(1, 2, 3, dtype=torch.long)
    sentence_loss(logits, targets, mask, torch.ones(1), smoothing=smoothing).backward()
    assert logits.grad[~mask].abs().max() == 0
    assert logits.grad[mask].abs().min() > 0


def test_even_scores_cost_log_v_a_word():
    loss = sentence_loss(
        torch.zeros(2, 1, 3, 7), torch.ones(2, 1, 3, dtype=torch.long), torch.ones(2, 1, 3).bool(), torch.ones(2)
    )
    assert float(loss) == pytest.approx(3 * math.log(7), abs=1e-5)


def test_a_photo_of_weight_two_counts_twice():
    torch.manual_seed(0)
    logits, targets, mask = torch.randn(2, 1, 3, 4), torch.randint(0, 4, (2, 1, 3)), torch.ones(2, 1, 3).bool()
    twice = sentence_loss(logits[[0, 0, 1]], targets[[0, 0, 1]], mask[[0, 0, 1]], torch.ones(3))
    assert float(sentence_loss(logits, targets, mask, torch.tensor([2.0, 1.0]))) == pytest.approx(
        float(twice), abs=1e-5
    )


def test_labels_that_did_not_move_cost_nothing():
    before = torch.rand(3, 5).softmax(-1)
    assert float(label_drift(before, before)) == pytest.approx(0, abs=1e-6)
    assert float(label_drift(before, before.flip(-1))) > 0
