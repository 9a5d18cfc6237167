"""The contract of recipes that match sentences with photos. A new one is tested here without a line of its own."""

import numpy as np
import pytest
import torch

from tests.recipes.test_contract import SENTENCES, WORDS, pictures
from tests.recipes.variants import MATCHERS, build
from watchword.cli.ranked import similarities
from watchword.core.types import Example
from watchword.data.batches import Batches
from watchword.data.vocabulary import Vocabulary
from watchword.runtime.matcher import Matcher
from watchword.training import checkpoints
from watchword.training.export_matcher import export_matcher
from watchword.training.matching import Matching
from watchword.training.optimizers import optimizer_for
from watchword.training.ranked import RankingValidator
from watchword.training.settings import Learning

EXAMPLES = [Example(str(i), None, (text,)) for i, text in enumerate(SENTENCES)]


@pytest.fixture(scope="module")
def vocabulary():
    return Vocabulary.build(WORDS, minimum=1)


@pytest.fixture(scope="module", params=MATCHERS)
def variant(request):
    return request.param


@pytest.fixture(scope="module")
def trained(variant, vocabulary):
    """A matcher that was shown the eight pairs until it knew them, and its loss at first and at last."""
    model = build(variant, vocabulary, seed=3)
    optimizer = optimizer_for(model, Learning(learning_rate=3e-4, encoder_rate=3e-4))
    batch = Batches(EXAMPLES, vocabulary, batch=8, sentences=1).epoch(0)[0]
    losses, matching = [], Matching()
    model.train()
    for _ in range(300):
        seen = model.encoder.trunk(pictures())[torch.from_numpy(batch.rows)]
        loss, sentences = matching(model.head, model.encoder.top(seen), batch)
        assert sentences == 8
        losses.append(float(loss.detach()))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model.eval(), losses


def test_the_loss_falls_and_every_photo_finds_its_sentence(trained, vocabulary):
    model, losses = trained
    assert losses[-1] < 0.4 * losses[0]
    validator = RankingValidator([row.sentences for row in EXAMPLES], vocabulary, max_words=20)
    with torch.no_grad():
        seen = model.encoder.trunk(pictures()).numpy()
    figures = validator.figures(model, [seen[:5], seen[5:]])
    assert figures["i2t_r1"] == figures["t2i_r1"] == figures["mean_recall"] == 1.0
    assert figures["i2t_median"] == 1


def test_every_weight_that_learns_gets_a_gradient(variant, vocabulary):
    model = build(variant, vocabulary, seed=1)
    batch = Batches(EXAMPLES, vocabulary, batch=8, sentences=1).epoch(0)[0]
    features = model.encoder(pictures()[torch.from_numpy(batch.rows)])
    Matching()(model.head, features, batch)[0].backward()
    learning = {name: p for name, p in model.named_parameters() if p.requires_grad and "classifier" not in name}
    assert len(learning) > 5
    assert [name for name, p in learning.items() if p.grad is None] == []


def test_a_checkpoint_gives_the_same_scores(trained, variant, vocabulary, tmp_path):
    model, _ = trained
    checkpoints.save(tmp_path / "kept", model, {}, vocabulary)
    again = build(variant, vocabulary, seed=9).eval()
    checkpoints.load_weights(tmp_path / "kept", again)
    words, mask = torch.tensor([[4, 5, 6], [7, 4, 0]]), torch.tensor([[True] * 3, [True, True, False]])
    with torch.no_grad():
        assert torch.equal(
            model.matcher(model.encoder(pictures()), words, mask), again.matcher(again.encoder(pictures()), words, mask)
        )


def test_the_bundle_scores_as_the_model_does(trained, variant, vocabulary, tmp_path):
    model, _ = trained
    export_matcher(
        model,
        vocabulary,
        tmp_path / "bundle",
        description={"recipe": MATCHERS[variant][0], "settings": {}, "scores": {}},
        card="# Made",
        half=False,
    )
    matcher = Matcher(tmp_path / "bundle")
    sentences = [*SENTENCES, "a dog", "zebras"]
    seen = matcher.look(list(pictures().numpy()))
    read = matcher.read(sentences)
    assert {looked.vectors.shape for looked in seen} == {(len(matcher.boxes), matcher.width)}
    assert seen[0].boxes[0].tolist() == [0, 0, 1, 1]
    assert [len(one.words) for one in read] == [len(text.split()) for text in sentences]
    ids = [vocabulary.encode(text.split()) for text in sentences]
    with torch.no_grad():
        regions, real = model.matcher.regions(model.encoder(pictures()))
        for column, numbers in enumerate(ids):
            words, mask = torch.tensor([numbers]), torch.ones(1, len(numbers), dtype=torch.bool)
            expected = model.matcher.scores(regions, real, model.matcher.words(words, mask), mask)
            if model.matcher.score == "all_regions":  # what the index computes is equation (8) of the same vectors
                from watchword.alignment.scores import best_region

                expected = best_region(regions, real, model.matcher.words(words, mask), mask)
            found = similarities(np.stack([looked.vectors for looked in seen]), [read[column].vectors])
            np.testing.assert_allclose(found, expected.numpy(), rtol=1e-4, atol=1e-4)
