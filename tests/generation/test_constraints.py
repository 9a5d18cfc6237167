import pytest

from watchword.core.errors import SearchError
from watchword.generation.constraints import Rules


def test_the_start_is_always_forbidden():
    assert Rules(1, 2).forbidden == (1,)
    assert Rules(1, 2, forbidden=(3, 0, 3)).forbidden == (0, 1, 3)


def test_groups_are_words_or_alternatives():
    allowed = Rules(1, 2, (0, 3), must_include=(4, (5, 6), [7]))
    assert allowed.groups == ((4,), (5, 6), (7,))
    assert hash(allowed) == hash(Rules(1, 2, (0, 3), must_include=((4,), (5, 6), (7,))))


def test_forbidden_alternatives_are_dropped():
    assert Rules(1, 2, (0, 3), must_include=((3, 4),)).groups == ((4,),)


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({"max_words": 0}, "max_words=0: a sentence needs room for 1 word or more"),
        ({"min_words": -1}, "min_words=-1: from 0 to max_words, which is 20"),
        ({"min_words": 5, "max_words": 4}, "min_words=5: from 0 to max_words, which is 4"),
        ({"no_repeat_ngram": -2}, r"no_repeat_ngram=-2: 0 \(off\)"),
        ({"start": 2}, "word 2 ends a sentence, so it can be neither the start nor forbidden"),
        ({"forbidden": (2,)}, "word 2 ends a sentence"),
        ({"forbidden": (-1,)}, "must be ids of words, 0 or more"),
        ({"must_include": (3,)}, r"the group \(3,\), of which no word is ever spoken; give a word that is in"),
        ({"must_include": (4, (2, 1))}, r"the group \(2, 1\)"),
        ({"must_include": ((),)}, r"the group \(\)"),
        ({"must_include": (-5,)}, r"the group \(-5,\)"),
    ],
)
def test_rules_that_make_no_sense_are_refused(settings, complaint):
    with pytest.raises(SearchError, match=complaint):
        Rules(**{"start": 1, "end": 2, "forbidden": (0, 3), **settings})
