import csv
import json

import pytest

from tests.data.photographs import scene, write
from watchword.metrics.figures import METRICS

SAID = [{"image_id": n, "filename": f"{n}.jpg", "caption": text} for n, text in enumerate(
    ["a dog runs on grass", "two men play chess", "zebra", "a cat sleeps"])]  # fmt: skip
REFERENCES = {
    "images": [{"imgid": n, "filename": f"{n}.jpg", "split": "val", "sentences": [{"raw": one} for one in texts]}
               for n, texts in enumerate([["A dog runs on the grass .", "A dog on grass"], ["Two men play chess ."] * 2,
                                          ["A bus .", "The bus"], ["A cat is asleep .", "The cat sleeps"]])]
}  # fmt: skip


@pytest.fixture
def files(tmp_path):
    said, theirs = tmp_path / "said.json", tmp_path / "theirs.json"
    said.write_text(json.dumps(SAID))
    theirs.write_text(json.dumps(REFERENCES))
    return said, theirs


def test_figures_come_as_one_object(watchword, files):
    ran = watchword("score", *files, "--json", "--resamples", 50)
    assert ran.status == 0
    found = json.loads(ran.out)
    names = [name for name in found if name in METRICS or name.startswith("METEOR")]
    assert len(names) == len(METRICS)
    assert found["images"] == 4
    assert "references:2|images:4" in found["signature"]
    for name in names:
        low, high = found["intervals"][name]
        assert low <= found[name] <= high
    assert found["best"][0]["candidate"] == "two men play chess"
    assert found["worst"][0] == {"image_id": "2", "CIDEr-D": 0.0, "candidate": "zebra"}
    assert found["diversity"]["different"] == 4


def test_figures_come_as_a_table(watchword, files):
    ran = watchword("score", *files, "--only", "cider-d,bleu", "--show", 1)
    assert [line.split()[0] for line in ran.lines[:6]] == ["metric", "BLEU-1", "BLEU-2", "BLEU-3", "BLEU-4", "CIDEr-D"]
    assert "two men play chess" in ran.out
    assert "zebra" in ran.out
    assert "a cat sleeps" not in ran.out
    assert "tokens:" in ran.out


def test_every_image_goes_into_a_table(watchword, files, tmp_path):
    watchword("score", *files, "--only", "ROUGE-L", "--only", "CIDEr-D", "--per-image", tmp_path / "each.csv")
    with open(tmp_path / "each.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["image_id", "ROUGE-L", "CIDEr-D"]
    assert [row["image_id"] for row in rows] == ["0", "1", "2", "3"]
    assert float(rows[1]["ROUGE-L"]) == 1
    assert float(rows[2]["CIDEr-D"]) == 0


def test_two_systems_are_compared(watchword, files, tmp_path):
    other = tmp_path / "other.json"
    other.write_text(json.dumps([row | {"caption": "zebra"} for row in SAID]))
    ran = watchword("score", *files, "--against", other, "--only", "ROUGE-L", "--json", "--resamples", 200)
    (found,) = json.loads(ran.out)["against"]
    assert found["name"] == "ROUGE-L"
    assert found["second"] == 0
    assert found["difference"] == found["first"] > 0
    assert 0 < found["permutation"] <= 0.3
    assert "p permutation" in watchword("score", *files, "--against", other, "--only", "ROUGE-L").out


def test_parallel_texts(watchword, tmp_path):
    for name, text in {"said": "a dog\n\n", "one": "a dog\na cat\n", "two": "the dog\nthe cat\n"}.items():
        (tmp_path / f"{name}.txt").write_text(text)
    paths = [tmp_path / "said.txt", "--references", tmp_path / "one.txt", tmp_path / "two.txt"]
    ran = watchword("score", *paths, "--only", "BLEU-1", "--json")
    found = json.loads(ran.out)
    assert found["images"] == 2
    assert "references:2" in found["signature"]
    assert 0.3 < found["BLEU-1"] < 0.5  # all that is said is right, and half as long


def test_the_page_shows_pictures_and_escapes_what_was_said(watchword, files, tmp_path):
    files[0].write_text(json.dumps([row | {"caption": "<b>zebra</b>"} for row in SAID]))
    write(tmp_path / "photos", "0.jpg", scene(30, 30))
    page = tmp_path / "page.html"
    ran = watchword("score", *files, "--only", "CIDEr-D", "--html", page, "--images", tmp_path / "photos")
    assert ran.status == 0
    text = page.read_text()
    assert text.count("<article") == 4
    assert text.count("<img") == 1
    assert "&lt;b&gt;zebra" in text
    assert "<b>zebra" not in text
    assert "http" not in text.replace("http-equiv", "")


def test_what_is_written_takes_the_place_of_no_other_file(watchword, files):
    before = files[1].read_text()
    for option in ("--html", "--per-image"):
        ran = watchword("score", *files, "--only", "CIDEr-D", option, files[1])
        assert ran.status == 2
        assert "is one of the files to be read" in ran.err
    assert files[1].read_text() == before


def test_table_and_page_are_two_files(watchword, files, tmp_path):
    place = tmp_path / "same"
    ran = watchword("score", *files, "--only", "CIDEr-D", "--per-image", place, "--html", place)
    assert (ran.status, "--per-image and --html cannot both be" in ran.err) == (2, True)
    assert not place.exists()


def test_metrics_are_measured_against_people(watchword, files, tmp_path):
    ratings = tmp_path / "ratings.csv"
    rows = [
        ("0", "a dog runs on grass", 4, 4),
        ("0", "zebra", 1, 2),
        ("1", "two men play chess", 4, 3),
        ("3", "bus", 1, 1),
    ]
    with open(ratings, "w", newline="") as file:
        csv.writer(file).writerows([("image_id", "candidate", "x", "y"), *rows])
    ran = watchword("score", files[1], "--ratings", ratings, "--only", "ROUGE-L", "--json")
    found = json.loads(ran.out)["ROUGE-L"]
    assert 0.5 < found["tau"]["tau_b"] <= 1
    assert found["tau_c"]["low"] <= found["tau"]["tau_c"] <= found["tau_c"]["high"]
    assert "tau-c" in watchword("score", files[1], "--ratings", ratings, "--only", "ROUGE-L").out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["said.json"], "give references too"),
        (["nothing.json", "theirs.json"], "does not exist"),
        (["said.json", "theirs.json", "--only", "BLEU-5"], "no metric named 'BLEU-5'"),
        (["said.json", "theirs.json", "--split", "test"], "no references in split 'test'; there are: val"),
        (["said.json", "theirs.json", "--only", ","], "--only names no metric"),
        (["said.json", "theirs.json", "--against", "nope.json"], "nope.json does not exist"),
        (["said.json", "theirs.json", "--images", "."], "--images is the folder of the photos of the page"),
        (["--references", "theirs.json", "said.json", "theirs.json"], "give the candidates first"),
        (["theirs.json", "--ratings", "nope.csv"], "nope.csv does not exist"),
        (["theirs.json", "--ratings", "r.csv", "--partial"], "--ratings stands alone"),
        (["theirs.json", "--ratings", "r.csv", "--against", "said.json"], "--ratings stands alone"),
    ],
)
def test_what_cannot_be_scored_is_refused(watchword, files, monkeypatch, arguments, message):
    monkeypatch.chdir(files[0].parent)
    (files[0].parent / "r.csv").write_text("image_id,candidate,x\n0,a dog,3\n")
    ran = watchword("score", *arguments)
    assert ran.status == 2
    assert message in " ".join(ran.err.replace("│", " ").split())


def test_images_on_one_side_are_named_and_may_be_left_out(watchword, files):
    files[0].write_text(json.dumps(SAID[:3]))
    ran = watchword("score", *files, "--only", "ROUGE-L")
    assert ran.status == 2
    assert "1 image has references but no candidate: '3'" in ran.err
    ran = watchword("score", *files, "--only", "ROUGE-L", "--partial")
    assert ran.status == 0
    assert "images:3" in ran.out
    assert "images left out, being on one side only: 1" in ran.err


def test_captions_that_shift_all_others_are_counted(watchword, files):
    files[0].write_text(json.dumps([SAID[0] | {"caption": "a dog\u2028runs"}, *SAID[1:]]))
    ran = watchword("score", *files, "--only", "ROUGE-L")
    assert ran.status == 0
    assert ran.err.startswith("captions that hold a carriage return or another line end: 1;")


def test_who_lacks_the_data_of_meteor_is_told_and_gets_another_name(watchword, files, monkeypatch):
    for module in ("cache", "packaged"):
        monkeypatch.setattr(f"watchword.metrics.meteor.{module}.find_packaged", lambda: None)
    ran = watchword("score", *files, "--only", "meteor", "--json", "--resamples", 5)
    found = json.loads(ran.out)
    assert "METEOR" not in found
    assert 0 < found["METEOR-exact-stem"] < 1
    assert "meteor:exact-stem" in found["signature"]
    assert "come with pycocoevalcap, which is not installed" in ran.err


def test_figures_take_the_place_of_figures_but_not_of_other_tables(watchword, files, tmp_path):
    said, each, other = tmp_path / "said.csv", tmp_path / "each.csv", tmp_path / "other.csv"
    said.write_text("image_id,caption\n0,a dog\n1,chess\n2,zebra\n3,a cat\n")
    other.write_text(said.read_text())
    for place, message in ((said, "is one of the files to be read"), (other, "is no table of figures")):
        ran = watchword("score", said, files[1], "--only", "ROUGE-L", "--per-image", place)
        assert ran.status == 2
        assert message in ran.err
        assert place.read_text().startswith("image_id,caption\n0,a dog")
    for _ in range(2):
        assert watchword("score", said, files[1], "--only", "ROUGE-L", "--per-image", each).status == 0


def test_systems_of_different_images_are_not_compared(watchword, files, tmp_path):
    half, other = tmp_path / "half.json", tmp_path / "other.json"
    half.write_text(json.dumps(SAID[:2]))
    other.write_text(json.dumps(SAID[2:]))
    ran = watchword("score", half, files[1], "--partial", "--against", other, "--only", "ROUGE-L")
    assert ran.status == 2
    assert "and not the same ones: '0', '1', '2', '3'" in ran.err


def test_only_what_was_asked_for_is_compared(watchword, files):
    ran = watchword("score", *files, "--against", files[0], "--only", "BLEU-1", "--json", "--resamples", 5)
    assert [row["name"] for row in json.loads(ran.out)["against"]] == ["BLEU-1"]


def test_ratings_without_differences_have_no_correlation(watchword, files, tmp_path):
    ratings = tmp_path / "r.csv"
    ratings.write_text("image_id,candidate,x\n0,a dog,3\n1,zebra,3\n")
    ran = watchword("score", files[1], "--ratings", ratings, "--only", "ROUGE-L", "--json", "--resamples", 5)
    assert json.loads(ran.out)["ROUGE-L"]["tau"] == {"tau_b": None, "tau_c": None}
    assert ran.err == ""


def test_the_seed_decides_what_is_drawn_for_ratings(watchword, files, tmp_path):
    ratings = tmp_path / "r.csv"
    rows = "".join(f"{n % 4},a dog {n % 3} grass {n},{n * 7 % 5}\n" for n in range(12))
    ratings.write_text("image_id,candidate,x\n" + rows)
    asked = ["score", files[1], "--ratings", ratings, "--only", "ROUGE-L", "--json", "--resamples", 20]
    outs = [watchword(*asked, "--seed", seed).out for seed in (0, 0, 1)]
    assert outs[0] == outs[1] != outs[2]


def test_rated_images_without_references_are_listed(watchword, files, tmp_path):
    ratings = tmp_path / "r.csv"
    ratings.write_text("image_id,candidate,x\n0,a dog,3\n77,zebra,3\n78,zebra,3\n")
    ran = watchword("score", files[1], "--ratings", ratings, "--only", "ROUGE-L")
    assert ran.status == 2
    assert "rated images without references: '77', '78'" in ran.err


def test_what_no_file_can_hold_is_shown_otherwise(watchword, files, tmp_path):
    files[0].write_text(json.dumps([SAID[0] | {"caption": "a \ud800 dog"}, *SAID[1:]]))
    page, each = tmp_path / "p.html", tmp_path / "p.csv"
    ran = watchword("score", *files, "--only", "ROUGE-L", "--html", page, "--per-image", each)
    assert ran.status == 0
    assert "a \\ud800 dog" in page.read_text()


def test_pictures_are_found_in_folders_of_their_folder(watchword, files, tmp_path):
    files[1].write_text(json.dumps({"images": [row | {"filepath": "val2014"} for row in REFERENCES["images"]]}))
    write(tmp_path / "photos" / "val2014", "0.jpg", scene(30, 30))
    page = tmp_path / "page.html"
    watchword("score", *files, "--only", "CIDEr-D", "--html", page, "--images", tmp_path / "photos")
    assert page.read_text().count("<img") == 1
