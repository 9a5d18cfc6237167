"""The generator, the discriminator, and whose turn it is."""

import numpy as np
import pytest
import torch

from watchword.core.errors import SettingsError
from watchword.core.types import Features
from watchword.data.batches import Batch
from watchword.decoders.discriminator import Discriminator
from watchword.decoders.tuples import ReadsTuples
from watchword.recipes.adversarial_video import Settings, objective
from watchword.training.adversarial import Adversarial, until_end

PAD, START, END, UNKNOWN, V, KINDS = 0, 1, 2, 3, 10, 3
NEVER = (PAD, START, UNKNOWN)


def clips(count, seed):
    """Features of clips of three kinds, and a batch whose sentence is "4 kind 8": two words and what is there."""
    random = np.random.default_rng(seed)
    kinds = random.integers(KINDS, size=count)
    cells = torch.from_numpy(np.eye(KINDS)[kinds][:, None] + 0.1 * random.standard_normal((count, 4, KINDS))).float()
    features = Features(cells.mean(1), cells, torch.ones(count, 4, dtype=torch.bool))
    targets = np.stack([np.full(count, 4), 5 + kinds, np.full(count, 8), np.full(count, END)], 1)[:, None]
    words = np.concatenate([np.full((count, 1, 1), START), targets[..., :-1]], 2)
    ids = [str(number) for number in range(count)]
    real, weights, none = np.ones_like(words, bool), np.ones(count, np.float32), np.zeros(count, np.int64)
    return features, Batch(ids, np.arange(count), words, targets, real, weights, none[:, None], none)


def generator(seed=0):
    torch.manual_seed(seed)
    decoder = ReadsTuples(vocabulary=V, cells=KINDS, width=16, layers=1, dropout=0.0)
    decoder.discriminator = Discriminator(
        vocabulary=V, start=START, end=END, never=NEVER, cells=KINDS, width=16, dropout=0.0
    )
    return decoder


def adversarial(**others):
    usual = {"generator_epochs": 1, "discriminator_epochs": 1, "turns": 2, "draws": 4, "anchor": 0.0, "max_words": 6}
    return Adversarial(0.0, **{**usual, **others})


def moved(decoder, objective, features, batch):
    """Which of the two sides has a gradient in a step."""
    decoder.zero_grad(set_to_none=True)
    loss, count = objective(decoder, features, batch)
    loss.backward()
    assert loss.isfinite()
    assert count > 0
    named = [name for name, p in decoder.named_parameters() if p.grad is not None and p.grad.any()]
    return {"judge" if name.startswith("discriminator") else "speaker" for name in named}


def test_each_has_its_time_and_then_its_turn():
    decoder, objective = generator(), adversarial()
    features, batch = clips(8, 0)
    objective.begin(0)
    assert moved(decoder, objective, features, batch) == {"speaker"}
    objective.begin(1)
    assert moved(decoder, objective, features, batch) == {"judge"}
    assert int(decoder.discriminator.turns) == 0
    objective.begin(2)
    order = [moved(decoder, objective, features, batch) for _ in range(6)]
    assert order == [{"speaker"}, {"judge"}, {"judge"}] * 2
    assert "discriminator.turns" in decoder.state_dict()


def test_without_turns_the_generator_is_judged_by_one_who_learns_no_more():
    decoder, objective = generator(), adversarial(turns=0, generator_epochs=0, discriminator_epochs=0)
    assert [moved(decoder, objective, *clips(8, 0)) for _ in range(3)] == [{"speaker"}] * 3


def trained(decoder, objective, epoch, steps, rate=1e-2):
    objective.begin(epoch)
    optimizer = torch.optim.Adam(decoder.parameters(), rate)
    for step in range(steps):
        features, batch = clips(32, 10 + step)
        loss, _ = objective(decoder, features, batch)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
    return decoder


def chances(decoder, features, words):
    words = torch.as_tensor(words)
    decoder.eval()
    with torch.no_grad():
        found = decoder.discriminator(features, words, words != PAD).sigmoid()
    decoder.train()
    return found


@pytest.fixture(scope="module")
def judged():
    return trained(generator(), adversarial(), epoch=1, steps=150)


def test_the_discriminator_tells_what_is_well_said_and_true(judged):
    features, batch = clips(60, 1)
    true = chances(judged, features, batch.targets)
    wrong = batch.targets.copy()
    wrong[..., 1] = 5 + (wrong[..., 1] - 5 + 1) % KINDS
    turned = batch.targets[..., [2, 0, 1, 3]]
    assert true.mean() > 0.8
    assert chances(judged, features, wrong).mean() < 0.3  # well made, of another clip
    assert chances(judged, features, turned).mean() < 0.3  # its words, in no order
    with torch.no_grad():
        drawn = adversarial()._earning(judged, features).draw(judged, features)
    said = until_end(drawn, END)
    assert judged.discriminator(features, drawn, said).sigmoid().mean() < 0.3


def test_what_stands_behind_the_end_is_not_heard(judged):
    features, batch = clips(6, 1)
    longer = np.concatenate([batch.targets, np.full((6, 1, 3), 7)], 2)
    said = until_end(torch.from_numpy(longer), END)
    assert said.sum(-1).tolist() == [[4]] * 6
    judged.eval()
    with torch.no_grad():
        found = judged.discriminator(features, torch.from_numpy(longer), said).sigmoid()
    assert torch.allclose(found, chances(judged, features, batch.targets), atol=1e-6)


def test_the_generator_learns_to_pass(judged):
    """By what the discriminator rewards alone, from knowing nothing: its chances rise."""
    objective = adversarial(turns=1, draws=8)

    def drawn():
        features, _ = clips(200, 2)
        with torch.no_grad():
            words = objective._earning(judged, features).draw(judged, features)
            return judged.discriminator(features, words, until_end(words, END)).sigmoid().mean()

    before = drawn()
    trained(judged, adversarial(turns=0, draws=8), epoch=2, steps=120)
    assert drawn() > before + 0.2


def test_the_anchor_adds_what_people_say():
    features, batch = clips(8, 0)
    losses = []
    for anchor in (0.0, 2.0):
        decoder, objective = generator(), adversarial(anchor=anchor)
        objective.begin(2)
        torch.manual_seed(5)
        losses.append(objective(decoder, features, batch)[0].item())
    taught, _ = objective.taught(generator(), features, batch)
    assert losses[1] - losses[0] == pytest.approx(2 * taught.item(), rel=1e-5)


def test_cells_that_are_not_real_are_not_seen():
    """A clip of four cells is judged the same alone and filled up with others."""
    decoder, (features, batch) = generator(), clips(6, 1)
    noise = torch.randn(6, 3, KINDS)
    filled = Features(
        features.whole,
        torch.cat((features.cells, noise), 1),
        torch.cat((features.mask, torch.zeros(6, 3, dtype=torch.bool)), 1),
    )
    alone = chances(decoder, features, batch.targets)
    assert torch.allclose(chances(decoder, filled, batch.targets), alone, atol=1e-6)


def test_what_learns_from_cider_is_not_mistaken_for_it():
    with pytest.raises(SettingsError, match=r"draws=2 learns from CIDEr-D, and nothing from the discriminator: leave"):
        objective(Settings(draws=2))


def test_epochs_that_leave_none_for_the_turns_are_refused():
    with pytest.raises(SettingsError, match=r"epochs=17: 17 pass before the turns begin, .*give epochs=18 or more, or"):
        objective(Settings(epochs=17))
    assert objective(Settings(epochs=18)).turns == 1
