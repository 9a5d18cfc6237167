import json
import shutil

import pytest

from watchword.runtime import shipped


@pytest.fixture
def shipping(tiny_model, tmp_path, monkeypatch):
    shutil.copytree(tiny_model, tmp_path / "models" / "small")
    monkeypatch.setattr(shipped, "_MODELS", tmp_path / "models")
    return tmp_path / "models" / "small"


def test_the_table_shows_what_the_manifest_says(watchword, shipping):
    done = watchword("models")
    assert done.status == 0
    for text in ("small", "by_hand", "CIDEr-D 0.500", "CC0-1.0"):
        assert text in done.out


def test_json(watchword, shipping):
    (row,) = json.loads(watchword("models", "--json").out)
    size = sum(file.stat().st_size for file in shipping.iterdir() if file.name != "bundle.json")
    assert row == {
        "name": "small",
        "bytes": size,
        "recipe": "by_hand",
        "licence": "CC0-1.0",
        "scores": {"CIDEr-D": 0.5},
        "picture_size": 8,
        "path": str(shipping),
    }


def test_without_models(watchword, tmp_path, monkeypatch):
    monkeypatch.setattr(shipped, "_MODELS", tmp_path)
    assert "no model ships" in watchword("models").out
    assert json.loads(watchword("models", "--json").out) == []
