import pytest
import torch

from watchword.alignment import scores as module
from watchword.alignment.scores import all_regions, best_region, cosine, mean_cosine, unit


@pytest.fixture(params=[1, 40, 1 << 23], ids=["a word at a time", "a few", "all"])
def given(request, monkeypatch):
    """5 photos of 1 to 6 regions, 7 sentences of 1 to 9 words, one of none; what is padding is far out."""
    monkeypatch.setattr(module, "TOGETHER", request.param)
    torch.manual_seed(0)
    regions, words = torch.randn(5, 6, 3).double(), torch.randn(7, 9, 3).double()
    region_mask = torch.arange(6) < torch.tensor([6, 1, 3, 5, 2])[:, None]
    word_mask = torch.arange(9) < torch.tensor([9, 1, 4, 0, 7, 2, 5])[:, None]
    regions[~region_mask], words[~word_mask] = 1e3, torch.nan
    return regions, region_mask, words, word_mask


def naive_best(vs, ss):
    """Equation (8)."""
    return sum((max(v @ s for v in vs) for s in ss), torch.tensor(0.0).double())


def naive_all(vs, ss):
    """Equation (7)."""
    return sum((max(torch.tensor(0.0).double(), v @ s) for v in vs for s in ss), torch.tensor(0.0).double())


def naive_mean(vs, ss):
    fits = [max(v @ s / v.norm() / s.norm() for v in vs) for s in ss]
    return torch.stack(fits).mean() if fits else torch.tensor(0.0).double()


SCORES = {best_region: naive_best, all_regions: naive_all, mean_cosine: naive_mean}


@pytest.mark.parametrize("score", SCORES)
def test_equals_a_pair_at_a_time(score, given):
    regions, region_mask, words, word_mask = given
    found, seen = score(*given), 0
    assert found.shape == (5, 7)
    for b in range(5):
        for s in range(7):
            expected = SCORES[score](regions[b][region_mask[b]], words[s][word_mask[s]])
            assert found[b, s] == pytest.approx(float(expected), abs=1e-9)
            seen += 1
    assert seen == 35
    assert found[:, 3].abs().max() == 0  # the sentence without a word


@pytest.mark.parametrize("score", SCORES)
def test_gradients_are_right_and_padding_has_none(score, given):
    regions, region_mask, words, word_mask = (part.clone() for part in given)
    words[~word_mask] = 7.0
    regions.requires_grad_()
    words.requires_grad_()
    assert torch.autograd.gradcheck(lambda v, s: score(v, region_mask, s, word_mask), (regions, words), fast_mode=True)
    upstream = torch.rand(5, 7).double()
    (score(regions, region_mask, words, word_mask) * upstream).sum().backward()
    assert regions.grad[~region_mask].abs().max() == words.grad[~word_mask].abs().max() == 0
    assert (words.grad[word_mask].abs().sum(-1) > 0).double().mean() > 0.8


@pytest.mark.parametrize("score", SCORES)
def test_few_similarities_are_held_at_a_time(score, given, monkeypatch):
    """What is reduced is never larger than asked for, unless one word with all regions is."""
    sizes = []
    matmul = torch.Tensor.__matmul__

    def watched(a, b):
        product = matmul(a, b)
        sizes.append(product.numel())
        return product

    monkeypatch.setattr(torch.Tensor, "__matmul__", watched)
    score(*given)
    assert sum(sizes) == 5 * 6 * 28  # each word with each region, once
    assert max(sizes) <= max(module.TOGETHER, 30)
    assert len(sizes) == {1: 28, 40: 28, 1 << 23: 1}[module.TOGETHER]


def test_half_precision_is_summed_in_single():
    torch.manual_seed(0)
    regions, words = torch.randn(2, 3, 8).bfloat16(), torch.randn(4, 60, 8).bfloat16()
    masks = torch.ones(2, 3).bool(), torch.ones(4, 60).bool()
    for score in (best_region, all_regions):
        found = score(regions, masks[0], words, masks[1])
        assert found.dtype == torch.float32
        expected = score(regions.float(), masks[0], words.float(), masks[1])
        assert torch.allclose(found, expected, rtol=0.02)


@pytest.mark.parametrize("score", [best_region, all_regions])
def test_what_autocast_mixes_is_taken(score):
    torch.manual_seed(0)
    regions, words = torch.randn(2, 3, 8).bfloat16().requires_grad_(), torch.randn(4, 6, 8).requires_grad_()
    masks = torch.ones(2, 3).bool(), torch.ones(4, 6).bool()
    with torch.autocast("cpu", torch.bfloat16):
        found = score(regions, masks[0], words, masks[1])
    found.sum().backward()
    gradients = regions.grad, words.grad
    single = [part.detach().float().requires_grad_() for part in (regions, words)]
    score(single[0], masks[0], single[1], masks[1]).sum().backward()
    for found, expected in zip(gradients, single, strict=True):
        assert (found.float() - expected.grad).norm() < 0.1 * expected.grad.norm()


def test_cosine_equals_a_pair_at_a_time():
    torch.manual_seed(0)
    photos, sentences = torch.randn(4, 5).double(), torch.randn(6, 5).double()
    found = cosine(photos, sentences)
    pairs = [(b, s) for b in range(4) for s in range(6)]
    assert len(pairs) == found.numel()
    for b, s in pairs:
        expected = photos[b] @ sentences[s] / photos[b].norm() / sentences[s].norm()
        assert found[b, s] == pytest.approx(float(expected), abs=1e-12)


def test_a_vector_of_no_length_stays_so_and_has_a_finite_gradient():
    given = torch.zeros(2, 3, requires_grad=True)
    found = unit(given)
    assert found.abs().max() == 0
    found.sum().backward()
    assert given.grad.isfinite().all()
