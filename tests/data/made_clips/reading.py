"""Sentences of made clips, read back without the code that wrote them: which event each names, and in which order.

Written down by hand from what English says, so that a wording that is filed under the wrong verb is found.
"""

import re
from typing import NamedTuple

# Head of a clause -> the verb it means; the first that matches counts.
_MEANINGS = [
    (r"(mov|go|slid|drift|head)\w* (to the )?(?P<way>left|right)\b(?! (behind|in front))", "move {way}"),
    (r"(mov|pass|slip)\w* ((?P<way>left|right) )?behind", "pass behind"),
    (r"go\w* past .* on the far side", "pass behind"),
    (r"(mov|pass|cross)\w* ((?P<way>left|right) )?in front of", "pass in front of"),
    (r"go\w* past .* on the near side", "pass in front of"),
    (r"(mov\w* towards|approach|com\w* up to|draw\w* near to|head\w* for)", "move towards"),
    (r"((mov|go|back)\w* away from|leav|retreat\w* from)", "move away from"),
    (r"(follow|chas|trail)", "follow"),
    (r"(mov|go|float)\w* up|ris|climb|ascend", "move up"),
    (r"(mov|go|slid)\w* down|sink|drop|descend", "move down"),
    (r"grow|get\w* bigger|com\w* nearer|swell|becom\w* larger", "grow"),
    (r"shrink|get\w* smaller|go\w* further away|dwindl|becom\w* smaller", "shrink"),
    (r"(turn|rotat|spin|revolv)\w* clockwise", "turn clockwise"),
    (r"(turn|rotat|spin|revolv)\w* (anti|counter)clockwise", "turn anticlockwise"),
    (r"appear|com\w* into view|show\w* up|emerg", "appear"),
    (r"disappear|vanish|fad\w* away|go\w* out of sight", "disappear"),
    (r"stay\w* still|do\w* nothing|wait|remain|stop|com\w* to rest|halt|com\w* to a halt", "stay"),
]


class Claim(NamedTuple):
    """What a clause says. way: "" where it does not say. target: "" where there is none."""

    verb: str
    actor: str
    target: str
    way: str


def claims(sentence: str, names: list[str]) -> list[Claim]:
    """Return what a sentence says, in the order in which it says that it happened."""
    text = sentence.removesuffix(".")
    for opening in ("there is ", "the clip shows ", "we see "):
        text = text.removeprefix(opening)
    if found := re.fullmatch(r"(.*)(?:, followed by| and (?=.* follows$)) ?(an? [\w ]+?)(?: follows)?", text):
        first = _claims([found[1]], names)
        return [*first, Claim("follow", _names(found[2], names)[0], first[0].actor, "")]
    if " is followed by " in text:
        leader, follower = (_names(part, names)[0] for part in text.split(" is followed by "))
        return [Claim("follow", follower, leader, "")]
    return _claims(_clauses(text), names)


def _clauses(text: str) -> list[str]:
    """Part a sentence into clauses in order of time."""
    if text.startswith("after "):
        first, rest = text.removeprefix("after ").split(", ", 1)
        return [first, *_chain(rest)]
    if text.startswith("before "):
        last, first = text.removeprefix("before ").split(", ", 1)
        return [*_chain(first), last]
    if " after " in text:
        last, first = text.split(" after ", 1)
        return [*_chain(first), last]
    if " before " in text:
        first, last = text.split(" before ", 1)
        return [first, *_chain(last)]
    return _chain(text.removeprefix("first "))


def _chain(text: str) -> list[str]:
    return re.split(r",? and then |, and finally |, then |, ", text)


def _claims(clauses: list[str], names: list[str]) -> list[Claim]:
    """Read each clause; one without a subject has that of the clause beside it."""
    found = []
    for clause in clauses:
        told = _names(clause, names)
        verb = re.search("|".join(f"(?:{_ungrouped(pattern)})" for pattern, _ in _MEANINGS), clause)
        assert verb, f"no verb in {clause!r}"
        subject = told and min(clause.find(name) for name in told) < verb.start()
        meaning = next(m for p, m in _MEANINGS if re.match(p, clause[verb.start() :]))
        way = re.search(r"\b(left|right)\b", clause)
        objects = told[1:] if subject else told
        meant = meaning.format(way=way[1] if way else "")
        found.append(Claim(meant, told[0] if subject else "", objects[0] if objects else "", way[1] if way else ""))
    actors = [claim.actor for claim in found]
    known = next(actor for actor in actors if actor)
    filled = []
    for claim in found:
        known = claim.actor or known
        filled.append(claim._replace(actor=known))
    return filled


def _ungrouped(pattern: str) -> str:
    return pattern.replace("(?P<way>", "(?:")


def _names(text: str, names: list[str]) -> list[str]:
    """Return the names in a text, in its order."""
    places = {name: found.start() for name in names if (found := re.search(rf"\b{name}\b", text))}
    return sorted(places, key=lambda name: places[name])
