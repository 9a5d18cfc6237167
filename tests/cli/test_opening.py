import shutil

import pytest

from watchword.cli import bundling
from watchword.cli.opening import captioner
from watchword.core.errors import BundleError
from watchword.runtime.together import Together


def test_a_bundle_has_the_name_that_was_typed(tiny_model):
    assert captioner(tiny_model).name == tiny_model


def test_a_checkpoint_has_the_name_that_was_typed(tiny_model, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "best").mkdir()
    (tmp_path / "best" / "checkpoint.json").write_text(
        '{"format": 1, "recipe": "show_tell", "settings": {}}', encoding="utf-8"
    )
    monkeypatch.setattr(bundling, "to_folder", lambda checkpoint, folder: shutil.copytree(tiny_model, folder))
    assert captioner("best").name == "best"


def test_models_with_a_plus_between_them_are_an_ensemble(tiny_model, tmp_path):
    second = shutil.copytree(tiny_model, tmp_path / "second")
    opened = captioner(f"{tiny_model}+{second}")
    assert isinstance(opened, Together)
    assert [member.name for member in opened.members] == [tiny_model, str(second)]


def test_a_path_with_a_plus_in_it_is_one_model(tiny_model, tmp_path):
    path = shutil.copytree(tiny_model, tmp_path / "small+large")
    assert captioner(str(path)).name == str(path)


@pytest.mark.parametrize("model", ["{}+", "+{}", "+"])
def test_a_plus_without_a_model_beside_it_is_refused(tiny_model, model):
    with pytest.raises(BundleError, match=r"lacks a model beside a \"\+\"; an ensemble is given as in first\+second"):
        captioner(model.format(tiny_model))


def test_a_model_of_an_ensemble_that_is_not_there_is_named(tiny_model):
    with pytest.raises(BundleError, match="no model 'nowhere'"):
        captioner(f"{tiny_model}+nowhere")
