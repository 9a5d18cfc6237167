"""How each verb may be said: as in "a dog moves left" and as in "after moving left".

{B} stands for the target, {way} for its direction. The second list of a verb holds the rarer words, which only the
last level of difficulty uses. No two verbs share a wording, so that a sentence can be held against what happens.
"""

from typing import NamedTuple

from watchword.data.made_clips.world import OPPOSITE, Event


class Phrase(NamedTuple):
    """A wording. says: after "a dog". doing: after "after"."""

    says: str
    doing: str


def _phrases(*pairs: str) -> list[Phrase]:
    """Return wordings written as "moves/moving left": the first word in both its forms, then what both share."""
    found = []
    for pair in pairs:
        forms, _, rest = pair.partition(" ")
        says, doing = forms.split("/")
        found.append(Phrase(f"{says} {rest}".strip(), f"{doing} {rest}".strip()))
    return found


_SIDEWAYS = ("moves/moving {way}", "moves/moving to the {way}", "goes/going {way}", "goes/going to the {way}")
_SIDEWAYS_RARE = ("slides/sliding {way}", "drifts/drifting to the {way}", "heads/heading {way}")
_TURNS = ("turns/turning {way}", "rotates/rotating {way}")
_TURNS_RARE = ("spins/spinning {way}", "revolves/revolving {way}")

USUAL: dict[str, list[Phrase]] = {
    "move left": _phrases(*(each.format(way="left") for each in _SIDEWAYS)),
    "move right": _phrases(*(each.format(way="right") for each in _SIDEWAYS)),
    "move up": _phrases("moves/moving up", "rises/rising", "goes/going up"),
    "move down": _phrases("moves/moving down", "sinks/sinking", "goes/going down"),
    "grow": _phrases("grows/growing", "gets/getting bigger", "comes/coming nearer"),
    "shrink": _phrases("shrinks/shrinking", "gets/getting smaller", "goes/going further away"),
    "turn clockwise": _phrases(*(each.format(way="clockwise") for each in _TURNS)),
    "turn anticlockwise": _phrases(*(each.format(way="anticlockwise") for each in _TURNS)),
    "appear": _phrases("appears/appearing", "comes/coming into view"),
    "disappear": _phrases("disappears/disappearing", "vanishes/vanishing"),
    "stay": _phrases("stays/staying still", "does/doing nothing"),
    "stop": _phrases("stops/stopping", "comes/coming to rest"),
    "pass behind": _phrases("passes/passing behind {B}", "moves/moving {way} behind {B}"),
    "pass in front of": _phrases("passes/passing in front of {B}", "moves/moving {way} in front of {B}"),
    "move towards": _phrases("moves/moving towards {B}", "approaches/approaching {B}", "comes/coming up to {B}"),
    "move away from": _phrases("moves/moving away from {B}", "goes/going away from {B}", "leaves/leaving {B}"),
    "follow": _phrases("follows/following {B}", "follows/following {B} to the {way}"),
}
RARE: dict[str, list[Phrase]] = {
    "move left": _phrases(*(each.format(way="left") for each in _SIDEWAYS_RARE)),
    "move right": _phrases(*(each.format(way="right") for each in _SIDEWAYS_RARE)),
    "move up": _phrases("climbs/climbing", "floats/floating up", "ascends/ascending"),
    "move down": _phrases("drops/dropping", "descends/descending", "slides/sliding down"),
    "grow": _phrases("swells/swelling", "becomes/becoming larger"),
    "shrink": _phrases("dwindles/dwindling", "becomes/becoming smaller"),
    "turn clockwise": _phrases(*(each.format(way="clockwise") for each in _TURNS_RARE)),
    "turn anticlockwise": _phrases(*(each.format(way="counterclockwise") for each in (*_TURNS, *_TURNS_RARE))),
    "appear": _phrases("shows/showing up", "emerges/emerging"),
    "disappear": _phrases("fades/fading away", "goes/going out of sight"),
    "stay": _phrases("waits/waiting", "remains/remaining where it is"),
    "stop": _phrases("halts/halting", "comes/coming to a halt"),
    "pass behind": _phrases("slips/slipping behind {B}", "goes/going past {B} on the far side"),
    "pass in front of": _phrases("crosses/crossing in front of {B}", "goes/going past {B} on the near side"),
    "move towards": _phrases("draws/drawing near to {B}", "heads/heading for {B}"),
    "move away from": _phrases("backs/backing away from {B}", "retreats/retreating from {B}"),
    "follow": _phrases("chases/chasing {B}", "trails/trailing {B}"),
}


def phrases_of(event: Event, *, stops: bool, rare: bool) -> list[Phrase]:
    """Return the wordings of an event. stops: whether one that stays has moved just before. rare: those too."""
    verb = "stop" if event.verb == "stay" and stops else event.verb
    return USUAL[verb] + (RARE[verb] if rare else [])


def sided(text: str, event: Event) -> str:
    """Return a wording with its direction said; the place of the target stays open."""
    assert not event.way or event.way in OPPOSITE
    return text.replace("{way}", event.way)
