import numpy as np
import pytest
from PIL import Image

from watchword.core.errors import DataError
from watchword.data.made_clips.casts import Drawn
from watchword.data.made_clips.encoding import write_clip
from watchword.data.made_clips.grounds import Photos, Textures, calmed
from watchword.data.made_clips.plan import Plan
from watchword.data.made_clips.world import SIZE, X, Y

PLAN = Plan(Drawn(), Textures(), seed=3, side=64)


def test_the_same_seed_makes_the_same_rows_and_pictures():
    again = Plan(Drawn(), Textures(), seed=3, side=64)
    for number in (0, 3, 6):
        assert PLAN.clip(number).row() == again.clip(number).row()
        assert np.array_equal(PLAN.clip(number).frames(), again.clip(number).frames())
    other = Plan(Drawn(), Textures(), seed=4, side=64)
    assert [PLAN.clip(n).row()["captions"] for n in range(4)] != [other.clip(n).row()["captions"] for n in range(4)]


@pytest.mark.parametrize("number", [0, 2, 4, 6])
def test_twins_show_the_same_pictures_the_other_way_round(number):
    first, second = PLAN.clip(number), PLAN.clip(number + 1)
    assert np.array_equal(first.frames(), second.frames()[::-1])
    assert first.row()["group"] == second.row()["group"]
    assert first.split == second.split
    assert not set(first.row()["captions"]) & set(second.row()["captions"])


def test_without_twins_every_clip_is_a_scene_of_its_own():
    plan = Plan(Drawn(), Textures(), seed=3, side=64, twins=False)
    assert len({plan.clip(number).row()["group"] for number in range(8)}) == 8


def test_of_ten_scenes_eight_are_for_training():
    for first in (0, 20, 40):
        splits = [PLAN.clip(number).split for number in range(first, first + 20)]
        assert [splits.count(name) for name in ("train", "val", "test")] == [16, 2, 2]


def test_a_row_says_what_happens():
    for number in range(16):
        clip = PLAN.clip(number)
        row, main = clip.row(), clip.script.main
        assert row["label"] == row["tuple"]["verb"] == main.verb
        assert row["tuple"]["subject"] == clip.script.things[main.actor].name
        assert len(row["captions"]) == 5
        assert row["seconds"] == row["frames"] / 8 == clip.script.frames / 8
        assert all(0 <= each["start"] < each["end"] < row["seconds"] for each in row["events"])
        assert [each["verb"] for each in row["events"]] == [event.verb for event in clip.script.events]


def test_levels_are_taken_in_turn():
    plan = Plan(Drawn(), Textures(), levels=(2, 4), side=64)
    assert [plan.clip(number).row()["difficulty"] for number in range(6)] == [2, 2, 4, 4, 2, 2]


def test_things_are_painted_where_the_script_has_them():
    """At the first difficulty only the thing differs from frame to frame."""
    plan = Plan(Drawn(), Textures(), seed=1, levels=(1,), side=96)
    checked = 0
    for number in range(0, 24, 2):
        clip = plan.clip(number)
        if clip.script.main.verb not in ("move left", "move right", "move up", "move down"):
            continue
        frames, track = clip.frames().astype(int), clip.script.tracks[0]
        rows, columns = np.nonzero(np.abs(frames[0] - frames[-1]).sum(-1) > 40)
        for places, axis in ((columns, X), (rows, Y)):
            low = (track[[0, -1], axis] - track[[0, -1], SIZE] / 2).min() * 96
            high = (track[[0, -1], axis] + track[[0, -1], SIZE] / 2).max() * 96
            assert low - 3 <= places.min() <= places.max() <= high + 3
        checked += 1
    assert checked >= 2


def test_what_passes_behind_is_hidden():
    plan = Plan(Drawn(), Textures(), seed=2, levels=(3,), side=96)
    for number in range(0, 60, 2):
        clip = plan.clip(number)
        event = clip.script.main
        if event.verb not in ("pass behind", "pass in front of"):
            continue
        actor, target = clip.script.tracks[event.actor], clip.script.tracks[event.target]
        meets = int(np.abs(actor[:, X] - target[:, X]).argmin())
        y, x = round(target[meets, Y] * 96), round(target[meets, X] * 96)
        spot = clip.frames()[:, y - 2 : y + 3, x - 2 : x + 3].astype(int)
        changed = np.abs(spot[meets] - spot[event.start]).mean() > 12
        assert not (changed and event.verb == "pass behind")


def test_photos_are_shared_out_over_the_splits(tmp_path):
    for number in range(12):
        Image.new("RGB", (40, 30), (number * 20, 0, 0)).save(tmp_path / f"{number}.png")
    photos = Photos([tmp_path], 0, lambda error: None)
    seen = {
        split: {int(photos.ground(8, split, np.random.default_rng(seed))[0, 0, 0]) for seed in range(40)}
        for split in ("train", "val", "test")
    }
    assert len(seen["train"]) == 10
    assert len(seen["train"] | seen["val"] | seen["test"]) == 12


def test_a_broken_photo_is_told_of_and_another_taken(tmp_path):
    Image.new("RGB", (40, 30), (90, 0, 0)).save(tmp_path / "a.png")
    (tmp_path / "b.png").write_bytes(b"")
    told = []
    photos = Photos([tmp_path], 0, told.append)
    for seed in range(8):
        assert photos.ground(8, "train", np.random.default_rng(seed))[0, 0, 0] == 90
    assert "b.png" in str(told[0])


@pytest.mark.parametrize(("made", "message"), [(False, "is no folder"), (True, "there is no photo in")])
def test_folders_without_photos_are_refused(tmp_path, made, message):
    folder = tmp_path / "photos"
    if made:
        folder.mkdir()
    with pytest.raises(DataError, match=message):
        Photos([folder], 0, lambda error: None)


def test_grounds_are_calmer_where_it_is_easier():
    ground = Textures().ground(64, "train", np.random.default_rng(0))
    spread = [calmed(ground, level).std() for level in (1, 2, 3, 4)]
    assert spread == sorted(spread)
    assert np.array_equal(calmed(ground, 4), ground)


def test_a_clip_is_written_whole_and_reads_as_it_was(tmp_path):
    av = pytest.importorskip("av")
    frames = PLAN.clip(0).frames()
    write_clip(tmp_path / "a.mp4", frames)
    assert [path.name for path in tmp_path.iterdir()] == ["a.mp4"]
    with av.open(str(tmp_path / "a.mp4")) as container:
        read = np.stack([frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)])
        assert container.streams.video[0].average_rate == 8
    assert read.shape == frames.shape
    assert np.abs(read.astype(int) - frames).mean() < 6


def test_a_clip_that_cannot_be_written_leaves_nothing(tmp_path):
    pytest.importorskip("av")
    with pytest.raises(DataError, match=r"a\.mp4' cannot be written"):
        write_clip(tmp_path / "missing" / "a.mp4", PLAN.clip(0).frames())
    assert not list(tmp_path.iterdir())
