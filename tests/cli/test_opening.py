import shutil

from watchword.cli import bundling
from watchword.cli.opening import captioner


def test_a_bundle_has_the_name_that_was_typed(tiny_model):
    assert captioner(tiny_model).name == tiny_model


def test_a_checkpoint_has_the_name_that_was_typed(tiny_model, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "best").mkdir()
    (tmp_path / "best" / "checkpoint.json").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(bundling, "to_folder", lambda checkpoint, folder: shutil.copytree(tiny_model, folder))
    assert captioner("best").name == "best"
