"""Data sets of clips, in the formats in which they are published, each made small."""

import json

import pytest

from watchword.core.errors import DataError
from watchword.data.readers.open import read_dataset

MSVD_CSV = """VideoID,Start,End,WorkerID,Source,AnnotationTime,Language,Description
mv89psg6zh4,33,46,588702,unverified,55,Slovene,Papagaj se umiva pod tekočo vodo v lijaku.
mv89psg6zh4,33,46,362812,unverified,76,Macedonian,папагал се бања
mv89psg6zh4,33,46,968828,unverified,23,English,"A bird is bathing in a sink, happily."
mv89psg6zh4,33,46,203142,unverified,14,English,A faucet is running while a bird stands in the sink below.
-4wsuPCjDBc,5,15,203142,clean,14,English,A squirrel eats a nut.
-4wsuPCjDBc,5,15,203142,clean,14,English,
"""
MSVD_TEXT = """# Copyright of the descriptions lies with their makers.
#
-4wsuPCjDBc_5_15 a squirrel is eating a peanut in it's shell
-4wsuPCjDBc_5_15 a chipmunk is eating
mv89psg6zh4_33_46 a bird is bathing
"""
MSRVTT = {
    "info": {"contributor": "Microsoft", "version": "1.0"},
    "videos": [
        {
            "category": 9,
            "url": "https://www.youtube.com/watch?v=9lZi22qLlEo",
            "video_id": "video0",
            "start time": 137.72,
            "end time": 149.44,
            "split": "train",
            "id": 0,
        },
        {
            "category": 16,
            "url": "https://www.youtube.com/watch?v=w4JM08PDEng",
            "video_id": "video6513",
            "start time": 184.33,
            "end time": 209.89,
            "split": "validate",
            "id": 6513,
        },
    ],
    "sentences": [
        {"caption": "a car is shown", "video_id": "video0", "sen_id": 0},
        {"caption": "someone is cooking", "video_id": "video6513", "sen_id": 2},
        {"caption": "a vehicle drives", "video_id": "video0", "sen_id": 1},
    ],
}
TACOS = {
    "s13-d21.avi": {
        "timestamps": [[252, 452], [470, 588], [252, 452]],
        "sentences": ["He took out cutting board", "He took out knife", "The man got a board."],
        "fps": 29.4,
        "num_frames": 17031,
    }
}


def written(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def touched(*paths):
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def test_msvd_as_a_table(tmp_path):
    touched(tmp_path / "YouTubeClips" / "mv89psg6zh4_33_46.avi")
    rows = read_dataset(written(tmp_path / "MSR Video Description Corpus.csv", MSVD_CSV))
    assert [(row.id, row.sentences) for row in rows] == [
        (
            "mv89psg6zh4_33_46",
            (
                "A bird is bathing in a sink, happily.",
                "A faucet is running while a bird stands in the sink below.",
            ),
        ),
        ("-4wsuPCjDBc_5_15", ("A squirrel eats a nut.",)),
    ]
    assert rows[0].path == tmp_path / "YouTubeClips" / "mv89psg6zh4_33_46.avi"
    assert rows[1].path.name == "-4wsuPCjDBc_5_15.avi"
    assert [row.split for row in rows] == ["train", "train"]
    assert rows[0].extra == {"group": "mv89psg6zh4"}


def test_msvd_as_the_older_text(tmp_path):
    touched(tmp_path / "mp4" / "mv89psg6zh4_33_46.mp4")
    rows = read_dataset(written(tmp_path / "AllVideoDescriptions.txt", MSVD_TEXT), tmp_path / "mp4")
    assert [(row.id, len(row.sentences)) for row in rows] == [("-4wsuPCjDBc_5_15", 2), ("mv89psg6zh4_33_46", 1)]
    assert rows[1].path == tmp_path / "mp4" / "mv89psg6zh4_33_46.mp4"


def test_msvd_has_the_splits_of_the_papers(tmp_path):
    """By the order of names where all clips are there, else by the list of numbers that is handed around with them."""
    names = sorted(f"{number * 7919 % 99991:011d}_1_{2 + number % 9}" for number in range(1970))
    text = "".join(f"{name} A dog runs.\n" for name in reversed(names))
    rows = {row.id: row.split for row in read_dataset(written(tmp_path / "AllVideoDescriptions.txt", text))}
    assert [rows[name] for name in names] == ["train"] * 1200 + ["val"] * 100 + ["test"] * 670
    written(tmp_path / "youtube_mapping.txt", "-4wsuPCjDBc_5_15 vid1250\nmv89psg6zh4_33_46 vid1970\n")
    rows = read_dataset(written(tmp_path / "few.txt", MSVD_TEXT))
    assert [row.split for row in rows] == ["val", "test"]


def test_msvd_told_of_more_clips_than_there_are_counts_those_that_are_there(tmp_path):
    """The table tells of 2,089 clips; 1,970 of them were kept."""
    names = sorted(f"{number * 7919 % 99991:011d}_1_{2 + number % 9}" for number in range(2000))
    there = [name for place, name in enumerate(names) if place % 60 != 7 or place > 1800]
    assert len(there) == 1970
    touched(*(tmp_path / "clips" / f"{name}.avi" for name in there))
    text = "".join(f"{name} A dog runs.\n" for name in names)
    rows = {row.id: row.split for row in read_dataset(written(tmp_path / "AllVideoDescriptions.txt", text))}
    assert [rows[name] for name in there] == ["train"] * 1200 + ["val"] * 100 + ["test"] * 670


def test_msvd_lines_that_are_amiss_are_named(tmp_path):
    with pytest.raises(DataError, match=r"AllVideoDescriptions\.txt, line 2: no clip and sentence"):
        read_dataset(written(tmp_path / "AllVideoDescriptions.txt", "mv89psg6zh4_33_46 a bird\nnonsense\n"))
    with pytest.raises(DataError, match="line 2: 'Start' is 'x', no number of seconds"):
        read_dataset(written(tmp_path / "a.csv", "VideoID,Start,End,Description\nmv89psg6zh4,x,46,A bird.\n"))


def test_msrvtt(tmp_path):
    touched(tmp_path / "TrainValVideo" / "video0.mp4")
    rows = read_dataset(written(tmp_path / "train_val_videodatainfo.json", MSRVTT), tmp_path / "TrainValVideo")
    assert [(row.id, row.sentences, row.labels, row.split) for row in rows] == [
        ("video0", ("a car is shown", "a vehicle drives"), ("vehicles/autos",), "train"),
        ("video6513", ("someone is cooking",), ("food/drink",), "val"),
    ]
    assert rows[0].path == tmp_path / "TrainValVideo" / "video0.mp4"
    assert rows[0].span is None  # the files are cut already
    assert rows[0].extra["start time"] == 137.72


def test_msrvtt_whose_sentence_is_of_no_video(tmp_path):
    broken = MSRVTT | {"sentences": [{"caption": "a car", "video_id": "video7"}]}
    with pytest.raises(DataError, match="sentence 0: it is of 'video7', which is not among the videos"):
        read_dataset(written(tmp_path / "data.json", broken))


def test_tacos_multi_level(tmp_path):
    touched(tmp_path / "clips" / "s13-d21.avi")
    rows = read_dataset(written(tmp_path / "val.json", TACOS), tmp_path / "clips")
    assert [(row.sentences, row.split) for row in rows] == [
        (("He took out cutting board", "The man got a board."), "val"),
        (("He took out knife",), "val"),
    ]
    assert rows[0].span == pytest.approx((252 / 29.4, 452 / 29.4))
    assert {row.path for row in rows} == {tmp_path / "clips" / "s13-d21.avi"}
    assert len({row.id for row in rows}) == 2
    assert rows[0].extra["group"] == "s13-d21.avi"  # never parted by what is held out


def test_rows_with_lists_of_times(tmp_path):
    lines = [{"video": name, "split": "test", **value} for name, value in TACOS.items()] * 2
    rows = read_dataset(written(tmp_path / "a.jsonl", "".join(json.dumps(line) + "\n" for line in lines)))
    assert [len(row.sentences) for row in rows] == [4, 2]
    assert rows[0].split == "test"
    lines[0]["sentences"] = lines[0]["sentences"][:2]
    with pytest.raises(DataError, match="3 timestamps for 2 sentences"):
        read_dataset(written(tmp_path / "a.jsonl", json.dumps(lines[0])))


def test_ucf101_split_lists(tmp_path):
    clip = tmp_path / "UCF-101" / "ApplyEyeMakeup" / "v_ApplyEyeMakeup_g08_c01.avi"
    touched(clip)
    train = "ApplyEyeMakeup/v_ApplyEyeMakeup_g08_c01.avi 1\r\nYoYo/v_YoYo_g25_c05.avi 101\r\n"
    rows = read_dataset(written(tmp_path / "ucfTrainTestlist" / "trainlist01.txt", train))
    assert [(row.labels, row.split, row.extra["group"]) for row in rows] == [
        (("ApplyEyeMakeup",), "train", "ApplyEyeMakeup_g08"),
        (("YoYo",), "train", "YoYo_g25"),
    ]
    assert rows[0].path.resolve() == clip
    test = "ApplyEyeMakeup/v_ApplyEyeMakeup_g01_c01.avi\n"
    (row,) = read_dataset(written(tmp_path / "ucfTrainTestlist" / "testlist01.txt", test))
    assert (row.labels, row.split) == (("ApplyEyeMakeup",), "test")


def test_a_folder_of_clips_for_each_class(tmp_path):
    touched(tmp_path / "fight" / "a.mp4", tmp_path / "fight" / "b.AVI", tmp_path / "quiet" / "c.webm")
    touched(tmp_path / "quiet" / "notes.doc")
    assert [(row.id, row.labels) for row in read_dataset(tmp_path)] == [
        ("fight/a.mp4", ("fight",)),
        ("fight/b.AVI", ("fight",)),
        ("quiet/c.webm", ("quiet",)),
    ]


def test_json_lines_of_clips(tmp_path):
    touched(tmp_path / "clips" / "a.mp4")
    lines = [
        {"file": "clips/a.mp4", "label": "fight", "group": "g", "fold": 2, "split": "val"},
        {"file": "clips/b.mp4", "captions": ["A dog.", "A cat."], "start": 1, "end": 2.5},
        {"file": "clips/b.mp4", "caption": "A cow.", "start": "2.5", "end": "4"},
        {"file": "clips/b.mp4", "caption": "A bull.", "start": 2.5, "end": 4},
        {"file": "clips/c.mp4", "description": "Somebody falls."},
    ]
    rows = read_dataset(written(tmp_path / "a.jsonl", "".join(json.dumps(line) + "\n" for line in lines)))
    assert [(row.labels, row.sentences, row.span, row.split) for row in rows] == [
        (("fight",), (), None, "val"),
        ((), ("A dog.", "A cat."), (1.0, 2.5), "train"),
        ((), ("A cow.", "A bull."), (2.5, 4.0), "train"),
        ((), ("Somebody falls.",), None, "train"),
    ]
    assert rows[0].path == tmp_path / "clips" / "a.mp4"
    assert rows[0].extra == {"group": "g", "fold": 2}


@pytest.mark.parametrize("times", [{"start": 2, "end": 1}, {"start": 1}, {"start": "x", "end": 3}, {"end": -1}])
def test_times_that_are_none(tmp_path, times):
    row = {"file": "a.mp4", "caption": "A dog.", **times}
    with pytest.raises(DataError, match="give seconds, the end after the start"):
        read_dataset(written(tmp_path / "a.jsonl", json.dumps(row)))


def test_times_of_a_photo_are_of_something_else(tmp_path):
    row = {"file": "a.jpg", "caption": "A dog.", "start": "Monday"}
    (found,) = read_dataset(written(tmp_path / "a.jsonl", json.dumps(row)))
    assert (found.span, found.extra) == (None, {"start": "Monday"})


@pytest.mark.parametrize("name", ["mv89psg6zh4_33_46.avi.npy", "mv89psg6zh4_33_46.npy"])
def test_published_features_stand_for_clips(tmp_path, name):
    touched(tmp_path / "feat" / name)
    rows = read_dataset(written(tmp_path / "AllVideoDescriptions.txt", MSVD_TEXT), tmp_path / "feat")
    assert rows[1].path == tmp_path / "feat" / name
    line = {"file": "mv89psg6zh4_33_46.avi", "caption": "A bird."}
    (row,) = read_dataset(written(tmp_path / "a.jsonl", json.dumps(line)), tmp_path / "feat")
    assert row.path == tmp_path / "feat" / name


def test_paths_from_the_root_on_do_not_say_where_the_others_are(tmp_path):
    """Such a path lies in every folder, so that the first of the usual ones was taken for that of all rows."""
    touched(tmp_path / "far" / "a.mp4", tmp_path / "b.mp4")
    lines = [{"file": str(tmp_path / "far" / "a.mp4"), "label": "x"}, {"file": "b.mp4", "label": "y"}]
    rows = read_dataset(written(tmp_path / "a.jsonl", "".join(json.dumps(line) + "\n" for line in lines)))
    assert [row.path for row in rows] == [tmp_path / "far" / "a.mp4", tmp_path / "b.mp4"]


def test_one_box_in_two_stretches_of_a_clip_is_two_regions(tmp_path):
    box = {"path": "a.mp4", "box": [0, 0, 0.5, 0.5]}
    told = [{**box, "start": 0, "end": 5, "sentence": "a dog"}, {**box, "start": 5, "end": 9, "sentence": "a cat"}]
    rows = read_dataset(written(tmp_path / "a.json", told))
    assert [(row.id, row.span, row.sentences) for row in rows] == [
        ("a.mp4 0-5@0,0,0.5,0.5", (0, 5), ("a dog",)),
        ("a.mp4 5-9@0,0,0.5,0.5", (5, 9), ("a cat",)),
    ]
