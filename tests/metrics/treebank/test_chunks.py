"""The fast way against the exact one."""

import random
import string
from itertools import chain, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.metrics.treebank.hard_lines import PIECES, hard_lines
from watchword.metrics.treebank import batch
from watchword.metrics.treebank.batch import tokenize_batch
from watchword.metrics.treebank.chunks import PARTED, Chunks, _words, caption_words


def exact(captions):
    """Tokenise with every caption sent the exact way."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batch, "caption_words", lambda caption: None)
        return tokenize_batch(captions)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(st.sampled_from([*PIECES, " ", "  "]), max_size=6).map("".join), max_size=5))
def test_pieces(captions):
    assert tokenize_batch(captions) == exact(captions)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text(max_size=12), max_size=5))
def test_any_text(captions):
    assert tokenize_batch(captions) == exact(captions)


def test_hard_lines():
    lines = hard_lines(7, 6_000)
    assert tokenize_batch(lines) == exact(lines)
    random.Random(7).shuffle(lines)
    assert tokenize_batch(lines) == exact(lines)


@pytest.mark.parametrize(
    "caption",
    [
        "Two men, one (left) with a dog's ball.",
        "don't",
        "a t-shirt and/or AT&T",
        "",
        "a  b ",
        "b.c",
        "5",
        "Mr.",
        "dog . ",
    ],
)
def test_ordinary_captions_go_the_fast_way(caption):
    assert caption_words(caption) is not None


@pytest.mark.parametrize(
    "caption", ["5 men", "K.", "a dog. a cat", "<a b", "fig.", "Inc.", ". .", "a\rb", "http://a\x1c"]
)
def test_captions_that_depend_on_what_comes_next_do_not(caption):
    assert caption_words(caption) is None


def test_what_is_remembered_has_a_limit(monkeypatch):
    monkeypatch.setattr("watchword.metrics.treebank.chunks._ROOM", 3)
    chunks = Chunks(" ")
    assert [chunks[chunk] for chunk in ["a", "b.", "c", "d", "dog" * 30]] == [" a", None, " c", " d", " " + "dog" * 30]
    assert set(chunks) == {"d"}


def test_letters_alone_are_their_own_words_but_for_a_few():
    """The short way for chunks of letters, against the lexer: all short ones, and those that the pieces know."""
    short = chain(*(product(string.ascii_letters, repeat=count) for count in (1, 2)))
    three = product(string.ascii_lowercase, repeat=3)
    known = {piece for piece in PIECES if piece.isascii() and piece.isalpha()} | PARTED
    words = {*map("".join, chain(short, three)), *known, *map(str.upper, known), *map(str.title, known)}
    assert len(words) > 20_000
    wrong = {word for word in words for after in " \n" if _words(word, after) != f" {word.lower()}"}
    assert {word.lower() for word in wrong} == PARTED


@settings(max_examples=300, deadline=None)
@given(st.text(string.ascii_letters, min_size=1, max_size=20), st.sampled_from(" \n"))
def test_any_letters(word, after):
    if word.lower() not in PARTED:
        assert _words(word, after) == f" {word.lower()}"
