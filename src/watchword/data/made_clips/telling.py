"""Sentences about a clip, each of them true of it and each telling all that happens, in one order or the other."""

import numpy as np

from watchword.data.made_clips.naming import Naming
from watchword.data.made_clips.wording import Phrase, phrases_of, sided
from watchword.data.made_clips.world import Event, Script

# {0} to {2}: clauses with their subjects, in order of time. {0v}: without subject, as in "then moves left". {0p}: with
# "it" as the subject. {0g}: "moving left". {0S}: the subject alone.
ONE = ("{0}.", "{0S} is {0g}.", "there is {0S} that {0v}.", "the clip shows {0S} {0g}.", "we see {0S} {0g}.")
SAME = (
    "{0}, then {1v}.",
    "{0} and then {1v}.",
    "first {0}, then {1p}.",
    "{0} before {1g}.",
    "{0S} {1v} after {0g}.",
    "after {0g}, {0S} {1v}.",
    "before {1g}, {0}.",
)
OTHER = (
    "{0}, then {1}.",
    "{0} and then {1}.",
    "first {0}, then {1}.",
    "{0} before {1}.",
    "{1} after {0}.",
    "after {0}, {1}.",
    "before {1}, {0}.",
)
FOLLOWED = ("{0}, followed by {1S}.", "{0} and {1S} follows.", "{1}.", "{0S} is followed by {1S}.", "{0}, then {1}.")
THREE = (
    "{0}, then {1}, and finally {2}.",
    "first {0}, then {1}, and then {2}.",
    "{0}, {1}, and then {2}.",
    "after {0}, {1} and then {2}.",
    "{0} before {1}, and then {2}.",
    "{2} after {0} and then {1}.",
)


def sentences_of(script: Script, count: int, random: np.random.Generator) -> tuple[str, ...]:
    """Return `count` different sentences, or as many as forty tries give."""
    found: dict[str, None] = {}
    for _ in range(40):
        if len(found) == count:
            break
        found[_sentence(script, random)] = None
    return tuple(found)


def plain(script: Script, event: Event) -> str:
    """Return an event in its plainest words: "a dog passes behind a ball"."""
    naming = Naming([each._replace(adjective="") for each in script.things], np.random.default_rng(0))
    subject = naming.name(event.actor)
    return f"{subject} {_filled(phrases_of(event, stops=False, rare=False)[0].says, event, naming)}"


def _sentence(script: Script, random: np.random.Generator) -> str:
    """Draw a form, a wording for each event, and fill the form from left to right."""
    events = script.events
    forms = _forms(events)
    naming = Naming(script.things, random)
    phrases = [_wording(script, place, random) for place in range(len(events))]
    text, rest = "", forms[random.integers(len(forms))]
    while rest:
        before, opened, rest = rest.partition("{")
        text += before
        if opened:
            slot, _, rest = rest.partition("}")
            place = int(slot[0])
            text += _clause(slot[1:], events[place], phrases[place], naming)
    return text


def _forms(events: tuple[Event, ...]) -> tuple[str, ...]:
    if len(events) == 3:
        return THREE
    if len(events) == 1:
        return ONE
    if events[1].verb == "follow":
        return FOLLOWED
    return SAME if events[0].actor == events[1].actor else OTHER


def _wording(script: Script, place: int, random: np.random.Generator) -> Phrase:
    """Draw the wording of an event; what stays after its own move stops."""
    event = script.events[place]
    stops = place > 0 and script.events[place - 1].actor == event.actor
    phrases = phrases_of(event, stops=stops, rare=script.level == 4)
    return phrases[random.integers(len(phrases))]


def _clause(kind: str, event: Event, phrase: Phrase, naming: Naming) -> str:
    """Return what stands in a slot; names are asked for in the order of the words."""
    subject = {"": lambda: f"{naming.name(event.actor)} ", "p": lambda: "it ", "S": lambda: naming.name(event.actor)}
    start = subject.get(kind, lambda: "")()
    if kind == "S":
        return start
    return start + _filled(phrase.doing if kind == "g" else phrase.says, event, naming)


def _filled(text: str, event: Event, naming: Naming) -> str:
    """Return a wording with direction and target said."""
    said = sided(text, event)
    return said if event.target is None or "{B}" not in said else said.replace("{B}", naming.name(event.target))
