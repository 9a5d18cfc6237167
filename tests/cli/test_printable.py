import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchword.cli.printable import printable


@pytest.mark.parametrize("text", ["", "plain.jpg", "Grüße an Zoë.jpg", "日本語.png", "🐕.png", "👩‍🚀 ✈️.png", "[red]"])
def test_what_can_be_seen_stays(text):
    assert printable(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\nb\r\tc", r"a\nb\r\tc"),
        ("\x1b[31m\x07\x00", r"\x1b[31m\x07\x00"),
        ("\u202egpj.exe", r"\u202egpj.exe"),
        ("\u2028\x85", r"\u2028\x85"),
        ("not-\udcff-utf8", r"not-\xff-utf8"),
        ("\ud800", r"\ud800"),
        ("\U000e0001", r"\U000e0001"),
    ],
)
def test_what_acts_is_escaped(text, shown):
    assert printable(text) == shown


@given(st.text())
def test_the_outcome_is_one_line_that_can_be_written(text):
    shown = printable(text)
    assert len(shown.splitlines()) <= 1
    assert "\x1b" not in shown
    shown.encode("utf-8")
    assert printable(shown) == shown
