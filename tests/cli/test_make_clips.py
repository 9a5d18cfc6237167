import json
import sys

import pytest
from PIL import Image

from tests.data.made_clips.stand_ins import write_instances, write_pictures
from watchword.data.readers.open import read_dataset

pytest.importorskip("av")


@pytest.fixture
def make(watchword, tmp_path, monkeypatch):
    """Make small clips in the folder "made" of a fresh folder."""
    monkeypatch.chdir(tmp_path)
    return lambda *more, count=4: watchword("data", "make-clips", "made", "--count", count, "--size", 64, *more)


def rows_of(folder):
    return [json.loads(line) for line in (folder / "clips.jsonl").read_text(encoding="utf-8").splitlines()]


def test_a_set_is_made_from_nothing_and_read_as_data(make, tmp_path):
    ran = make("--sheet", "sheet.png", "--rows", 2)
    assert ran.status == 0, ran.err
    assert ran.out.startswith("4 clips (")
    examples = read_dataset(tmp_path / "made" / "clips.jsonl")
    assert [example.id for example in examples] == ["000000", "000001", "000002", "000003"]
    for example, row in zip(examples, rows_of(tmp_path / "made"), strict=True):
        assert example.path.stat().st_size > 500
        assert len(example.sentences) == 5
        assert example.labels == (row["label"],)
        assert example.extra["tuple"] == row["tuple"]
        assert example.extra["events"] == row["events"]
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.width > 900


def test_the_rows_are_the_same_bytes_every_time(make, tmp_path):
    make()
    first = (tmp_path / "made" / "clips.jsonl").read_bytes()
    (tmp_path / "made").rename(tmp_path / "before")
    make()
    assert (tmp_path / "made" / "clips.jsonl").read_bytes() == first


def test_going_on_makes_what_is_missing_and_no_more(make, tmp_path):
    make()
    clips = tmp_path / "made" / "clips"
    (clips / "000001.mp4").unlink()
    (tmp_path / "made" / "clips.jsonl").unlink()
    before = {path.name: path.stat().st_mtime_ns for path in clips.iterdir()}
    assert make("--resume", count=6).status == 0
    assert {path.name for path in clips.iterdir()} == {f"{number:06d}.mp4" for number in range(6)}
    assert all((clips / name).stat().st_mtime_ns == time for name, time in before.items())
    assert len(rows_of(tmp_path / "made")) == 6


def test_a_stopped_run_keeps_its_clips(make, tmp_path, monkeypatch):
    from watchword.cli import clip_making

    written = clip_making.write_clip

    def stopping(place, frames):
        if place.name == "000002.mp4":
            raise KeyboardInterrupt
        written(place, frames)

    monkeypatch.setattr(clip_making, "write_clip", stopping)
    ran = make()
    assert ran.status == 130
    assert "--resume goes on" in ran.err
    monkeypatch.undo()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stderr", sys.__stderr__)
    assert sorted(path.name for path in (tmp_path / "made" / "clips").iterdir()) == ["000000.mp4", "000001.mp4"]
    assert not (tmp_path / "made" / "clips.jsonl").exists()


def test_json(make):
    report = json.loads(make("--json").out)
    assert report["clips"] == sum(report["splits"].values()) == sum(report["labels"].values()) == 4


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--images", "x"], "about --objects, which is not given"),
        (["--only", "dog"], "about --objects, which is not given"),
        (["--objects", "instances.json"], "give their folder as --images"),
        (["--objects", ".", "--images", "."], "is a folder of pictures"),
        (["--objects", "instances.json", "--images", "nowhere"], "is no folder"),
        (["--objects", "nothing.json", "--images", "."], "nothing.json does not exist"),
        (["--backgrounds", "nowhere"], "is no folder"),
        (["--size", "65"], "an even number"),
        (["--sheet", "made.txt"], "is no PNG"),
    ],
)
def test_what_cannot_be_made_is_said_before_anything_is(make, tmp_path, more, message):
    (tmp_path / "made.txt").write_text("mine")
    ran = make(*more)
    assert ran.status == 2
    assert message in ran.err
    assert not (tmp_path / "made").exists()


def test_a_set_is_not_written_over_nor_mixed(make, tmp_path):
    make()
    assert "go on with it by --resume" in make().err
    other = make("--resume", "--seed", 5)
    assert other.status == 2
    assert "begun with seed 0, now 5" in other.err
    fewer = make("--resume", count=3)
    assert fewer.status == 2
    assert "holds 4 clips, more than the 3 of --count: give at least as many" in fewer.err
    assert len(rows_of(tmp_path / "made")) == 4
    (tmp_path / "made" / "made.json").unlink()
    assert "no set of made clips" in make("--resume").err


def test_pictures_and_photos_of_ones_own(make, tmp_path):
    things = write_pictures(tmp_path / "things")
    (tmp_path / "grounds").mkdir()
    Image.new("RGB", (50, 70), (20, 90, 160)).save(tmp_path / "grounds" / "sky.png")
    (tmp_path / "grounds" / "torn.jpg").write_bytes(b"\xff\xd8\xff")
    ran = make("--objects", things, "--backgrounds", "grounds", count=8)
    assert ran.status == 1
    assert "passed over: 'grounds/torn.jpg'" in ran.err
    named = {row["tuple"]["subject"] for row in rows_of(tmp_path / "made")}
    assert named <= {"cup", "dog", "red car", "tree"}


def test_instances_of_coco(make, tmp_path):
    file, photos = write_instances(tmp_path, outline=True)
    assert make("--objects", file, "--images", photos, "--difficulty", 3).status == 0
    assert {row["difficulty"] for row in rows_of(tmp_path / "made")} == {3}


def test_without_pyav_it_says_what_to_install(make, monkeypatch):
    monkeypatch.setitem(sys.modules, "av", None)
    ran = make()
    assert ran.status == 2
    assert "pip install '.[video]'" in ran.err


def test_what_is_made_passes_the_check_and_a_torn_clip_does_not(make, watchword, tmp_path):
    make()
    assert "Nothing is wrong." in watchword("data", "check", "made/clips.jsonl").out
    clip = tmp_path / "made" / "clips" / "000002.mp4"
    clip.write_bytes(clip.read_bytes()[:200])
    ran = watchword("data", "check", "made/clips.jsonl", "--json")
    assert ran.status == 1
    assert [(each["kind"], each["id"]) for each in json.loads(ran.out)["problems"]] == [("broken", "000002")]
