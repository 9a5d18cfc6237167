"""The automaton against Python's regular expressions, on patterns that both read alike."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watchword.metrics.treebank.automaton import NONE, Automaton, Match
from watchword.metrics.treebank.notation import parse

PATTERNS = ["ab", "a(b|c)*", "[^ab]+c", "(ab?){2,3}c", "b*a+", "(a|ab)(c|bcd)", "[a-c]{2}d?", "", "(a|b)*abb"]


def longest(text, start):
    """Return the longest match of the first pattern that has it, by trying every end."""
    ends = [
        max(
            (end for end in range(start, len(text) + 1) if re.fullmatch(pattern, text[start:end], re.IGNORECASE)),
            default=-1,
        )
        for pattern in PATTERNS
        if pattern
    ]
    return max(ends), ends.index(max(ends))


@settings(max_examples=300, deadline=None)
@given(st.text("abcdA ", min_size=1, max_size=14), st.data())
def test_longest_match_of_the_first_pattern(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    automaton = Automaton([parse(pattern) for pattern in PATTERNS if pattern])
    end, pattern = longest(text.lower(), start)
    found = automaton.longest(text.lower(), start, set())
    assert found[:2] == ((pattern, end) if end >= 0 else (NONE, start))


def test_a_match_is_open_while_more_text_could_change_it():
    automaton = Automaton([parse("ab"), parse("abcd")])
    assert automaton.longest("ab", 0, set()) == Match(0, 2, open=True)
    assert automaton.longest("abx", 0, set()) == Match(0, 2, open=False)
    assert automaton.longest("abcd", 0, set()) == Match(1, 4, open=False)


def test_notes_change_no_match():
    automaton, text, notes = Automaton([parse("a"), parse("a[^c]*c")]), "ab" * 60 + "d" + "ab" * 40 + "c", set()
    found = [automaton.longest(text, at, notes) for at in range(len(text))]
    assert found == [automaton.longest(text, at, set()) for at in range(len(text))]


def test_what_more_text_could_change_is_not_noted():
    notes = set()
    assert Automaton([parse("a"), parse("a[^c]*c")]).longest("ab" * 60, 0, notes).open
    assert not notes


def test_what_is_remembered_has_a_limit(monkeypatch):
    monkeypatch.setattr("watchword.metrics.treebank.automaton._ROOM", 2)
    automaton = Automaton([parse("[a-z]+")])
    assert automaton.longest("dogandcat.", 0, set()) == Match(0, 9, open=False)


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        ("M.", ["m.", "M."], ["mx"]),
        ("[M]r", ["MR", "Mr"], ["mr"]),
        (r"[\L]", ["é", "日"], ["1", "\u0301", "ꬰ"]),
        (r"[\C]", ["A", "É", "Ⅷ"], ["a", "ǅ"]),
        (r"[^\D]", ["a"], ["٣"]),
        (r"\u00ad\.\t", ["\u00ad.\t"], ["\u00ad.t"]),
        ("[^]{2}", ["\n\r"], ["a"]),
        ("{A}s", ["'s", "’S", "&apos;ſ"], ["`s"]),
    ],
)
def test_notation(pattern, yes, no):
    automaton = Automaton([parse(f"({pattern})")])
    assert [text for text in yes + no if automaton.longest(text, 0, set()).end == len(text)] == yes


def test_a_pattern_with_a_bracket_too_many_is_refused():
    with pytest.raises(ValueError, match=r"nothing opens the bracket at 1; write \\\) for itself"):
        parse("a)b")
