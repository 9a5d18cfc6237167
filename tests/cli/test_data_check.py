import json

import pytest
import typer
from typer.testing import CliRunner

from tests.data.photographs import scene, write
from watchword.cli.data_check import check


@pytest.fixture
def run():
    app = typer.Typer()
    app.command()(check)
    return lambda *arguments: CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def table(tmp_path):
    write(tmp_path / "photos", "a.jpg")
    write(tmp_path / "photos", "b [red]x.jpg", scene(30, 30))
    path = tmp_path / "captions.csv"
    path.write_text("path,sentence,split\na.jpg,A dog .,train\nb [red]x.jpg,A cat .,val\n")
    return path


def test_a_sound_data_set_passes(run, table):
    result = run(table, "--images", table.parent / "photos")
    assert result.exit_code == 0
    assert "Nothing is wrong." in result.stdout
    assert "val" in result.stdout


def test_problems_are_shown_and_end_in_status_one(run, table):
    (table.parent / "photos" / "b [red]x.jpg").write_bytes(b"")
    result = run(table, "--images", table.parent / "photos")
    assert result.exit_code == 1
    assert "Problems: 1" in result.stdout
    assert "broken" in result.stdout
    assert "[red]x.jpg" in "".join(result.stdout.split())  # not taken for markup


def test_json(run, table):
    (table.parent / "photos" / "a.jpg").unlink()
    result = run(table, "--images", table.parent / "photos", "--json")
    assert result.exit_code == 1
    report = json.loads(result.stdout)
    assert [(each["kind"], each["id"]) for each in report["problems"]] == [("missing", "a.jpg")]
    assert report["problems"][0]["path"].endswith("photos/a.jpg")
    assert "does not exist" in report["problems"][0]["message"]
    assert report["splits"]["val"] == {"examples": 1, "photos": 1, "clips": 0, "sentences": 1, "labels": 0}
    assert all(type(count) is int for count in report["splits"]["val"].values())  # true == 1


def test_examples_without_a_photo_are_counted_where_a_table_has_no_place_for_one(run, tmp_path):
    (tmp_path / "said.csv").write_text("sentence\nA dog .\nA cat .\n")
    result = run(tmp_path / "said.csv")
    assert result.exit_code == 0
    assert "2 examples have no photo or clip; `watchword train` leaves these out." in result.stdout


def test_every_row_that_is_amiss_is_named_at_once(run, table):
    rows = ["a.jpg,,train", ",A hen .,train", "c.jpg,A cow .,trian", "d.jpg,A cow, brown .,train"]
    table.write_text(table.read_text() + "\n".join(rows) + "\n")
    result = run(table, "--images", table.parent / "photos", "--json")
    assert result.exit_code == 1
    problems = json.loads(result.stdout)["problems"]
    assert [(each["kind"], each["id"]) for each in problems] == [
        ("malformed", ""),
        ("malformed", ""),
        ("missing", "line 5"),
        ("empty", "a.jpg"),
    ]
    for message, words in zip(
        problems, ["line 6: no split 'trian'", "line 7: it has more", "line 5: 'path'"], strict=False
    ):
        assert words in message["message"]
    assert "Problems: 4" in run(table, "--images", table.parent / "photos").stdout
