"""The page, read as a browser reads it: through an HTML parser."""

import re
from html.parser import HTMLParser

import numpy as np
import pytest
from PIL import Image

from watchword.cli.page import page
from watchword.core.types import Sentence

LOOKED = np.array([[0.7, 0.1, 0.1, 0.1], [0.1, 0.1, 0.1, 0.7]], np.float32)
DOG = Sentence("a dog", ("a", "dog"), (-0.1, -1.0, -0.5), 0.62, LOOKED, (("collie", 0.71), ("pug", 0.001)))


class Elements(HTMLParser):
    """Every element with its attributes and the text directly in it."""

    VOID = ("meta", "img", "input", "br", "link")

    def __init__(self, text):
        super().__init__()
        self.found, self.open = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append([tag, dict(attrs), ""])
        if tag not in self.VOID:
            self.open.append(self.found[-1])

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if self.open:
            self.open[-1][2] += data

    def all(self, tag, name=None):
        return [(attrs, text) for kind, attrs, text in self.found if kind == tag and name in (None, attrs.get("class"))]


@pytest.fixture
def made(tmp_path):
    """Write a page of sentences about one photo, and read it."""

    def make(*said, path=None, grid=(2, 2)):
        photo = tmp_path / "dog.png"
        Image.new("RGB", (900, 600), (200, 30, 30)).save(photo)
        with page(tmp_path / "page.html", "small", grid, 4) as writer:
            writer.write(path or str(photo), said)
        text = (tmp_path / "page.html").read_text(encoding="utf-8")
        return text, Elements(text)

    return make


def test_a_card_has_picture_sentence_confidence_and_labels(made):
    _, elements = made(DOG)
    ((picture, _),) = elements.all("img")
    assert picture["src"].startswith("data:image/jpeg;base64,")
    assert (picture["width"], picture["height"]) == ("480", "320")
    assert picture["alt"] == "A dog."
    assert [text for _, text in elements.all("button", "word")] == ["A", "dog"]
    assert elements.all("p", "sure")[0][1] == "Confidence 62%"
    assert [text.strip() for _, text in elements.all("li")] == ["collie"]
    assert elements.all("p", "file")[0][1].endswith("dog.png")


def test_words_carry_what_they_looked_at_and_how_probable_they_are(made):
    text, elements = made(DOG)
    (first, _), (second, _) = elements.all("button", "word")
    assert (first["data-looked"], second["data-looked"]) == ("ff000000", "000000ff")
    assert first["title"] == "“a”: 90% probable here"
    assert second["style"] == "--sure:37"
    (main, _) = elements.all("main")[0]
    assert (main["data-rows"], main["data-columns"]) == ("2", "2")
    assert [text for _, text in elements.all("span", "end")] == ["."]  # with the last word in one element
    assert ">dog</button>.</span></p>" in text


def test_cells_without_a_grid_are_one_row(made):
    _, elements = made(DOG, grid=None)
    main, _ = elements.all("main")[0]
    assert (main["data-rows"], main["data-columns"]) == ("1", "4")


def test_more_sentences_are_listed(made):
    other = Sentence("two dogs", ("two", "dogs"), (-1.0, -1.0, -1.0))
    _, elements = made(DOG, other)
    assert elements.all("li")[0][1] == "Two dogs."


def test_a_model_that_does_not_attend_has_plain_words(made):
    text, elements = made(Sentence("a dog", ("a", "dog"), (-0.1, -1.0, -0.5)))
    assert elements.all("button", "word") == []
    assert elements.all("p", "sentence")[0][1] == "A dog."
    assert "<canvas>" not in text
    assert elements.all("p", "sure")[0][1] == ""


def test_a_photo_that_is_gone_leaves_its_sentence(made):
    _, elements = made(DOG, path="gone.png")
    assert elements.all("img") == []
    assert [text for _, text in elements.all("button", "word")] == ["A", "dog"]


@pytest.mark.parametrize(
    "path", ["<script>alert(1)</script>.png", '"><img src=x onerror=y>.png', "a\nb\x1b.png", "\udcff"]
)
def test_names_are_text_and_nothing_else(made, path):
    text, elements = made(DOG, path=path)
    assert len(elements.all("script")) == 1
    assert elements.all("img") == []
    assert (
        elements.all("p", "file")[0][1].replace("\\n", "\n").replace("\\x1b", "\x1b").replace("\\xff", "\udcff") == path
    )
    assert "\x1b" not in text


def test_the_page_asks_for_nothing_from_outside(made):
    text, elements = made(DOG)
    assert not re.search(r"https?:|//\w+\.|@import|url\(", text)
    assert elements.all("link") == []
    policy = next(attrs for attrs, _ in elements.all("meta") if attrs.get("http-equiv") == "Content-Security-Policy")
    assert "default-src 'none'" in policy["content"]
    assert 'name="viewport"' in text
    assert "prefers-color-scheme: dark" in text


def test_a_page_that_fails_is_not_left_half(tmp_path):
    with pytest.raises(ZeroDivisionError), page(tmp_path / "page.html", "small", None, 4):
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []
