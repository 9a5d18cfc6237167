import csv
import io
import json
import sys

import pytest

from watchword.cli.rows import RowWriter, csv_header, csv_row, json_row, text_row
from watchword.core.types import Sentence

DOG = Sentence("a dog", ("a", "dog"), (-0.123456, -1.0, -0.5), 0.987654, None, (("collie", 0.71828), ("pug", 0.1)))
CUT = Sentence("a cat", ("a", "cat"), (-0.1, -0.2))


def test_json_row():
    assert json.loads(json_row("x.jpg", [DOG], 1)) == {
        "path": "x.jpg",
        "sentence": "a dog",
        "confidence": 0.9877,
        "words": [{"word": "a", "log_prob": -0.1235}, {"word": "dog", "log_prob": -1.0}],
        "end_log_prob": -0.5,
        "labels": [{"name": "collie", "probability": 0.7183}, {"name": "pug", "probability": 0.1}],
    }


def test_json_row_of_several_and_of_a_sentence_without_end():
    row = json.loads(json_row("x.jpg", [DOG, CUT], 5))
    assert row["others"] == [
        {
            "sentence": "a cat",
            "confidence": None,
            "words": [{"word": "a", "log_prob": -0.1}, {"word": "cat", "log_prob": -0.2}],
            "end_log_prob": None,
        }
    ]
    assert json.loads(json_row("x.jpg", [DOG], 5))["others"] == []


@pytest.mark.parametrize("path", ["é🐕\n\"'.jpg", "not-\udcff-utf8", "\u2028"])
def test_json_row_is_one_line_of_utf8_whatever_the_path(path):
    line = json_row(path, [DOG], 1)
    assert line.count("\n") == 1
    assert json.loads(line.encode("utf-8"))["path"] == path


def test_json_row_leaves_readable_what_can_be_read():
    assert "Zoë" in json_row("Zoë.jpg", [DOG], 1)


@pytest.mark.parametrize("path", ["plain.jpg", 'a,b"c\nd.jpg', "\r", "a\r\nb"])
def test_csv_rows_are_as_wide_as_their_header(path):
    header = "path,sentence,confidence,label,label_probability,sentence_2,confidence_2,sentence_3,confidence_3\n"
    assert csv_header(3) == header
    assert list(csv.reader(io.StringIO(csv_row(path, [DOG, CUT], 3), newline=""))) == [
        [path, "a dog", "0.9877", "collie", "0.7183", "a cat", "", "", ""]
    ]


def test_csv_row_of_a_model_without_labels():
    assert csv_row("x", [CUT], 1) == "x,a cat,,,\n"


def test_text_rows():
    assert text_row("a\tb", [DOG, CUT], 2) == "a\\tb\ta dog\t99%\na\\tb\ta cat\t\n"


def test_rows_on_a_terminal_are_shaded(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setattr(sys, "stdout", Terminal())
    RowWriter("text").write("x\x1b.jpg", [DOG])
    assert sys.stdout.getvalue() == "\x1b[2mx\\x1b.jpg\x1b[0m  a dog  \x1b[2m99%\x1b[0m\n"


def test_words_that_act_are_shown_on_a_terminal(monkeypatch):
    monkeypatch.setattr(sys, "stdout", stream := io.StringIO())
    monkeypatch.setattr(stream, "isatty", lambda: True)
    RowWriter("text").write("x.jpg", [Sentence("a \x1b[31mdog", ("a", "\x1b[31mdog"), (-0.1, -1.0))])
    assert "  a \\x1b[31mdog  " in stream.getvalue()


def test_names_that_are_not_utf8_leave_as_they_are(monkeypatch):
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    writer = RowWriter("csv")
    writer.write("Zoë-\udcff.jpg", [CUT])
    assert raw.getvalue().splitlines()[1] == b"Zo\xc3\xab-\xff.jpg,a cat,,,"


def test_every_row_is_out_at_once():
    class Watched(io.StringIO):
        flushed = 0

        def flush(self):
            Watched.flushed += 1

    stream = Watched()
    writer = RowWriter("json", stream)
    writer.write("x", [DOG])
    writer.write("y", [DOG])
    assert Watched.flushed == 2
