"""`watchword export` of a checkpoint that has not learnt anything: what it says and leaves, not how well it speaks."""

from dataclasses import asdict

import numpy as np
import pytest

from watchword.data.vocabulary import Vocabulary
from watchword.recipes import recipes
from watchword.runtime.captioner import Captioner
from watchword.training import checkpoints


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    folder = tmp_path_factory.mktemp("untrained") / "best"
    recipe = recipes["show_tell"]
    settings = recipe.settings(**{**recipe.tiny, "width": 16})
    vocabulary = Vocabulary.build([["a", "dog"], ["a", "cat"]], minimum=1)
    description = {"recipe": recipe.name, "settings": asdict(settings), "photos": 2, "scores": {"CIDEr-D": 0.1}}
    checkpoints.save(folder, recipe.build(settings, vocabulary), description, vocabulary)
    return folder


def test_a_checkpoint_becomes_a_bundle_that_needs_no_checkpoint(watchword, checkpoint, tmp_path):
    (tmp_path / "card.md").write_text("# Mine\n")
    options = ["--card", tmp_path / "card.md", "--licence", "CC0-1.0", "--beam", "2"]
    done = watchword("export", checkpoint, tmp_path / "mine.zip", *options)
    assert (done.status, done.err) == (0, "")
    assert f"describe with  watchword describe --model {tmp_path / 'mine.zip'} PHOTO" in done.out
    opened = Captioner.load(str(tmp_path / "mine.zip"))
    assert (opened.manifest.recipe, opened.manifest.licence, opened.manifest.search.beam) == ("show_tell", "CC0-1.0", 2)
    assert len(opened.describe([np.zeros((8, 8, 3), np.uint8)])) == 1


def test_whole_weights_are_twice_as_large(watchword, checkpoint, tmp_path):
    for name, options in (("half", []), ("whole", ["--float32"])):
        assert watchword("export", checkpoint, tmp_path / name, *options).status == 0
    sizes = [(tmp_path / name / "step.onnx").stat().st_size for name in ("half", "whole")]
    assert sizes[0] < sizes[1]


def test_a_calibration_that_fails_leaves_no_bundle_and_says_how_to_have_one(watchword, checkpoint, photos, tmp_path):
    lines = [f"{photo.name},no such thing,val" for photo in sorted(photos.iterdir())]
    (tmp_path / "captions.csv").write_text("\n".join(["path,sentence,split", *lines]))
    calibrate = ["--calibrate", tmp_path / "captions.csv", "--images", photos]
    done = watchword("export", checkpoint, tmp_path / "mine", *calibrate)
    assert done.status == 2
    assert "or leave out --calibrate" in done.err
    assert not (tmp_path / "mine").exists()


def test_phrases_that_people_say_too_often_are_kept(watchword, checkpoint, photos, tmp_path):
    """Of the training split; what they cost is asked for, or set by the exporter."""
    worn, rare = "a dog and a dog and a cat", "a cat and a cat and a dog"
    rows = [(f"{number}.jpg", worn if number % 3 else rare, "train") for number in range(12)]
    rows += [("12.jpg", "a dog or a cat or a cow", "val"), ("13.jpg", "a dog or a cat or a cow", "val")]
    (tmp_path / "captions.csv").write_text("\n".join(["path,sentence,split", *map(",".join, rows)]))
    done = watchword("export", checkpoint, tmp_path / "mine", "--worn", tmp_path / "captions.csv", "--images", photos)
    assert done.status == 0, done.err
    search = Captioner.load(str(tmp_path / "mine")).manifest.search
    assert "a dog and a dog" in search.worn
    assert "a dog or a cat" not in search.worn
    assert {len(phrase.split()) for phrase in search.worn} == {5}
    assert search.worn_cost == 0
    dear = ["--worn", tmp_path / "captions.csv", "--worn-cost", "2.5"]
    assert watchword("export", checkpoint, tmp_path / "dear", *dear).status == 0
    opened = Captioner.load(str(tmp_path / "dear"))
    assert opened.manifest.search.worn_cost == 2.5
    assert len(opened.describe([np.zeros((8, 8, 3), np.uint8)], worn_cost=0.0)) == 1
    done = watchword("export", checkpoint, tmp_path / "none", "--worn-cost", "2")
    assert done.status == 2
    assert "it goes with --worn" in done.err
    photo = sorted(photos.iterdir())[0]
    done = watchword("describe", photo, "--model", tmp_path / "mine", "--worn-cost", "3")
    assert done.status == 0, done.err
    done = watchword("describe", photo, "--model", checkpoint, "--worn-cost", "3")
    assert done.status == 2
    assert "this model knows no phrases that are said too often" in done.err


def test_boxes_for_words_are_a_matchers(watchword, checkpoint, tmp_path):
    done = watchword("export", checkpoint, tmp_path / "mine", "--boxes", tmp_path)
    assert done.status == 2
    assert "is a captioner, which draws no boxes for words: leave out --boxes" in done.err
    assert not (tmp_path / "mine").exists()
