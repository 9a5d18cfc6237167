"""`watchword index` on made photos and models of a few kilobytes."""

import json
import os
import shutil

import pytest
from PIL import Image

from tests.runtime import tiny, tiny_matcher

pytest.importorskip("lancedb")


@pytest.fixture(scope="session")
def tiny_matcher_model(tmp_path_factory):
    return str(tiny_matcher.write_bundle(tmp_path_factory.mktemp("bundle") / "matcher"))


@pytest.fixture
def indexed(watchword, photos, tiny_model, tiny_matcher_model):
    """Run `watchword index` with the tiny models."""
    return lambda *given: watchword("index", *given, "--model", tiny_matcher_model, "--describe", tiny_model)


def test_photos_are_indexed_and_brought_up_to_date(indexed, photos):
    ran = indexed("photos")
    assert ran.status == 0
    assert ran.out.startswith("photos.index: 3 added; 3 photos, ")
    assert ran.err == ""
    (photos / "red.png").rename(photos / "rouge.png")
    os.remove(photos / "green.png")
    shutil.copy(photos / "blue.png", photos / "again.png")
    found = json.loads(indexed("photos", "--json").out)
    assert {name: found[name] for name in ("added", "changed", "moved", "removed", "unchanged", "photos")} == {
        "added": 1,
        "changed": 0,
        "moved": 1,
        "removed": 1,
        "unchanged": 1,
        "photos": 3,
    }
    assert (found["index"], found["failed"]) == ("photos.index", [])


def test_what_cannot_be_indexed_is_named_and_the_rest_is_indexed(indexed, photos):
    (photos / "torn\n[b].png").write_bytes(b"")
    ran = indexed("photos", "--index", "deep/er.index")
    assert ran.status == 1
    assert "deep/er.index: 3 added, 1 failed; 3 photos" in ran.out
    assert "1 not indexed:" in ran.err
    assert r"torn\n[b].png: is empty (0 bytes)" in ran.err
    again = indexed("photos", "--index", "deep/er.index", "--json")
    assert again.status == 1
    assert json.loads(again.out)["failed"][0]["path"] == str(photos / "torn\n[b].png")


def test_nothing_to_index_makes_no_index(indexed, tmp_path):
    (tmp_path / "empty").mkdir()
    ran = indexed("empty")
    assert (ran.status, ran.out) == (2, "")
    assert "there is no photo in 'empty'; give photos, folders" in ran.err
    assert "matches the pattern 'x*'" in indexed("x*").err
    assert not (tmp_path / "photos.index").exists()


@pytest.mark.parametrize("named", ["gone", "gone.png", "x*"])
def test_an_index_stays_where_there_is_nothing_to_begin_anew_with(indexed, photos, named):
    indexed("photos")
    ran = indexed(named, "--rebuild")
    assert (ran.status, ran.out) == (2, "")
    assert f"there is no photo in {named!r}" in ran.err
    assert json.loads(indexed("photos", "--json").out)["unchanged"] == 3
    assert indexed(named, "--index", "new.index").status == 2


def test_an_index_of_another_format_is_made_anew_if_asked(indexed, photos, tmp_path):
    from watchword.retrieval.tables import Tables

    indexed("photos")
    Tables(tmp_path / "photos.index").open("about").update(values={"json": '{"format": 9, "model": "m", "width": 4}'})
    assert "make it anew (watchword index FOLDER --index 'photos.index' --rebuild" in indexed("photos").err
    assert indexed("photos", "--rebuild").status == 0


def test_photos_are_taken_out(indexed, photos):
    indexed("photos")
    ran = indexed("photos/red.png", "--remove")
    assert (ran.status, ran.out) == (0, "photos.index: 1 removed, 2 photos left\n")
    assert json.loads(indexed("photos", "--remove", "--json").out)["removed"] == 2
    assert (photos / "red.png").exists()
    assert "give one" in indexed("photos", "--remove", "--rebuild").err
    nothing = indexed("photos", "phtoos", "--remove")
    assert (nothing.status, nothing.out) == (1, "photos.index: 0 removed, 0 photos left\n")
    assert "2 not removed:" in nothing.err
    assert "phtoos: no photo of the index is there; check it" in nothing.err
    missing = indexed("photos", "--remove", "--index", "elsewhere")
    assert missing.status == 2
    assert "there is no index at 'elsewhere'" in missing.err


def test_another_model_is_refused_unless_it_is_to_begin_anew(watchword, indexed, photos, tmp_path):
    indexed("photos")
    other = tiny_matcher.write_bundle(tmp_path / "other")
    (other / "vocabulary.txt").write_text("\n".join([*tiny_matcher.WORDS[:-1], "violet"]) + "\n")
    own = {"kind": "matcher", "boxes": tiny_matcher.BOXES, "width": 3}
    tiny.seal(other, **dict.fromkeys(("shapes", "labels", "search", "calibration")), **own)
    ran = watchword("index", "photos", "--describe", "small", "--no-describe")
    assert (ran.status, "give one" in ran.err) == (2, True)
    ran = watchword("index", "photos", "--model", other, "--no-describe")
    assert ran.status == 2
    assert "is of the model" in ran.err
    assert "--rebuild" in ran.err
    ran = watchword("index", "photos", "--model", other, "--no-describe", "--rebuild")
    assert (ran.status, ran.err) == (0, "")


def test_models_that_are_no_matcher(watchword, photos, tiny_model):
    assert "no model 'nowhere'" in watchword("index", "photos", "--model", "nowhere").err
    assert "not 'matcher'" in watchword("index", "photos", "--model", tiny_model).err


def test_a_run_that_is_stopped_keeps_what_it_did(indexed, photos, monkeypatch):
    for number in range(70):
        Image.new("RGB", (8, 8), (number, 0, 0)).save(photos / f"a{number:02}.png")
    from watchword.runtime.matcher import Matcher

    look, looks = Matcher.look, []

    def interrupted(self, pictures):
        looks.append(len(pictures))
        if len(looks) == 2:
            raise KeyboardInterrupt
        return look(self, pictures)

    monkeypatch.setattr(Matcher, "look", interrupted)
    ran = indexed("photos")
    assert ran.status == 130
    assert "what was done until here is kept" in ran.err
    assert json.loads(indexed("photos", "--json").out)["unchanged"] == looks[0] == 64
    looks.clear()
    ran = indexed("photos", "--rebuild")
    assert ran.status == 130
    assert "stopped; the index is as it was" in ran.err
    assert json.loads(indexed("photos", "--json").out)["unchanged"] == 73
