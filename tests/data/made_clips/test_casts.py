import json

import numpy as np
import pytest
from PIL import Image

from tests.data.made_clips.stand_ins import COLOURS, write_instances, write_pictures
from watchword.core.errors import DataError
from watchword.data.made_clips.casts import Drawn, Pictures, trimmed
from watchword.data.made_clips.instances import Instances
from watchword.data.made_clips.outlines import outlines_of
from watchword.data.made_clips.shares import shares
from watchword.data.made_clips.world import Thing


def rng(seed=0):
    return np.random.default_rng(seed)


def untold(error):
    raise AssertionError(error)


def test_drawn_things_have_names_of_their_own_and_soft_edges():
    things = Drawn().things(rng())
    assert len({thing.name for thing in things}) == len(things) >= 12
    for thing in things:
        cutout = Drawn().cutout(thing, "train", rng())
        assert cutout.shape == (160, 160, 4)
        assert cutout[0, 0, 3] == 0
        assert 0.15 < (cutout[..., 3] > 128).mean() < 0.95
        assert ((cutout[..., 3] > 20) & (cutout[..., 3] < 235)).any()


def test_no_drawn_thing_looks_the_same_after_a_turn():
    for thing in Drawn().things(rng()):
        cutout = Drawn().cutout(thing, "train", rng()).astype(int)
        for turns in (1, 2, 3):
            assert np.abs(cutout - np.rot90(cutout, turns)).mean() > 3, thing


def test_pictures_are_named_by_folder_or_file(tmp_path):
    cast = Pictures(write_pictures(tmp_path), untold)
    assert [thing.name for thing in cast.things(rng())] == ["cup", "dog", "red car", "tree"]
    assert cast.cutout(Thing("cup"), "val", rng()).shape == (30, 40, 4)  # without its empty margin


def test_a_picture_that_shows_nothing_is_passed_over(tmp_path):
    write_pictures(tmp_path)
    Image.new("RGBA", (20, 20)).save(tmp_path / "dog" / "1.png")
    (tmp_path / "cup.png").write_bytes(b"broken")
    told = []
    cast = Pictures(tmp_path, told.append)
    for seed in range(6):
        assert cast.cutout(Thing("dog"), "train", rng(seed)).any()
    assert "transparent" in str(told[0])
    with pytest.raises(DataError, match=r"no picture of 'cup' can be used.*cup\.png"):
        cast.cutout(Thing("cup"), "train", rng())


def test_too_few_names_and_unknown_ones_are_refused(tmp_path):
    write_pictures(tmp_path)
    with pytest.raises(DataError, match=r"no zebra; there are: cup, dog"):
        Pictures(tmp_path, untold, ["dog", "zebra"])
    with pytest.raises(DataError, match=r"1 different things \(dog\)"):
        Pictures(tmp_path, untold, ["dog"])


@pytest.mark.parametrize("name", COLOURS)
def test_what_is_in_a_box_is_cut_out(tmp_path, name):
    pytest.importorskip("cv2")
    cast = Instances(*write_instances(tmp_path), untold)
    cutout = cast.cutout(Thing(name), "train", rng())
    opaque = cutout[..., :3][cutout[..., 3] > 250]
    assert np.abs(opaque.mean(0) - COLOURS[name]).max() < 12  # nothing of the green around it
    assert cutout[0, 0, 3] == 0
    assert np.array_equal(cutout, Instances(*write_pair(tmp_path), untold).cutout(Thing(name), "train", rng()))


def write_pair(folder):
    return folder / "instances.json", folder / "photos"


def test_an_outline_is_kept_to(tmp_path):
    cast = Instances(*write_instances(tmp_path, outline=True), untold)
    cutout = cast.cutout(Thing("dog"), "train", rng())
    assert cutout[2, 2, 3] == cutout[2, -3, 3] == 0  # a triangle that points up
    assert cutout[-4, cutout.shape[1] // 2, 3] > 250


def test_what_does_not_stand_out_is_left_out(tmp_path):
    pytest.importorskip("cv2")
    file, photos = write_instances(tmp_path)
    Image.new("RGB", (160, 160), (60, 140, 70)).save(photos / f"{1:012d}.jpg")
    with pytest.raises(DataError, match=r"3 different things \(cat, cow, cup\)"):
        Instances(file, photos, untold)


def test_a_broken_photo_is_passed_over(tmp_path):
    file, photos = write_instances(tmp_path, outline=True, each=4)
    (photos / f"{2:012d}.jpg").write_bytes(b"no photo")
    told = []
    cast = Instances(file, photos, told.append)
    for seed in range(5):
        assert cast.cutout(Thing("dog"), "train", rng(seed)).shape[2] == 4
    assert told


def test_names_with_fewer_than_three_usable_boxes_are_left_out(tmp_path):
    file, photos = write_instances(tmp_path)
    document = json.loads(file.read_text())
    document["annotations"][0]["bbox"] = [0, 0, 5, 5]
    file.write_text(json.dumps(document))
    with pytest.raises(DataError, match=r"3 different things \(cat, cow, cup\)"):
        Instances(file, photos, untold)


def test_crowds_are_left_out(tmp_path):
    file, photos = write_instances(tmp_path, outline=True)
    document = json.loads(file.read_text())
    document["annotations"][0]["iscrowd"] = 1
    file.write_text(json.dumps(document))
    assert len(outlines_of(file)[1]) == 1
    with pytest.raises(DataError, match="3 different things"):
        Instances(file, photos, untold)


def test_each_split_has_its_own():
    for count in (3, 9, 10, 35):
        shared = shares(range(count))
        assert sorted(each for split in shared.values() for each in split) == list(range(count))
        assert len(shared["val"]) == len(shared["test"]) == max(1, count // 10)
    assert shares("ab") == {"train": ["a", "b"], "val": ["a", "b"], "test": ["a", "b"]}


def test_an_empty_cutout_is_refused():
    with pytest.raises(Exception, match="transparent"):
        trimmed(np.zeros((5, 5, 4), np.uint8))
