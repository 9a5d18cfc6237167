import io
import sys

import pytest

from watchword.cli.failures import Failure, report
from watchword.cli.progress import followed


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def terminal(monkeypatch):
    """Put a terminal in the place of standard error, from the call on."""

    def begin():
        monkeypatch.setenv("COLUMNS", "120")
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.setattr(sys, "stderr", Terminal())
        return sys.stderr

    return begin


def test_everything_comes_through_in_order(terminal):
    terminal()
    assert list(followed(range(100), 100)) == list(range(100))


def test_the_bar_shows_how_far_how_fast_and_how_long(terminal):
    screen = terminal()
    list(followed(range(50), 50))
    shown = screen.getvalue()
    assert "50/50" in shown
    assert "photos/s" in shown
    assert "0:00:00" in shown


@pytest.mark.parametrize("total", [1, 50])
def test_nothing_is_shown_without_a_terminal_or_for_one_photo(monkeypatch, total):
    monkeypatch.setattr(sys, "stderr", io.StringIO() if total > 1 else Terminal())
    list(followed(range(total), total))
    assert sys.stderr.getvalue() == ""


def test_rows_for_a_pipe_do_not_pass_through_the_bar(terminal, monkeypatch):
    terminal()
    pipe = io.StringIO()
    monkeypatch.setattr(sys, "stdout", pipe)
    for number in followed(range(3), 3):
        print(number)
    assert pipe.getvalue() == "0\n1\n2\n"


def test_rows_for_the_same_terminal_go_above_the_bar(terminal, monkeypatch):
    screen = terminal()
    monkeypatch.setattr(sys, "stdout", Terminal())
    for number in followed(range(3), 3):
        print(f"row {number}")
    assert [f"row {number}" in screen.getvalue() for number in range(3)] == [True] * 3


FAILURES = [
    Failure("photos/[b]x\n.jpg", "'photos/[b]x\\n.jpg' is empty (0 bytes); copy it again"),
    Failure("", "nothing matches the pattern 'x*'; check it"),
    Failure("y.jpg", "odd"),
]


def test_failures_are_a_table_on_a_terminal(terminal):
    screen = terminal()
    report(FAILURES)
    shown = screen.getvalue()
    assert "3 not described:" in shown
    for text in ("what is wrong", "what to do", r"photos/[b]x\n.jpg", "is empty (0 bytes)", "copy it again", "odd"):
        assert text in shown


def test_failures_are_lines_otherwise(monkeypatch):
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    report(FAILURES)
    assert sys.stderr.getvalue().splitlines() == [
        "3 not described:",
        r"photos/[b]x\n.jpg: is empty (0 bytes); copy it again",
        "nothing matches the pattern 'x*'; check it",
        "y.jpg: odd",
    ]


def test_no_failures_no_words(monkeypatch):
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    report([])
    assert sys.stderr.getvalue() == ""
