"""The contract of recipes that are fitted at once: from clips to a bundle that tells what the model tells."""

from pathlib import Path

import numpy as np
import pytest

from tests.data.motion.made import frames, write
from tests.recipes.variants import FITTED
from watchword.core.errors import DataError
from watchword.core.types import Example
from watchword.data.classes import classes_of, word_of
from watchword.data.played import watched
from watchword.data.vocabulary import Vocabulary
from watchword.recipes import recipes
from watchword.recipes.base import Fitting, rebuild
from watchword.runtime.labeller import Labeller
from watchword.training import checkpoints
from watchword.training.export_kernels import export_kernels
from watchword.training.kernel_model import all_moves, motion_store

pytest.importorskip("sklearn")
pytest.importorskip("cv2")

NAMES = ("fast", "slow", "Still 100%")


def example(number, folder, features):
    """A clip of a square: fast, slow or not at all; two of a group."""
    name = NAMES[number % 3]
    step, side = {"fast": 5, "slow": 1.5, "Still 100%": 0}[name], 60 + 3 * number
    path = write(folder / f"{number}.mp4", frames(16, step=step, side=side, at=(10 + number, 20), seed=number))
    return Example(str(number), path, labels=(name,), extra={"group": f"{number % 3}-{number // 6}"})


@pytest.fixture(scope="module")
def clips(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clips")
    return [example(number, folder, None) for number in range(18)], folder / "features"


def fit(variant, clips, **changes):
    recipe, own = recipes[FITTED[variant][0]], FITTED[variant][1]
    rows, features = clips
    vocabulary = Vocabulary.build([[word_of(name)] for row in rows for name in row.labels], minimum=1)
    settings = recipe.settings(**{**recipe.tiny, **own, **changes})
    return recipe, vocabulary, *recipe.fit(Fitting(settings, vocabulary, rows, features, lambda done, there: None))


@pytest.fixture(scope="module", params=FITTED)
def fitted(request, clips):
    return fit(request.param, clips)


def told(model, clips):
    rows, features = clips
    store = motion_store(model.encoder, features)
    return model.probabilities(all_moves(store, [watched(row) for row in rows], lambda done, there: None))


def test_it_comes_to_know_the_examples(fitted, clips):
    _, vocabulary, settings, model = fitted
    chances = told(model, clips)
    assert chances.shape == (18, 3)
    assert chances.sum(1) == pytest.approx(1, abs=1e-5)
    names = classes_of(vocabulary)
    right = [names[row.argmax()] == one.labels[0] for row, one in zip(chances, clips[0], strict=True)]
    assert np.mean(right) >= 0.9
    assert 0 < settings.rows <= 18


def test_the_same_seed_fits_the_same_model(clips):
    first, again = (fit("motion_kernels", clips)[3].labeller.state_dict() for _ in range(2))
    assert all(np.array_equal(first[name], again[name]) for name in first)


def test_a_checkpoint_and_a_bundle_tell_the_same(fitted, clips, tmp_path):
    recipe, vocabulary, settings, model = fitted
    description = {"recipe": recipe.name, "settings": vars(settings), "scores": {}}
    checkpoints.save(tmp_path / "kept", model, description, vocabulary)
    again, words, _ = rebuild(tmp_path / "kept")
    expected = told(model, clips)
    assert np.array_equal(told(again, clips), expected)
    export_kernels(again, classes_of(words), tmp_path / "bundle", description=description, card="# Made")
    labeller = Labeller(tmp_path / "bundle")
    assert labeller.classes == classes_of(vocabulary)
    for row, one in zip(expected[:6], clips[0], strict=False):
        said = dict(labeller.label(one.path))
        assert said == pytest.approx(dict(zip(labeller.classes, row.tolist(), strict=True)), abs=1e-4)


def test_clips_that_stand_still_can_be_told(fitted, clips):
    model = fitted[3]
    seen = motion_store(model.encoder, clips[1]).of(clips[0][2].path)
    assert len(seen.cuboids) == 0
    assert np.isfinite(model.probabilities([seen])).all()


def test_one_class_is_nothing_to_tell_apart(clips):
    rows, features = clips
    with pytest.raises(DataError, match="class"):
        fit("motion_kernels", ([row for row in rows if row.labels == ("fast",)], features))


def test_a_codebook_wants_enough_to_learn_from(clips):
    still = [row for row in clips[0] if row.labels[0] == "Still 100%"]
    fast = [row for row in clips[0] if row.labels[0] == "fast"][:1]
    with pytest.raises(DataError, match=r"places move in all clips together, too few .* --set kernels=statistics"):
        fit("motion_kernels", (still + fast, clips[1]), gaussians=4000)


def test_every_clip_that_cannot_be_played_is_named(clips, tmp_path):
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no clip")
    rows = [*clips[0], Example("broken", Path(broken), labels=("fast",))]
    with pytest.raises(DataError.__mro__[1], match=r"broken\.mp4"):
        fit("motion_kernels", (rows, clips[1]))
