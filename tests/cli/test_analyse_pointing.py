"""Pointing: figures beside plain loops, what cannot be judged, table, figure and page."""

import json

import numpy as np
import pytest
from PIL import Image

from tests.cli.made_matcher import BOXES, LEFT, PHOTOS, RIGHT, WHOLE, Made, photo, region, saved
from watchword.cli.analyse_pointing import draw
from watchword.cli.grounding import Way, _run, figures, ground
from watchword.cli.phrases_asked import phrases_asked
from watchword.cli.pointing_page import drawn
from watchword.core.errors import BundleError, DataError
from watchword.core.snippets import Snippet


@pytest.fixture
def dataset(tmp_path):
    return saved(tmp_path / "data", PHOTOS)


@pytest.fixture
def pointed(watchword, monkeypatch):
    """Run the command on a made matcher."""

    def run(data, *arguments, made=None):
        monkeypatch.setattr("watchword.cli.opening.matcher", lambda name: made or Made())
        return watchword("analyse", "pointing", "made", "--data", data, *arguments)

    return run


def test_phrases_stand_where_their_first_word_or_mark_is_counted(dataset):
    asked, failures, there = phrases_asked(str(dataset), None, None, "val")
    assert (failures, there) == ([], 5)
    assert [(one.text, one.words.start, one.words.stop) for one in asked] == [
        ("A left", 0, 2),
        ("a right", 3, 5),  # after "A", "left", "," and "of": the comma is no word
        ("nothing", 0, 1),
        ("right", 1, 2),
        ("Left", 0, 1),
    ]
    assert np.allclose(asked[-1].boxes, [LEFT, RIGHT])


def test_figures_are_those_of_plain_loops(tmp_path):
    """Made phrases of made sentences, their figures counted one by one."""
    random = np.random.default_rng(0)
    words, photos = ["left", "right", "faint", "of", "a"], []
    for number in range(1, 9):
        said = [str(random.choice(words)) for _ in range(7)]
        rows = []
        for start in range(0, 7, 2):
            low, high = np.sort(random.uniform(0, 1, (2, 2)), 0)
            rows.append(region(" ".join(said[start : start + 2]), (*low, *high), 10 * number, start))
        photos.append(photo(number, [" ".join(said)], rows))
    data = saved(tmp_path / "made", photos)
    asked, _, _ = phrases_asked(str(data), None, None, "val")
    matcher = Made()
    found = figures(ground(matcher, asked, [0.0, 0.3], []))
    assert (found["phrases"], found["photos"], found["sentences"]) == (32, 8, 8)

    inside, covers, iou, chance = [], [], [], []
    for one in asked:
        (read,), (looked,) = matcher.read([one.sentence]), matcher.look([one.photo])
        fits = [sum(float(s @ v) for s in read.vectors[one.words]) for v in looked.vectors]
        judged = [judge(BOXES[place], one.boxes[0]) for place in range(3)]
        for kept, value in zip((inside, covers, iou), judged[int(np.argmax(fits))], strict=True):
            kept.append(value)
        chance.append(np.mean([first for first, _, _ in judged]))
    row = next(row for row in found["ways"] if (row["beta"], row["by"]) == (0, "sum"))
    assert row["centre_in_box"] == pytest.approx(np.mean(inside))
    assert row["covers_centre"] == pytest.approx(np.mean(covers))
    assert row["recall_at_iou_0.5"] == pytest.approx(np.mean(iou))
    baselines = found["baselines"]
    assert baselines["chance"]["centre_in_box"] == pytest.approx(np.mean(chance))
    assert baselines["whole"]["centre_in_box"] == pytest.approx(
        np.mean([judge(BOXES[0], one.boxes[0])[0] for one in asked])
    )
    halves = [[judge(BOXES[place], one.boxes[0])[0] for place in (1, 2)] for one in asked]
    assert baselines["largest_part"]["centre_in_box"] == pytest.approx(np.mean(halves))
    best = max(each["centre_in_box"] for each in baselines.values())
    assert row["ratio"] == pytest.approx(row["centre_in_box"] / best)


def judge(box, drawn):
    """Tell whether a region is right: its middle in the box, the box's middle in it, half of both shared."""

    def middle(one):
        return (one[0] + one[2]) / 2, (one[1] + one[3]) / 2

    def within(point, one):
        return one[0] <= point[0] <= one[2] and one[1] <= point[1] <= one[3]

    def area(one):
        return max(0, one[2] - one[0]) * max(0, one[3] - one[1])

    shared = area([max(box[0], drawn[0]), max(box[1], drawn[1]), min(box[2], drawn[2]), min(box[3], drawn[3])])
    return within(middle(box), drawn), within(middle(drawn), box), shared / (area(box) + area(drawn) - shared) >= 0.5


def test_smoothing_makes_longer_snippets_and_moves_phrases(dataset):
    asked, _, _ = phrases_asked(str(dataset), None, None, "val")
    found = ground(Made(), asked, [0.0, 0.1, 9.0], [])
    # "A left , of a right", "nothing" and "Left right left right": 10 words in 3 sentences
    assert (found.words, found.sentences) == (10, 3)
    assert found.parts == {0.0: 4 + 1 + 4, 0.1: 2 + 1 + 4, 9.0: 3}
    assert [tuple(box) for box in found.where[Way(0.0, "sum")][3:]] == [RIGHT, LEFT]
    assert len({tuple(box) for box in found.where[Way(9.0, "majority")][3:]}) == 1  # one for the whole sentence


def test_the_command_tells_what_it_looked_at(pointed, dataset, tmp_path):
    done = pointed(dataset, "--beta", "0,0.5", "--json")
    assert done.status == 0
    found = json.loads(done.out)
    assert {name: found[name] for name in ("phrases", "phrases_there", "photos", "sentences", "beyond")} == {
        "phrases": 5,
        "phrases_there": 5,
        "photos": 2,
        "sentences": 3,
        "beyond": 0,
    }
    assert [(row["beta"], row["by"]) for row in found["ways"]] == [(0, "sum"), (0, "best word"), (0.5, "majority")]
    done = pointed(dataset, "--beta", "0,0.5", "--html", tmp_path / "page.html")
    assert "5 of 5 phrases, in 3 sentences about 2 photos" in done.out
    text = (tmp_path / "page.html").read_text()
    assert text.count("<article>") == 5
    assert "<b>a right</b>" in text


def test_the_figure_is_drawn(pointed, dataset, tmp_path):
    pytest.importorskip("matplotlib")
    assert pointed(dataset, "--output", tmp_path / "plot.png").status == 0
    with Image.open(tmp_path / "plot.png") as plot:
        assert plot.format == "PNG"
    row = {"centre_in_box": 0.0, "covers_centre": 0.0, "recall_at_iou_0.5": 0.0}
    way = {"beta": 0.5, "by": "majority", "ratio": None, "words_a_snippet": 1.0}
    found = {"ways": [way | row], "baselines": {"chance": row, "whole": row, "largest_part": row}}
    draw(found, tmp_path / "never_right.svg")  # without beta 0


def test_what_cannot_be_judged_is_named_and_the_rest_counts(pointed, tmp_path):
    photos = [
        photo(
            1,
            ["a left", "of a right"],
            [
                region("a left", LEFT, 10, 0),
                region("a right", RIGHT, 10, 0),  # not in that sentence
                region("a right", RIGHT, 11, 2),  # not at that place
                region("right", RIGHT, 77, 0),  # no such sentence
                region("...", RIGHT, 10, 0),  # no word
                region("a left", [0.5, 0, 0.5, 1], 10, 0),  # no box
            ],
        ),
        photo(2, ["left"], [region("left", LEFT, 20, 0)]),
        photo(4, ["left"], [region("left", LEFT, 40, 0)]),
    ]
    data = saved(tmp_path / "data", photos, missing=("2.png",))
    rows = json.loads((data / "dataset.json").read_text())
    (data / "dataset.json").write_text(json.dumps({"images": rows["images"][:2]}))
    done = pointed(data, "--json")
    assert done.status == 1
    assert json.loads(done.out)["phrases"] == 1
    for message in (
        "'a right' does not stand after 0 words and marks in 'a left'",
        "'a right' does not stand after 2 words and marks in 'of a right'",
        "sentence 77, of which 'right' is to be, is none of its sentences",
        "'...' does not stand after 0 words and marks in 'a left'",
        "x0 below x1",
        "4.png: ",
        "has no such photo",
        "2.png",
        "does not exist",
    ):
        assert message in done.err
    assert "7 not asked for or not looked at:" in done.err


def test_phrases_beyond_what_is_read_are_counted_and_left_out(pointed, dataset):
    done = pointed(dataset, made=Made(at_most=4))
    assert "4 of 5 phrases" in done.out
    assert "1 phrases left out: the model does not read that far" in done.err


def test_a_phrase_without_a_sentence_is_read_by_itself(tmp_path):
    data = saved(tmp_path / "data", [photo(1, ["nothing of it"], [{"phrase": "the left", "box": list(LEFT)}])])
    (one,), _, _ = phrases_asked(str(data), None, None, "val")
    assert (one.sentence, one.words) == ("the left", slice(0, 2))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("--split", "test"), "has no phrase in split 'test'; of photos it has: 2 in 'val', 1 in 'train'"),
        (("--phrases", "absent.json"), "absent.json does not exist; phrases with boxes are JSON"),
        (("--beta", "0,x"), "numbers of 0 or more with commas between"),
        (("--beta", "-1"), "numbers of 0 or more"),
        (("--beta", "nan"), "numbers of 0 or more"),
        (("--output", "plot.jpg"), "a figure is a .png or a .svg"),
    ],
)
def test_what_cannot_be_asked_is_said(pointed, dataset, change, message):
    pytest.importorskip("matplotlib")
    done = pointed(dataset, *change)
    assert done.status == 2
    assert message in " ".join(done.err.replace("│", " ").split())


def test_a_folder_without_phrases_and_phrases_of_other_photos(pointed, dataset, tmp_path):
    other = saved(tmp_path / "other", [photo(5, ["left"], [region("left", LEFT, 50, 0)])])
    done = pointed(dataset, "--phrases", other / "regions.json")
    assert done.status == 2
    assert "do not belong together" in done.err
    (other / "regions.json").unlink()
    done = pointed(other)
    assert done.status == 2
    assert "name the file of phrases with boxes by --phrases" in done.err
    (other / "regions.json").write_text('{"images": []}')
    assert "has no phrase in split 'val'; of photos it has: none" in pointed(other).err


def test_a_matcher_of_whole_sentences_cannot_point(dataset):
    asked, _, _ = phrases_asked(str(dataset), None, None, "val")
    with pytest.raises(BundleError, match="does not give each word a vector of its own"):
        ground(Made(one=True), asked, [0.0], [])


def test_people_and_model_are_drawn(dataset):
    asked, _, _ = phrases_asked(str(dataset), None, None, "val")
    sheet = np.asarray(drawn(asked[2], BOXES[1]))
    for colour in ((230, 159, 0), (86, 180, 233)):
        assert (sheet == colour).all(-1).sum() > 50
    assert np.asarray(drawn(asked[2], np.array(WHOLE, np.float32))).shape == sheet.shape


def test_numbers_of_sentences_are_wanted(tmp_path):
    data = saved(tmp_path / "data", [photo(1, ["left"], [region("left", LEFT, 10, 0)])])
    rows = json.loads((data / "dataset.json").read_text())
    del rows["images"][0]["sentences"][0]["sentid"]
    (data / "dataset.json").write_text(json.dumps(rows))
    with pytest.raises(DataError, match="sentence 10, of which 'left' is to be, is none of its sentences"):
        phrases_asked(str(data), None, None, "val")


def test_a_box_is_drawn_for_the_snippet_that_most_of_a_phrase_is_in():
    runs = [Snippet(0, 3, 1, 0.2), Snippet(3, 4, 2, 0.9), Snippet(4, 7, 0, 0.5)]
    similarities = np.array([[0, 1, 0]] * 3 + [[0, 0, 1]] + [[1, 0, 0]] * 3)
    assert _run(runs, similarities, 0.1, slice(1, 4)) == runs[0]  # two words of three
    assert _run(runs, similarities, 0.1, slice(2, 4)) == runs[1]  # one and one: the one that fits better
    assert _run(runs, similarities, 0.1, slice(5, 6)) == runs[2]
    assert _run(runs, similarities, 0.0, slice(2, 6))[:3] == (2, 6, 0)  # smoothed by nothing: its own words
