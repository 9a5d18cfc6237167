import pytest
import torch

from watchword.decoders.dropout import Dropout


@pytest.mark.parametrize("share", [0.1, 0.4, 0.5, 0.9])
def test_drops_its_share_and_keeps_the_mean_in_both_directions(share: float) -> None:
    torch.manual_seed(0)
    x = torch.ones(333, 777, requires_grad=True)
    dropped = Dropout(share).train()(x)
    dropped.sum().backward()
    assert (dropped == 0).float().mean().item() == pytest.approx(share, abs=1 / 256)
    assert dropped.mean().item() == pytest.approx(1, abs=0.02)
    assert x.grad is not None
    assert torch.equal(x.grad, dropped)  # the gradient goes where the number went
    kept = dropped[dropped > 0]
    assert torch.equal(kept, kept[0].expand_as(kept))


def test_every_place_of_a_word_of_random_bits_is_as_likely() -> None:
    torch.manual_seed(0)
    rows = Dropout(0.5).train()(torch.ones(40_000, 8))
    shares = (rows == 0).float().mean(0)
    assert shares.tolist() == pytest.approx([0.5] * 8, abs=0.015)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_keeps_shape_and_type(dtype: torch.dtype) -> None:
    x = torch.ones(2, 3, 5, dtype=dtype)
    dropped = Dropout(0.5).train()(x)
    assert (dropped.shape, dropped.dtype) == (x.shape, dtype)


def test_does_nothing_when_nobody_learns_or_nothing_is_dropped() -> None:
    x = torch.randn(4, 5)
    assert Dropout(0.5).eval()(x) is x
    assert Dropout(0.0).train()(x) is x
    assert not Dropout(1.0).train()(x).any()


def test_is_the_same_for_the_same_seed() -> None:
    drop, x = Dropout(0.3).train(), torch.ones(50, 3)
    torch.manual_seed(7)
    first = drop(x)
    torch.manual_seed(7)
    assert torch.equal(drop(x), first)
    assert not torch.equal(drop(x), first)
