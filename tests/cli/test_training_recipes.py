"""Recipes that bring something of their own into a run: word vectors, an objective."""

import numpy as np
import pytest
from safetensors.numpy import load_file

from tests.cli.test_training_commands import dataset, run
from watchword.cli.origin import Origin
from watchword.core.errors import SettingsError
from watchword.data.pca import PCA
from watchword.data.vocabulary import Vocabulary
from watchword.encoders import encoders
from watchword.recipes import recipes

__all__ = ["dataset"]  # the fixture

TINY = ["encoder=plain_cnn", "frozen=0", "width=16", "minimum=1", "batch=8", "schedule=constant", "dtype=float32"]


def train(recipe, dataset, folder, *settings, resume=False):
    given = [part for setting in (*([] if resume else TINY), *settings) for part in ("--set", setting)]
    where = ["--data", dataset, "--output", folder / "run", "--features", folder / "features"]
    run("train", recipe, *where, *given, *(["--resume"] if resume else []))
    return load_file(folder / "run" / "last" / "weights.safetensors")


@pytest.fixture
def vectors(tmp_path):
    path = tmp_path / "vectors.txt"
    path.write_text("red 1 0 0 0\ngreen 0 1 0 0\nblue 0 0 1 0\nyellow 1 1 0 0\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("frozen", [True, False])
def test_words_begin_where_a_file_says(dataset, tmp_path, vectors, frozen):
    settings = [f"word_vectors={vectors}", "word_width=4", f"frozen_words={str(frozen).lower()}"]
    weights = train("neuraltalk", dataset, tmp_path, *settings, "epochs=1")
    vocabulary = Vocabulary.load(tmp_path / "run" / "last" / "vocabulary.txt")
    red = weights["decoder.embedding.weight"][vocabulary.words.index("red")]
    assert np.array_equal(red, [1, 0, 0, 0]) == frozen
    assert np.allclose(red, [1, 0, 0, 0], atol=0.1)
    vectors.unlink()  # what was learnt is in the checkpoint
    after = train("neuraltalk", dataset, tmp_path, "epochs=2", resume=True)
    assert np.array_equal(after["decoder.embedding.weight"], weights["decoder.embedding.weight"]) == frozen
    run("export", tmp_path / "run" / "best", tmp_path / "bundle")


def test_vectors_that_are_wider_are_refused(dataset, tmp_path, vectors):
    with pytest.raises(SettingsError, match=r"have 4 numbers, the words of this model 3; give --set word_width=4"):
        train("security_captioner", dataset, tmp_path, f"word_vectors={vectors}", "word_width=3")


@pytest.mark.parametrize("recipe", ["show_tell", "lrcn_captioner", "show_attend_tell", "attention_on_attention"])
def test_every_captioner_can_begin_with_vectors(dataset, tmp_path, vectors, recipe):
    weights = train(recipe, dataset, tmp_path, f"word_vectors={vectors}", "epochs=1", "learning_rate=1e-9")
    vocabulary = Vocabulary.load(tmp_path / "run" / "last" / "vocabulary.txt")
    red = weights["decoder.embedding.weight"][vocabulary.words.index("red")]
    assert np.allclose(red[:4], [0.5, 0, 0, 0], atol=1e-4)  # a quarter of 16 numbers, as long as random ones there


def test_how_many_words_have_a_vector_is_told(vectors):
    told = []
    origin = Origin(recipes["show_tell"], tell=told.append)
    model, vocabulary = origin.model(origin.settings([*TINY, f"word_vectors={vectors}"]), [["red", "dog"], ["blue"]])
    assert told == [f"2 of {len(vocabulary)} words have a vector: 4 numbers of {vectors}, of the 16 that the model has"]
    assert np.allclose(model.decoder.embedding.weight.detach()[vocabulary.words.index("red")][:4], [0.5, 0, 0, 0])


def test_words_of_matchers_are_frozen_too(vectors):
    for recipe in ("deep_alignments", "joint_embedding", "contrastive_alignments"):
        origin = Origin(recipes[recipe])
        given = [*TINY, "hidden=8", "word_width=8", f"word_vectors={vectors}"]
        for frozen in (False, True):
            model, _ = origin.model(origin.settings([*given, f"frozen_words={frozen}"]), [["red", "dog"], ["blue"]])
            assert model.matcher.embedding.weight.requires_grad is not frozen


def test_frozen_words_are_not_those_that_are_said(dataset, tmp_path, vectors):
    with pytest.raises(SettingsError, match="are one matrix, which has to learn; give --set tied=false"):
        train("show_attend_tell", dataset, tmp_path, f"word_vectors={vectors}", "frozen_words=true")
    untied = train("show_attend_tell", dataset, tmp_path, f"word_vectors={vectors}", "frozen_words=true", "tied=false",
                   "epochs=1")  # fmt: skip
    vocabulary = Vocabulary.load(tmp_path / "run" / "last" / "vocabulary.txt")
    red = untied["decoder.embedding.weight"][vocabulary.words.index("red")]
    assert np.allclose(red[:4], [0.5, 0, 0, 0])


def test_labels_are_kept_only_where_there_are_any(dataset, tmp_path):
    width = encoders["plain_cnn"](frozen=0).whole_width
    PCA(np.zeros(width), np.eye(4, width), np.ones(4)).save(tmp_path / "axes.npz")
    with pytest.raises(SettingsError, match=r"keep_labels=0.5: the encoder .* tells no classes"):
        train("show_tell", dataset, tmp_path, f"encoder=plain_cnn:pca={tmp_path / 'axes.npz'}", "encoder_rate=1e-3",
              "keep_labels=0.5")  # fmt: skip


def test_random_words_are_not_frozen(dataset, tmp_path):
    with pytest.raises(SettingsError, match="does nothing unless word_vectors is other than random"):
        train("neuraltalk", dataset, tmp_path, "frozen_words=true")


def test_words_that_are_gone_on_from_begin_as_nothing_else(dataset, tmp_path, vectors):
    train("show_tell", dataset, tmp_path, "epochs=1")
    more = ["--start-from", tmp_path / "run" / "best", "--output", tmp_path / "more", "--features", tmp_path / "f"]
    with pytest.raises(SettingsError, match="has words of its own, which are gone on from; leave it out"):
        run("train", "show_tell", "--data", dataset, *more, "--set", f"word_vectors={vectors}")


def test_hard_attention_learns_by_its_own_objective_and_goes_on_as_if_never_stopped(dataset, tmp_path):
    whole = train("show_attend_tell", dataset, tmp_path / "whole", "hard=true", "epochs=2")
    begun = train("show_attend_tell", dataset, tmp_path / "halves", "hard=true", "epochs=1")
    resumed = train("show_attend_tell", dataset, tmp_path / "halves", "epochs=2", resume=True)
    assert begun["decoder.baseline"] < 0
    assert resumed["decoder.baseline"] != begun["decoder.baseline"]
    assert whole.keys() == resumed.keys()
    assert all(np.array_equal(whole[name], resumed[name]) for name in whole)


def test_hard_attention_does_not_learn_from_its_own_sentences(dataset, tmp_path):
    """What is drawn goes by the likeliest cells, what would be learnt from by drawn ones: no gradient of the reward."""
    settings = ["hard=true", "draws=2", "epochs=1", "label_smoothing=0"]
    with pytest.raises(SettingsError, match="draws=2 with hard=true: the reward says nothing of the cells"):
        train("show_attend_tell", dataset, tmp_path, *settings)
