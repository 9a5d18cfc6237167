"""The exact way from text to tokens: every rule tried at every place."""

from functools import cache
from typing import NamedTuple

from watchword.metrics.treebank.abbreviations import ABBREVIATIONS
from watchword.metrics.treebank.automaton import NONE, Automaton, Notes
from watchword.metrics.treebank.marks import LINE_END, MARKS
from watchword.metrics.treebank.notation import parse
from watchword.metrics.treebank.numbers import NUMBERS
from watchword.metrics.treebank.rule import Rule
from watchword.metrics.treebank.web import WEB
from watchword.metrics.treebank.words import WORDS

RULES = [*WORDS, *WEB, *NUMBERS, *ABBREVIATIONS, *MARKS, LINE_END]


class Token(NamedTuple):
    r"""What was read from one place.

    text: the token; "" where something was passed over, "\n" where a line ended.
    end: the place to read on from. open: whether text after the end of what was given could change it.
    """

    text: str
    end: int
    open: bool


class Lexer:
    """Reads tokens from text of UTF-16 units, one at a time.

    The rule that matches most wins, what must follow counted in; of equals, the first. Where none matches,
    one unit is passed over.
    """

    def __init__(self) -> None:
        """Build the automaton of all rules."""
        self._all = Automaton([parse(f"({rule.pattern})({rule.before})") for rule in RULES])

    def token(self, text: str, start: int, notes: Notes) -> Token:
        """Read the token at `start`. notes: one set for each text, of what was learnt on the way."""
        number, end, still_open = self._all.longest(text, start, notes)
        if number == NONE:
            return Token("", start + 1, still_open)
        rule = RULES[number]
        if rule is LINE_END:
            return Token("\n", end, still_open)
        if rule.before:
            end = _cut(rule, text, start, end)
        written, used = rule.write(text[start:end])
        return Token(written, start + used, still_open)


@cache
def lexer() -> Lexer:
    """Return the one lexer, made when first asked for."""
    return Lexer()


def _cut(rule: Rule, text: str, start: int, end: int) -> int:
    """Return where the token ends, as far right as lets what must follow end at `end`."""
    head, tail = _automaton(rule.pattern), _automaton(rule.before)
    return next(cut for cut in reversed(head.ends(text, start, end)) if end in tail.ends(text, cut, end)[-1:])


@cache
def _automaton(pattern: str) -> Automaton:
    return Automaton([parse(pattern)])
