import pytest
import torch

from watchword.decoders import additive_scores as module
from watchword.decoders.additive_scores import additive_scores, powers


@pytest.fixture(params=[1, 200, 1 << 19], ids=["a photo at a time", "two", "all"])
def given(request, monkeypatch):
    """k (5, 7, 6), q (5, 2, 6) and v (6,) in float64; so many numbers in hand that photos are taken by 1, 2 or 5."""
    monkeypatch.setattr(module, "_TOGETHER", request.param)
    random = torch.Generator().manual_seed(0)
    shapes = (5, 7, 6), (5, 2, 6), (6,)
    return [torch.randn(shape, generator=random, dtype=torch.float64).requires_grad_() for shape in shapes]


def plain(k, q, v):
    return torch.tanh(k[:, None] + q[:, :, None]) @ v - v.sum()


def test_it_is_the_plain_formula_there_and_back(given):
    k, q, v = given
    scores, expected = additive_scores(powers(k), powers(q), v), plain(k, q, v)
    assert torch.allclose(scores, expected, atol=1e-12)
    upstream = torch.randn(scores.shape, dtype=torch.float64)
    ours, theirs = (torch.autograd.grad(each, given, upstream) for each in (scores, expected))
    assert all(torch.allclose(a, b, atol=1e-12) for a, b in zip(ours, theirs, strict=True))


def test_the_gradient_is_that_of_small_steps(given):
    k, q, v = given
    positive = [part.detach().exp().requires_grad_() for part in (k, q)]
    assert torch.autograd.gradcheck(additive_scores, (*positive, v))
    assert torch.autograd.gradcheck(lambda *all_: additive_scores(powers(all_[0]), powers(all_[1]), all_[2]), given)


def test_numbers_far_out_are_as_good_as_without_end():
    far = torch.tensor([-1e30, -200.0, -43.0, -10.0, 0.0, 10.0, 43.0, 200.0, 1e30])
    k = far.view(1, -1, 1).clone().requires_grad_()
    q = far.view(1, -1, 1).clone().requires_grad_()
    v = torch.ones(1, requires_grad=True)
    scores = additive_scores(powers(k), powers(q), v)
    cut = far.clamp(-43, 43)
    assert torch.allclose(scores[0], torch.tanh(cut[None] + cut[:, None]) - 1, atol=1e-6)
    scores.sum().backward()
    assert all(part.grad.isfinite().all() for part in (k, q, v))


def test_half_precision_loses_nothing_more():
    k, q, v = torch.randn(3, 4, 8).bfloat16(), torch.randn(3, 2, 8).bfloat16(), torch.randn(8)
    with torch.autocast("cpu", torch.bfloat16):
        scores = additive_scores(powers(k), powers(q), v)
    assert scores.dtype == torch.float32
    assert torch.allclose(scores, plain(k.float(), q.float(), v), atol=1e-5)


def test_nothing_of_the_size_of_all_pairs_is_kept_for_the_way_back():
    kept = []
    k, q, v = (torch.randn(shape, requires_grad=True) for shape in ((4, 9, 16), (4, 5, 16), (16,)))
    with torch.autograd.graph.saved_tensors_hooks(lambda x: kept.append(x.numel()) or x, lambda x: x):
        additive_scores(powers(k), powers(q), v)
    assert 0 < max(kept) <= 4 * 9 * 16
