"""Tuples: what a labeller makes of clips, and the three forms in which sentences are made of them."""

import numpy as np
import pytest
import torch

from watchword.core.errors import DataError
from watchword.core.types import Features
from watchword.decoders.tuple_labeller import TupleLabeller, encoder_of, load, over_time
from watchword.decoders.tuples import ReadsTuples, SeesTuples
from watchword.training.tuple_learning import TupleLearning, fit_tuples, tuples_said

ROLES = {"subject": ("-", "cat", "dog"), "verb": ("-", "falls", "rises"), "object": ("-", "ball", "box")}


def clips(count, seed=0, frames=6):
    """Features of clips in which what is there stands in each frame, and the verb only in how a number changes."""
    random = np.random.default_rng(seed)
    labels = random.integers(1, 3, (count, 3))
    cells = 0.3 * random.standard_normal((count, frames, 8))
    cells[np.arange(count), :, labels[:, 0]] += 1
    cells[:, :, 4] += np.where(labels[:, 1] == 1, -1, 1)[:, None] * np.linspace(-1, 1, frames)
    cells[np.arange(count), :, 4 + labels[:, 2]] += 1
    cells = torch.from_numpy(cells).float()
    return Features(cells.mean(1), cells, torch.ones(count, frames, dtype=torch.bool)), labels


def at(features):
    return lambda places: Features(*(part[torch.from_numpy(places)] for part in features))


@pytest.fixture(scope="module")
def learnt():
    (learn, labels), (judge, true) = clips(200), clips(60, seed=1)
    torch.manual_seed(0)
    labeller = TupleLabeller(roles=ROLES, cells=8)
    history = fit_tuples(labeller, (at(learn), labels), (at(judge), true), TupleLearning(epochs=30, learning_rate=1e-2))
    return labeller, history, judge, true


def test_a_labeller_learns_what_is_there_and_which_way_it_goes(learnt):
    labeller, history, judge, true = learnt
    assert history[-1]["loss"] < history[0]["loss"] / 3
    chances, said = tuples_said(labeller, at(judge), len(true))
    assert (said == true).mean() > 0.9
    assert np.allclose(chances.reshape(len(true), 3, 3).sum(2), 1, atol=1e-5)
    assert (chances.reshape(len(true), 3, 3).argmax(2) == true).mean() > 0.9


def test_a_clip_run_backwards_has_the_other_verb(learnt):
    labeller, _, judge, true = learnt
    turned = Features(judge.whole, judge.cells.flip(1), judge.mask)
    _, said = tuples_said(labeller, at(turned), len(true))
    assert (said[:, 1] == 3 - true[:, 1]).mean() > 0.9
    assert (said[:, 0] == true[:, 0]).mean() > 0.9


def test_a_chain_knows_what_goes_together():
    """Where subjects never fall but boxes do, a clip that shows no verb is told by its neighbours."""
    labeller = TupleLabeller(roles=ROLES, cells=8).eval()
    with torch.no_grad():
        labeller.heads.weight.zero_()
        labeller.heads.bias.zero_()
        labeller.heads.bias[1] = 3.0  # a cat it is
        labeller.pairwise[0][1, 2] = 5.0  # and cats rise
    features, _ = clips(1)
    found = labeller(features)
    assert found.cells.argmax(-1).tolist()[0][:2] == [1, 5]
    assert found.whole[0, 5] > 0.9


def test_the_slope_is_that_of_the_real_cells():
    cells = torch.arange(5.0)[None, :, None] * torch.tensor([2.0, -1.0])
    mask = torch.tensor([[True, True, True, True, False]])
    cells[0, 4] = 100
    mean, deviation, slope = over_time(Features(cells.mean(1), cells, mask))
    assert torch.allclose(slope, torch.tensor([[6.0, -3.0]]))
    assert torch.allclose(mean, torch.tensor([[3.0, -1.5]]))
    assert torch.allclose(deviation, torch.tensor([[5.0, 1.25]]).sqrt(), atol=1e-3)
    still = over_time(Features(cells[:, 0], cells[:, :1], mask[:, :1]))
    assert torch.equal(still[2], torch.zeros(1, 2))


def test_a_labeller_is_kept_and_read_back(learnt, tmp_path):
    labeller, _, judge, _ = learnt
    labeller.save(tmp_path / "new" / "tuples.safetensors", {"encoder": "frames:count=6"})
    again = load(tmp_path / "new" / "tuples.safetensors", cells=8)
    assert encoder_of(tmp_path / "new" / "tuples.safetensors") == "frames:count=6"
    assert again.roles == ROLES
    assert torch.equal(again(judge).whole, labeller(judge).whole)
    assert not any(p.requires_grad for p in again.parameters())
    with pytest.raises(DataError, match="takes cells 8 wide, not 9: it learnt with frames:count=6, so give that"):
        load(tmp_path / "new" / "tuples.safetensors", cells=9)


def test_what_is_no_labeller_is_refused(tmp_path):
    with pytest.raises(DataError, match="does not exist; `watchword tuples learn` writes"):
        load(tmp_path / "none.safetensors")
    (tmp_path / "text.safetensors").write_text("a labeller")
    with pytest.raises(DataError, match="cannot be read as a labeller of tuples"):
        load(tmp_path / "text.safetensors")


def forms(labeller=None):
    common = {"vocabulary": 11, "width": 8, "layers": 2, "dropout": 0.0, "labeller": labeller}
    return {
        "a": ReadsTuples(cells=9, **common),
        "b": SeesTuples(maxima=True, features=9, factored=False, **common),
        "c": SeesTuples(maxima=False, features=9, factored=False, **common),
    }


def test_what_each_form_sees_of_a_tuple():
    """(a) and (b) see the likeliest tuple and no probability; (c) the reverse; and only (a) knows an order."""
    random = np.random.default_rng(0)
    cells = torch.eye(9)[torch.from_numpy(random.integers([0, 3, 6], [3, 6, 9], (4, 3)))]
    whole, mask = torch.rand(4, 9), torch.ones(4, 3, dtype=torch.bool)
    words = torch.randint(0, 11, (4, 1, 5))
    for name, decoder in forms().items():
        before = decoder.eval()(Features(whole, cells, mask), words)
        other = decoder(Features(whole.flip(0), cells, mask), words)
        turned = decoder(Features(whole, cells.flip(1), mask), words)
        assert torch.allclose(before, other, atol=1e-6) == (name != "c")
        assert torch.allclose(before, turned, atol=1e-6) == (name != "a")


def test_a_labeller_inside_makes_the_tuples(learnt):
    labeller, _, judge, _ = learnt
    words = torch.randint(0, 11, (60, 1, 5))
    for name in forms():
        torch.manual_seed(0)
        inside = forms(labeller)[name].eval()
        torch.manual_seed(0)
        given = forms()[name].eval()
        assert torch.allclose(inside(judge, words), given(labeller(judge), words), atol=1e-6)


def test_a_cell_that_is_not_real_is_not_read():
    decoder = forms()["a"].eval()
    cells, words = torch.randn(2, 3, 9), torch.randint(0, 11, (2, 1, 4))
    mask = torch.tensor([[True, True, False], [True, True, True]])
    other = cells.clone()
    other[0, 2] += 1
    before, after = (decoder(Features(each.mean(1), each, mask), words) for each in (cells, other))
    assert torch.equal(before, after)
