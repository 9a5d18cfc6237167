import re

import numpy as np
import pytest

from tests.data.made_clips.reading import claims
from watchword.data.made_clips.naming import indefinite
from watchword.data.made_clips.scripts import script_of
from watchword.data.made_clips.telling import plain, sentences_of
from watchword.data.made_clips.wording import RARE, USUAL
from watchword.data.made_clips.world import VERBS, Event, Script, Thing, backwards

THINGS = [Thing("ball", "red"), Thing("car", "blue"), Thing("dog"), Thing("orange"), Thing("tree", "green")]
NAMES = [thing.name for thing in THINGS]


def drawn(level, number):
    return script_of(level, THINGS, np.random.default_rng([level, number]))


def truth(script):
    return [
        (each.verb, script.things[each.actor].name, "" if each.target is None else script.things[each.target].name)
        for each in script.events
    ]


@pytest.mark.parametrize("level", [1, 2, 3, 4])
@pytest.mark.parametrize("turned", [False, True], ids=["forwards", "backwards"])
def test_every_sentence_says_what_happens_and_in_which_order(level, turned):
    for number in range(60):
        script = drawn(level, number)
        script = backwards(script) if turned else script
        wanted, ways = truth(script), [event.way for event in script.events]
        for sentence in sentences_of(script, 5, np.random.default_rng(number)):
            said = claims(sentence, NAMES)
            if len(said) == 1 and said[0].verb == "follow":  # who follows tells that the other moves
                wanted_here, ways_here = wanted[-1:], ways[-1:]
            else:
                wanted_here, ways_here = wanted, ways
            assert [each[:3] for each in said] == wanted_here, sentence
            assert all(each.way in ("", way) for each, way in zip(said, ways_here, strict=True) if way), sentence


@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_a_clip_has_several_sentences_and_its_twin_has_none_of_them(level):
    for number in range(20):
        script = drawn(level, number)
        mine = sentences_of(script, 5, np.random.default_rng(1))
        theirs = sentences_of(backwards(script), 200, np.random.default_rng(2))
        assert len(set(mine)) == 5
        assert not set(mine) & set(theirs)


def test_clips_that_differ_in_the_order_of_events_alone_have_no_sentence_in_common():
    def said(*verbs):
        events = tuple(Event(verb, 0, None, 10 * at, 10 * at + 8) for at, verb in enumerate(verbs))
        script = Script((Thing("dog"),), events, np.zeros((1, 30, 5)), (0,), 2)
        return set(sentences_of(script, 300, np.random.default_rng(0)))

    assert len(said("move left", "grow")) > 30
    assert not said("move left", "grow") & said("grow", "move left")


def test_no_wording_serves_two_verbs():
    """But "stop" and "stay" may share some: both say that nothing moves."""
    meanings = {}
    for table in (USUAL, RARE):
        for verb, phrases in table.items():
            for phrase in phrases:
                assert meanings.setdefault(phrase.says, verb) == verb
                assert re.match(r"\w+ing\b", phrase.doing)
    assert set(VERBS) <= set(USUAL)
    assert set(USUAL) == set(RARE)


def test_rare_words_are_for_the_last_level():
    rare = {phrase.says for verb in ("move left", "move right", "grow") for phrase in RARE[verb]}
    for level, expected in ((3, False), (4, True)):
        texts = " ".join(s for n in range(60) for s in sentences_of(drawn(level, n), 5, np.random.default_rng(n)))
        assert any(re.search(rf"\b{words}\b", texts) for words in rare) is expected


def test_the_plainest_words():
    script = drawn(3, 0)
    event = Event("pass behind", 0, 1, 3, 9, "left")
    names = [thing.name for thing in script.things]
    assert plain(script, event) == f"{indefinite(names[0])} passes behind {indefinite(names[1])}"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("dog", "a dog"),
        ("orange", "an orange"),
        ("umbrella", "an umbrella"),
        ("unicorn", "a unicorn"),
        ("skis", "a pair of skis"),
    ],
)
def test_articles(name, said):
    assert indefinite(name) == said
