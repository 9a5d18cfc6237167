import numpy as np
import pytest

from watchword.data.made_clips.acts import LEVELS, acts_of
from watchword.data.made_clips.scripts import script_of
from watchword.data.made_clips.world import ALPHA, ANGLE, SIZE, VERBS, Event, Thing, X, Y, backwards, reversed_events

THINGS = [Thing(name) for name in ("ball", "car", "dog", "orange", "tree")]
SCRIPTS = [script_of(level, THINGS, np.random.default_rng([7, level, n])) for level in LEVELS for n in range(60)]
EVERY = [*SCRIPTS, *map(backwards, SCRIPTS)]


def change(script, event, column, who=None):
    track = script.tracks[event.actor if who is None else who, :, column]
    return track[event.end] - track[event.start]


def gap(script, event, time):
    """How far the actor's side is from the target's, across, in a frame."""
    actor, target = script.tracks[event.actor, time], script.tracks[event.target, time]
    return abs(actor[X] - target[X]) - (actor[SIZE] + target[SIZE]) / 2


SIDEWAYS = {"left": -1, "right": 1}
TRUE = {
    "move left": lambda s, e: change(s, e, X) < -0.25 and abs(change(s, e, Y)) < 1e-9,
    "move right": lambda s, e: change(s, e, X) > 0.25 and abs(change(s, e, Y)) < 1e-9,
    "move up": lambda s, e: change(s, e, Y) < -0.25 and abs(change(s, e, X)) < 1e-9,
    "move down": lambda s, e: change(s, e, Y) > 0.25 and abs(change(s, e, X)) < 1e-9,
    "grow": lambda s, e: s.tracks[e.actor, e.end, SIZE] > 1.5 * s.tracks[e.actor, e.start, SIZE],
    "shrink": lambda s, e: s.tracks[e.actor, e.end, SIZE] < s.tracks[e.actor, e.start, SIZE] / 1.5,
    "turn clockwise": lambda s, e: change(s, e, ANGLE) > 100,
    "turn anticlockwise": lambda s, e: change(s, e, ANGLE) < -100,
    "appear": lambda s, e: change(s, e, ALPHA) == 1 and not s.tracks[e.actor, : e.start, ALPHA].any() and e.start > 3,
    "disappear": lambda s, e: change(s, e, ALPHA) == -1 and not s.tracks[e.actor, e.end :, ALPHA].any(),
    "stay": lambda s, e: np.ptp(s.tracks[e.actor, e.start : e.end + 1], 0).max() < 1e-9 and e.end - e.start >= 6,
    "move towards": lambda s, e: gap(s, e, e.start) > gap(s, e, e.end) + 0.25 and 0 < gap(s, e, e.end) < 0.1,
    "move away from": lambda s, e: gap(s, e, e.end) > gap(s, e, e.start) + 0.25 and 0 < gap(s, e, e.start) < 0.1,
    "follow": lambda s, e: (
        change(s, e, X) * SIDEWAYS[e.way] > 0.25
        and (s.tracks[e.target, :, X] - s.tracks[e.actor, :, X]).min() * SIDEWAYS[e.way] >= 0
        if e.way == "right"
        else change(s, e, X) < -0.25 and (s.tracks[e.actor, :, X] - s.tracks[e.target, :, X]).min() > 0
    ),
}


def passes(script, event):
    """From one side of the target to the other, and over it in the order that the verb says."""
    ahead = script.tracks[event.actor, :, X] - script.tracks[event.target, :, X]
    across = np.sign([ahead[event.start], ahead[event.end]]).tolist() == [-SIDEWAYS[event.way], SIDEWAYS[event.way]]
    before = script.order.index(event.actor) > script.order.index(event.target)
    beside = np.abs(script.tracks[event.actor, :, Y] - script.tracks[event.target, :, Y]).max() < 0.1
    return across and beside and before == (event.verb == "pass in front of") and abs(ahead[event.start]) > 0.25


TRUE["pass behind"] = TRUE["pass in front of"] = passes


def test_every_verb_is_drawn_and_judged():
    assert {event.verb for script in SCRIPTS for event in script.events} == set(VERBS) == set(TRUE)


@pytest.mark.parametrize("verb", VERBS)
def test_what_is_said_to_happen_happens(verb):
    found = [(script, event) for script in EVERY for event in script.events if event.verb == verb]
    wrong = [event for script, event in found if not TRUE[verb](script, event)]
    assert found
    assert not wrong


def test_nothing_else_happens():
    """Outside its events a thing keeps still, and what has no event does nothing at all."""
    for script in EVERY:
        busy = np.zeros((len(script.things), script.frames - 1), bool)
        for event in script.events:
            busy[event.actor, event.start : event.end] = True
        still = np.abs(np.diff(script.tracks, axis=1)).max(-1) < 1e-9
        assert (still | busy).all()


def test_things_are_large_enough_and_inside_the_picture():
    for script in EVERY:
        half = script.tracks[..., SIZE] * 0.4
        for axis in (X, Y):
            assert (script.tracks[..., axis] - half).min() > -0.05
            assert (script.tracks[..., axis] + half).max() < 1.05
        assert script.tracks[..., SIZE].min() > 0.12
        assert script.tracks[..., SIZE].max() < 0.55


def test_levels_are_what_they_say():
    for script in SCRIPTS:
        acting = {number for event in script.events for number in (event.actor, event.target) if number is not None}
        assert len(acting) == (1 if script.level < 3 else 2)
        assert (len(script.things) > len(acting)) is (script.level == 4)
        assert len(script.events) in {1: (1,), 2: (2,)}.get(script.level, (2, 3))
        assert len({thing.name for thing in script.things}) == len(script.things)
        assert 24 <= script.frames <= 32


def test_events_fill_the_clip_in_their_order():
    for script in EVERY:
        assert all(0 <= event.start < event.end < script.frames for event in script.events)
        assert [event.start for event in script.events] == sorted(event.start for event in script.events)
        assert max(event.end for event in script.events) >= script.frames - 7


def test_who_follows_leads_when_time_runs_backwards():
    events = (Event("move left", 0, None, 1, 20), Event("follow", 1, 0, 5, 24, "left"))
    assert reversed_events(events, 25) == (Event("move right", 1, None, 1, 20), Event("follow", 0, 1, 5, 24, "right"))


def test_twice_backwards_is_forwards():
    for script in SCRIPTS:
        again = backwards(backwards(script))
        assert again.events == script.events
        assert np.array_equal(again.tracks, script.tracks)


def test_backwards_is_always_another_story():
    for level in LEVELS:
        for number in range(200):
            acts = acts_of(level, np.random.default_rng([level, number]))
            events = tuple(Event(*each[:3], at, at, each.way) for at, each in enumerate(acts))
            turned = reversed_events(events, len(events) - 1)
            assert [(e.verb, e.actor) for e in events] != [(e.verb, e.actor) for e in turned]


def test_the_event_that_names_a_clip():
    for script in SCRIPTS:
        related = [event for event in script.events if event.target is not None]
        assert script.main == (related or script.events)[-1]
