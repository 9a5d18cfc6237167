"""Every recipe's decoder under every search, in both halves, against all sentences there are."""

import numpy as np
import pytest
import torch

from tests.generation import naive
from tests.generation.trials import WIDE, assert_same
from tests.recipes.variants import VARIANTS, build
from watchword.core.types import Features
from watchword.data.vocabulary import Vocabulary
from watchword.generation.search import SearchOptions, search
from watchword.runtime.sessions import Session
from watchword.runtime.stepper import OnnxStepper
from watchword.training.graphs import export_graphs
from watchword.training.stepper import TorchStepper
from watchword.training.validation import rules_for

CLOSE = 1e-4  # what the halves may differ by


def sharp(variant, *, unknown):
    """A small model of a recipe over five words, sharp enough that no two sentences tie."""
    vocabulary = Vocabulary.build([list("vwxyz")], minimum=1, unknown=unknown)
    model = build(variant, vocabulary, seed=5).eval()
    with torch.no_grad():
        model.decoder.output.weight.mul_(12.0)
        model.decoder.output.bias.normal_()
    return model, vocabulary


@pytest.fixture(scope="module", params=[(name, unknown) for name in VARIANTS for unknown in (True, False)], ids=str)
def halves(request, tmp_path_factory):
    """The two steppers of one model, its vocabulary, and the features of three photos."""
    model, vocabulary = sharp(request.param[0], unknown=request.param[1])
    folder = tmp_path_factory.mktemp("graphs")
    export_graphs(model, folder, half=False)
    start, step = (Session(name, (folder / name).read_bytes(), 1) for name in ("start.onnx", "step.onnx"))
    pixels = np.random.default_rng(1).integers(0, 256, (3, 32, 32, 3), dtype=np.uint8)
    with torch.inference_mode():
        features = Features(*(part.numpy() for part in model.encoder(torch.from_numpy(pixels))))
    steppers = {"torch": TorchStepper(model.decoder), "onnx": OnnxStepper(start, step, len(vocabulary))}
    return steppers, vocabulary, features


@pytest.fixture(params=["torch", "onnx"])
def case(request, halves):
    steppers, vocabulary, features = halves
    return steppers[request.param], vocabulary, features, steppers["torch"]


def test_a_wide_beam_finds_the_best_of_all_sentences(case):
    stepper, vocabulary, features, reference = case
    rules = rules_for(vocabulary, max_words=3)
    every = naive.sentences(reference, features, rules)
    assert [len(photo) for photo in every] == [1 + 5 + 25 + 125] * 3
    found = search(stepper, features, rules, SearchOptions(beam=WIDE, n=12))
    assert_same(found, [photo[:12] for photo in every], tolerance=CLOSE)


def test_length_normalisation(case):
    stepper, vocabulary, features, reference = case
    rules = rules_for(vocabulary, max_words=3)
    every = naive.sentences(reference, features, rules, 0.7)
    found = search(stepper, features, rules, SearchOptions(beam=WIDE, n=5, length_normalization=0.7))
    assert_same(found, [photo[:5] for photo in every], 0.7, tolerance=CLOSE)


def test_a_narrow_beam_and_greedy(case):
    stepper, vocabulary, features, reference = case
    rules = rules_for(vocabulary, max_words=6)
    for width in (1, 2, 4):
        expected = naive.beam(reference, features, rules, width)
        assert_same(search(stepper, features, rules, SearchOptions(beam=width)), expected, tolerance=CLOSE)


def test_words_that_must_be_there(case):
    stepper, vocabulary, features, reference = case
    first, second = vocabulary.encode(["w", "z"])
    rules = rules_for(vocabulary, max_words=3, must_include=(first, second))
    every = naive.sentences(reference, features, rules)
    found = search(stepper, features, rules, SearchOptions(beam=WIDE, n=5))
    assert_same(found, [photo[:5] for photo in every], tolerance=CLOSE)
    assert all({first, second} <= set(each.words) for photo in found for each in photo)


def test_no_run_twice(case):
    stepper, vocabulary, features, reference = case
    rules = rules_for(vocabulary, max_words=3, no_repeat_ngram=1)
    every = naive.sentences(reference, features, rules)
    found = search(stepper, features, rules, SearchOptions(beam=WIDE, n=5))
    assert_same(found, [photo[:5] for photo in every], tolerance=CLOSE)


def test_sampling_speaks_only_words(case):
    stepper, vocabulary, features, _ = case
    said = search(stepper, features, rules_for(vocabulary), SearchOptions(sample=True, temperature=5.0, n=50, seed=0))
    spoken = {word for photo in said for each in photo for word in each.words}
    assert spoken == set(vocabulary.encode("vwxyz"))
