"""`watchword search` on made photos and models of a few kilobytes."""

import json
import shutil
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.cli.test_index import tiny_matcher_model
from tests.runtime import tiny, tiny_matcher
from watchword.cli.boxes_drawn import COLOURS
from watchword.cli.found_words import place_of

__all__ = ["tiny_matcher_model"]  # the fixture
pytest.importorskip("lancedb")


@pytest.fixture
def index(watchword, photos, tiny_model, tiny_matcher_model):
    """An index of photos, one of them with a name full of markup and a line end."""
    half = tiny.picture("red")
    half[16:] = (0, 0, 250)
    (photos / "deep").mkdir()
    Image.fromarray(half).save(photos / "deep" / "<b>[red]&\n.png")
    exif = Image.Exif()
    exif[0x0132] = "2024:05:06 07:08:09"
    Image.fromarray(tiny.picture("blue") // 2).save(photos / "dark.jpg", exif=exif)
    assert watchword("index", photos, "--model", tiny_matcher_model, "--describe", tiny_model).status == 0
    return lambda *given: watchword("search", *given, "--model", tiny_matcher_model)


def hits(ran):
    assert ran.status == 0, ran.err
    return [json.loads(line) for line in ran.lines]


def names(ran):
    return [row["path"].rpartition("/")[2] for row in hits(ran)]


def test_photos_are_found_by_their_parts(index, photos):
    rows = hits(index("red blue", "--json"))
    assert rows[0]["path"] == str(photos / "deep" / "<b>[red]&\n.png")
    assert rows[0].keys() == {
        "path",
        "score",
        "probability",
        "words",
        "sentence",
        "labels",
        "taken",
        "text_score",
        "state",
    }
    assert {row["state"] for row in rows} == {"same"}
    assert (rows[0]["words"][0]["word"], rows[0]["words"][0]["box"]) == ("red", [0, 0, 0.5, 0.5])
    assert rows[0]["sentence"].startswith("a ")
    assert rows[0]["labels"]
    assert 0.5 <= rows[0]["probability"] <= 1
    assert rows == sorted(rows, key=lambda row: -row["score"])


def test_lines_for_a_pipe_and_a_table_for_people(index, monkeypatch):
    assert index("green").lines[0].split("\t")[0].endswith("green.png")
    assert r"<b>[red]&\n.png" + "\t" in index("red blue").out
    monkeypatch.setenv("COLUMNS", "200")
    import sys

    monkeypatch.setattr(type(sys.stdout), "isatty", lambda self: True, raising=False)
    shown = index("red blue").out
    assert "where" in shown
    assert r"<b>[red]&\n.png" in shown
    assert "red upper left" in shown


def test_nothing_fits(index, watchword, tiny_matcher_model):
    ran = index("green", "--folder", "photos/deep", "--json")
    assert (ran.status, ran.out) == (3, "")
    assert ran.err.startswith("watchword: nothing fits 'green' (the best has a probability of ")
    assert "--anyway shows it" in ran.err
    assert names(index("green", "--folder", "photos/deep", "--json", "--anyway")) == ["<b>[red]&\n.png"]
    assert names(index("green", "--folder", "photos/deep", "--json", "--least", "0")) == ["<b>[red]&\n.png"]
    assert index("green", "--least", "1").status == 3
    ran = index("the of in")
    assert (ran.status, "of which no word says what a photo shows" in ran.err) == (3, True)


def test_a_page_of_an_earlier_search_does_not_stay_where_nothing_fits(index):
    assert index("red", "--html", "found.html").status == 0
    assert "Photos found: 0" not in Path("found.html").read_text(encoding="utf-8")
    for asked in (("green", "--folder", "photos/deep"), ("giraffe",)):
        assert index(*asked, "--html", "found.html").status == 3
        page = Path("found.html").read_text(encoding="utf-8")
        assert "nothing fits" in page
        assert "<article>" not in page


def test_words_that_the_matcher_does_not_know(index):
    ran = index("a green giraffe", "--anyway", "--json")
    assert ran.status == 0
    assert "the matcher does not know 'giraffe'" in ran.err
    ran = index("giraffe")
    assert ran.status == 3
    assert "nothing fits 'giraffe', of which it knows too little" in ran.err
    assert index("giraffe", "--anyway").status == 0
    assert "knows too little" not in index("a green giraffe").err
    ran = index("a purple green giraffe")  # one word to go by, two that are not
    assert (ran.status, "knows too little" in ran.err) == (3, True)
    assert index("a purple green giraffe", "--least", "0").status == 0  # a cut-off of one's own shows what it allows
    ran = index("...")
    assert ran.status == 2
    assert "holds no word to search for" in ran.err


def test_filters(index, photos):
    everything = ("--anyway", "--json")
    assert names(index("blue", "--since", "2024-05-06", "--until", "2024-05-06", *everything)) == ["dark.jpg"]
    assert hits(index("blue", "--since", "2024-05-06", *everything))[0]["taken"] == "2024-05-06T07:08:09"
    assert names(index("red", "--folder", photos / "deep", *everything)) == ["<b>[red]&\n.png"]
    assert "green.png" in names(index("red", "--label", "green", *everything))
    ran = index("red", "--label", "x' OR 1=1 --", *everything)
    assert ran.status == 3
    assert "no photo of the index meets the filters" in ran.err
    ran = index("red", "--since", "yesterday")
    assert (ran.status, "'yesterday' is no time" in ran.err) == (2, True)


def test_by_sentences(index):
    rows = hits(index("green", "--by", "sentences", "--anyway", "--json"))
    assert rows[0]["path"].endswith("green.png")
    assert rows[0]["text_score"] > 0
    assert len(hits(index("green", "--by", "both", "--anyway", "--json"))) == 5
    assert index("giraffe", "--by", "sentences").status == 3


def test_a_photo_finds_photos_and_sentences(index, photos):
    *rows, last = hits(index("--image", photos / "green.png", "--limit", "2", "--json"))
    assert len(rows) == 2
    assert str(photos / "green.png") not in {row["path"] for row in rows}
    copy = shutil.copy(photos / "green.png", photos.parent / "copy.png")
    assert hits(index("--image", copy, "--json"))[0]["path"] == str(photos / "green.png")
    ran = index("--image", photos / "green.png", "--folder", photos / "nowhere")
    assert (ran.status, "the index holds no other photo that meets the filters" in ran.err) == (3, True)
    assert last["sentences"][0]["sentence"] == "a green picture"
    ran = index("--image", photos / "green.png")
    assert "sentences for this:\na green picture\n" in ran.out
    ran = index("--image", photos / "gone.png")
    assert (ran.status, "gone.png" in ran.err) == (2, True)


def test_a_photo_search_draws_the_part_that_is_most_alike(index, photos, tmp_path):
    """The photo whose upper half is red has a box there; those of one colour are alike as a whole."""
    assert index("--image", photos / "red.png", "--region", "drawn", "--html", "found.html").status == 0
    sheets = [Image.open(path).convert("RGB") for path in sorted((tmp_path / "drawn").iterdir())]
    boxed = [COLOURS[0] in {colour for _, colour in sheet.getcolors(1 << 20)} for sheet in sheets]
    assert len(boxed) > 2
    assert boxed.count(True) == 1
    page = (tmp_path / "found.html").read_text()
    assert page.count(">most alike ") == 1
    assert "The part that is most alike has a box." in page


def test_drawings_of_an_earlier_search_do_not_stay(index, tmp_path):
    place = tmp_path / "drawn"
    assert index("red blue", "--anyway", "--limit", "3", "--region", place).status == 0
    Image.new("RGB", (8, 8)).save(place / "04.png")  # somebody else's
    assert sorted(path.name for path in place.iterdir()) == ["01.png", "02.png", "03.png", "04.png"]
    ran = index("red blue", "--anyway", "--limit", "1", "--region", place)
    assert ran.status == 0
    assert sorted(path.name for path in place.iterdir()) == ["01.png", "04.png"]
    assert index("red blue", "--least", "1", "--region", place).status == 3
    assert [path.name for path in place.iterdir()] == ["04.png"]
    assert index("red blue", "--anyway", "--region", "one.png").status == 0
    assert index("red blue", "--least", "1", "--region", "one.png").status == 3
    assert not (tmp_path / "one.png").exists()


def test_drawings_that_are_something_else_by_now_stay(index, watchword, photos, tiny_matcher_model, tmp_path):
    """A drawing of another command, one that is searched with, and one that was indexed; and no bomb is opened."""
    place = photos / "drawn"
    assert index("red blue", "--anyway", "--limit", "3", "--region", place).status == 0
    drawn = ("align", photos / "red.png", "a red", "--model", tiny_matcher_model, "--output", place / "07.png")
    assert watchword(*drawn).status == 0
    head = b"IHDR" + (30_000).to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
    bomb = b"\x89PNG\r\n\x1a\n" + (13).to_bytes(4, "big") + head + zlib.crc32(head).to_bytes(4, "big")
    (place / "99.png").write_bytes(bomb)
    assert index("--image", place / "03.png", "--limit", "1", "--region", place).status == 0
    assert sorted(path.name for path in place.iterdir()) == ["01.png", "03.png", "07.png", "99.png"]
    assert watchword("index", photos, "--model", tiny_matcher_model).status == 1  # the bomb
    assert index("red blue", "--least", "1", "--region", place).status == 3
    assert sorted(path.name for path in place.iterdir()) == ["01.png", "03.png", "07.png", "99.png"]


def test_a_drawing_does_not_stay_where_this_one_fails(index, photos, tmp_path):
    assert index("red blue", "--anyway", "--region", "drawn").status == 0
    for photo in photos.rglob("*.*"):
        photo.write_bytes(b"gone")
    ran = index("red blue", "--anyway", "--region", "drawn")
    assert (ran.status, list((tmp_path / "drawn").iterdir())) == (1, [])


def test_the_page_holds_no_markup_of_others(index, photos, tmp_path):
    assert index('red blue <script>"', "--html", "found.html").status == 0
    page = (tmp_path / "found.html").read_text()
    assert "<b>" not in page
    assert r"&lt;b&gt;[red]&amp;\n.png" in page
    assert "<h1>red blue &lt;script&gt;&quot;</h1>" in page
    assert page.count("<script>") == 0
    assert "data:image/jpeg;base64," in page
    assert "red upper left" in page
    (photos / "notes.txt").write_text("mine")
    ran = index("red", "--html", photos / "notes.txt")
    assert (ran.status, "is no HTML page" in ran.err) == (2, True)


def test_a_photo_that_is_gone_leaves_its_words(index, photos, tmp_path):
    (photos / "green.png").unlink()
    ran = index("green", "--html", "found.html", "--region", "drawn", "--limit", "1")
    assert ran.status == 1
    assert "1 not drawn:" in ran.err
    assert "can no longer be opened" in (tmp_path / "found.html").read_text()


def test_a_photo_that_is_another_one_now_is_told_and_not_drawn_on(index, photos, tmp_path):
    best = photos / "deep" / "<b>[red]&\n.png"
    assert index("red blue", "--limit", "1").err == ""
    Image.new("RGB", (40, 30), "black").save(best)
    ran = index("red blue", "--limit", "1", "--json", "--html", "found.html", "--region", "drawn.png")
    assert (ran.status, json.loads(ran.out)["state"]) == (1, "changed")
    assert "of these photos 1 changed since they were indexed" in ran.err
    assert "the boxes are not of it; run watchword index on its folder" in ran.err
    page = (tmp_path / "found.html").read_text()
    assert "Changed since it was indexed" in page
    assert "red upper left" not in page
    assert not (tmp_path / "drawn.png").exists()
    best.unlink()
    ran = index("red blue", "--limit", "1", "--json")
    assert (ran.status, json.loads(ran.out)["state"]) == (0, "gone")
    assert "of these photos 1 went since they were indexed" in ran.err


def test_regions_are_drawn(index, tmp_path):
    assert index("red blue", "--region", "drawn", "--limit", "2", "--anyway").status == 0
    assert sorted(path.name for path in (tmp_path / "drawn").iterdir()) == ["01.png", "02.png"]
    assert index("red blue", "--region", "best.png").status == 0
    with Image.open(tmp_path / "best.png") as sheet:
        assert len(np.unique(np.asarray(sheet).reshape(-1, 3), axis=0)) > 5
    (tmp_path / "text").write_text("mine")
    assert "name a folder, or a .png" in index("red", "--region", "text").err


def test_no_drawing_takes_the_place_of_a_photo(index, watchword, photos, tiny_matcher_model):
    """Neither of the best hit, nor of another of the index, nor of the one that was searched with."""
    (photos / "red.png").rename(photos / "02.png")
    assert watchword("index", photos, "--model", tiny_matcher_model).status == 0
    before = {path: path.read_bytes() for path in photos.rglob("*.*") if path.is_file()}
    assert index("blue", "--anyway", "--region", "photos/green.png").status == 2
    assert index("--image", photos / "02.png", "--limit", "1", "--region", "photos/02.png").status == 2
    (photos.parent / "link").symlink_to(photos, target_is_directory=True)
    assert index("red blue", "--anyway", "--region", "link").status == 2
    ran = index("red blue", "--anyway", "--region", "photos")
    assert ran.status == 2
    assert "name another --region" in ran.err
    assert {path: path.read_bytes() for path in photos.rglob("*.*") if path.is_file()} == before


def test_a_thin_photo_is_drawn_and_shown(index, watchword, photos, tiny_matcher_model, tmp_path):
    Image.new("RGB", (2000, 2), "red").save(photos / "wide.png")
    Image.new("RGB", (2, 2000), "blue").save(photos / "high.png")
    assert watchword("index", photos, "--model", tiny_matcher_model).status == 0
    ran = index("red blue", "--anyway", "--limit", "20", "--region", "drawn", "--html", "page.html")
    assert (ran.status, ran.err) == (0, "")
    assert len([*(tmp_path / "drawn").iterdir()]) == 7
    assert "high.png" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_what_cannot_be_asked(index, watchword, photos, tiny_matcher_model, tmp_path):
    assert "give one of the two" in index().err
    assert "give one of the two" in index("red", "--image", photos / "red.png").err
    assert "for sentences; leave them out" in index("--image", photos / "red.png", "--by", "both").err
    assert "one is a cut-off, the other none" in index("red", "--least", "0.5", "--anyway").err
    assert "regions, sentences or both" in index("red", "--by", "smell").err
    assert "nan: a probability, from 0 to 1" in index("red", "--least", "nan").err
    assert "name another --region" in index("red", "--anyway", "--region", "nowhere/x.png").err
    ran = index("red", "--index", "elsewhere")
    assert (ran.status, "make one with: watchword index" in ran.err) == (2, True)
    assert not (tmp_path / "elsewhere").exists()
    assert "no model 'nowhere'" in watchword("search", "red", "--model", "nowhere").err


def test_single_photos_have_a_cut_off_of_their_own(watchword, photos, tmp_path):
    """One that hardly any passes but the best, which answers: the others are counted, and shown if they are wanted."""
    hard = {"per_word": 1.0, "words": 0.0, "bias": -20.0, "rarity": 0.0, "hubness": 0.0, "least": 0.2}
    known = {**tiny_matcher.CALIBRATION, "photo": hard}
    model = tiny_matcher.write_bundle(tmp_path / "hard", calibration=known)
    assert watchword("index", photos, "--model", model, "--no-describe", "--index", "hard.index").status == 0
    find = ("search", "red", "--model", model, "--index", "hard.index", "--limit", "3")
    ran = watchword(*find, "--json")
    (best,) = hits(ran)
    assert best["probability"] > 0.5
    assert "2 more are less likely to fit; --anyway shows them" in ran.err
    shown = hits(watchword(*find, "--json", "--anyway"))
    assert len(shown) == 3
    assert [hit["probability"] < 0.01 for hit in shown] == [False, True, True]
    assert hits(watchword(*find, "--json", "--least", "0.5")) == [best]
    refused = watchword(*find, "--least", "0.999999", "--region", "drawn.png")
    assert refused.status == 3
    assert f"the best has a probability of {best['probability']:.0%}" in refused.err
    assert "nothing is drawn into drawn.png" in refused.err


def test_a_matcher_without_calibration_has_scores_alone(watchword, photos, tmp_path):
    model = tiny_matcher.write_bundle(tmp_path / "plain", calibration=None)
    assert watchword("index", photos, "--model", model, "--no-describe", "--index", "plain.index").status == 0
    find = ("search", "red", "--model", model, "--index", "plain.index")
    (best, *_) = hits(watchword(*find, "--json"))
    assert (best["probability"], best["sentence"], best["labels"]) == (None, None, [])
    ran = watchword(*find, "--least", "0.5")
    assert (ran.status, "export it with --calibrate" in ran.err) == (2, True)
    ran = watchword(*find, "--by", "sentences")
    assert (ran.status, "no photo of this index has a sentence" in ran.err) == (2, True)
    for path in photos.glob("*.png"):
        watchword("index", path, "--remove", "--index", "plain.index")
    ran = watchword(*find)
    assert (ran.status, "the index holds no photo" in ran.err) == (3, True)


@pytest.mark.parametrize(
    ("box", "said"),
    [
        ((0, 0, 1, 1), "everywhere"),
        ((0, 0.6, 0.3, 1), "lower left"),
        ((0.4, 0.4, 0.6, 0.6), "middle"),
        ((0.4, 0, 0.6, 0.2), "top"),
        ((0.8, 0.4, 1, 0.6), "right"),
    ],
)
def test_places_in_words(box, said):
    assert place_of(box) == said
