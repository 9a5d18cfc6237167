"""The contract of recipes that tell classes apart. A new one is tested here without a line of its own."""

import math

import numpy as np
import pytest
import torch

from tests.recipes.test_contract import pictures
from tests.recipes.variants import LABELLERS, build
from watchword.core.types import Example
from watchword.data.classes import classes_of, word_of
from watchword.data.label_batches import LabelBatches
from watchword.data.vocabulary import Vocabulary
from watchword.recipes import recipes
from watchword.runtime.labeller import Labeller
from watchword.training import checkpoints
from watchword.training.export_labeller import export_labeller
from watchword.training.labelling import LabelValidator, StepwiseLabels
from watchword.training.optimizers import optimizer_for
from watchword.training.settings import Labelling

TRUE = ["fight", "no fight", "fight", "Play 100% Tabla", "no fight", "fight", "Play 100% Tabla", "fight"]
EXAMPLES = [Example(str(i), None, labels=(name,)) for i, name in enumerate(TRUE)]


@pytest.fixture(scope="module")
def vocabulary():
    return Vocabulary.build([[word_of(name)] for name in TRUE], minimum=1)


@pytest.fixture(scope="module", params=LABELLERS)
def variant(request):
    return request.param


def step(model, batch):
    seen = model.encoder.trunk(pictures())[torch.from_numpy(batch.rows)]
    loss, clips = StepwiseLabels(0.0)(model.head, model.encoder.top(seen), batch)
    assert clips == 8
    return loss


@pytest.fixture(scope="module")
def trained(variant, vocabulary):
    """A labeller that was shown the eight examples until it knew them, and its loss at first and at last."""
    model = build(variant, vocabulary, seed=3)
    optimizer = optimizer_for(model, Labelling(learning_rate=1e-3, encoder_rate=3e-4))
    batch, losses = LabelBatches(EXAMPLES, vocabulary, batch=8).epoch(0)[0], []
    model.train()
    while len(losses) < 400 and (not losses or losses[-1] > 0.05):
        loss = step(model, batch)
        losses.append(float(loss.detach()))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model.eval(), losses


def test_it_begins_by_guessing_and_comes_to_know_the_examples(trained, vocabulary):
    model, losses = trained
    assert losses[0] == pytest.approx(math.log(3), rel=0.3)
    assert losses[-1] < 0.1
    validator = LabelValidator(TRUE, classes_of(vocabulary))
    with torch.no_grad():
        seen = model.encoder.trunk(pictures()).numpy()
    figures = validator.figures(model, [seen[:5], seen[5:]])
    assert figures["accuracy"] == figures["mean_recall"] == 1.0
    assert figures["val_loss"] < 0.2


def test_every_weight_that_learns_gets_a_gradient(variant, vocabulary):
    model = build(variant, vocabulary, seed=1)
    step(model, LabelBatches(EXAMPLES, vocabulary, batch=8).epoch(0)[0]).backward()
    learning = {name: p for name, p in model.named_parameters() if p.requires_grad and "classifier" not in name}
    assert len(learning) > 2
    assert [name for name, p in learning.items() if p.grad is None] == []


def test_a_checkpoint_gives_the_same_probabilities(trained, variant, vocabulary, tmp_path):
    model, _ = trained
    checkpoints.save(tmp_path / "kept", model, {}, vocabulary)
    again = build(variant, Vocabulary.load(tmp_path / "kept" / "vocabulary.txt"), seed=9).eval()
    checkpoints.load_weights(tmp_path / "kept", again)
    seen = model.encoder.trunk(pictures()).detach().numpy()
    assert np.array_equal(model.probabilities(seen), again.probabilities(seen))


def test_the_bundle_tells_what_the_model_tells(trained, variant, vocabulary, tmp_path):
    model, _ = trained
    description = {"recipe": LABELLERS[variant][0], "settings": {}, "scores": {}}
    bundle = tmp_path / "bundle"
    export_labeller(model, classes_of(vocabulary), bundle, description=description, card="# Made", half=False)
    labeller = Labeller(bundle)
    assert labeller.classes == ("fight", "Play 100% Tabla", "no fight")
    expected = model.probabilities(model.encoder.trunk(pictures()).detach().numpy())
    for picture, row, true in zip(pictures().numpy(), expected, TRUE, strict=True):
        said = labeller.label(picture)
        assert said[0][0] == true
        assert sum(share for _, share in said) == pytest.approx(1, abs=1e-5)
        assert dict(said) == pytest.approx(dict(zip(labeller.classes, row.tolist(), strict=True)), abs=1e-4)


def test_published_accuracies_are_shares_as_evaluate_tells_them():
    figures = [share for row in recipes["lrcn_activity"].published.values() for share in row.values()]
    assert len(figures) == 20
    assert all(0 < share < 1 for share in figures)
