import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cli.tracks import read_srt, read_vtt
from watchword.cli.pauses import BREATH, LATE, fitted, seconds_to_say
from watchword.cli.subtitles import Cue, cue, spoken, track

READERS = {"vtt": read_vtt, "srt": read_srt}
LONG = "a man in a red shirt and a woman in a blue dress are standing in front of a house with a brown dog near them"


def written(kind, *cues, model="small"):
    return "".join(track(cues, kind, model))


@pytest.mark.parametrize("kind", READERS)
def test_cues_come_back_as_they_were(kind):
    found = READERS[kind](written(kind, cue(0, 1.5, "A dog."), cue(1.5, 3723.004, "Two dogs.")))
    assert found == [(0, 1500, "A dog."), (1500, 3_723_004, "Two dogs.")]


def test_the_files_to_the_letter():
    assert written("srt", cue(0, 61.5, "A dog.")) == "1\n00:00:00,000 --> 00:01:01,500\nA dog.\n"
    head, _, rest = written("vtt", cue(0, 61.5, "A dog.")).partition("\n\nNOTE\n")
    assert head == "WEBVTT"
    assert rest.startswith("Written by watchword ")
    assert rest.endswith("\n\n00:00:00.000 --> 00:01:01.500\nA dog.\n")


def test_a_track_without_cues():
    assert written("srt") == ""
    assert read_vtt(written("vtt")) == []


@pytest.mark.parametrize("kind", READERS)
def test_long_sentences_are_shown_two_lines_at_a_time(kind):
    found = READERS[kind](written(kind, cue(10, 20, LONG)))
    assert len(found) == 2
    assert (found[0][0], found[-1][1]) == (10_000, 20_000)
    assert found[0][1] == found[1][0]
    assert " ".join(text.replace("\n", " ") for *_, text in found) == LONG


@pytest.mark.parametrize("kind", READERS)
def test_what_players_would_take_for_marks_is_text(kind):
    ((_, _, text),) = READERS[kind](written(kind, cue(0, 1, "a <b>dog</b> & --> cat")))
    assert text == {"vtt": "a <b>dog</b> & --> cat", "srt": "a ‹b›dog‹/b› & --› cat"}[kind]


def test_a_model_of_any_name_does_not_end_the_remark():
    assert read_vtt(written("vtt", cue(0, 1, "a"), model="a-->b\n\nx <c>")) == [(0, 1000, "a")]


@pytest.mark.parametrize("kind", READERS)
@given(
    texts=st.lists(st.text(max_size=200), max_size=5),
    times=st.lists(st.floats(0, 40_000), min_size=6, max_size=6),
)
def test_any_text_any_times(kind, texts, times):
    times = sorted(times)
    READERS[kind](written(kind, *(cue(times[i], times[i + 1], text) for i, text in enumerate(texts))))


def test_a_sentence_for_people():
    assert spoken(["a", "dog"]) == "A dog."
    assert spoken([]) == ""


def placed(cues, quiet):
    return [one and (one.start / 1000, one.end / 1000) for one in fitted(cues, quiet)]


DOG = "A dog runs in it."  # five words
NEED = seconds_to_say(DOG)


def test_how_long_it_takes_to_say():
    assert pytest.approx(BREATH + 2.0) == NEED


def test_all_quiet_leaves_cues_where_they_are():
    assert placed([cue(0, 5, DOG), cue(5, 9, DOG)], [(0, 100)]) == [(0, NEED), (5, 5 + NEED)]


def test_a_cue_waits_for_the_pause():
    assert placed([cue(0, 8, DOG)], [(0.5, 1.0), (3, 7)]) == [(3, 3 + NEED)]


def test_a_pause_too_late_or_too_short_is_none():
    assert placed([cue(0, 2, DOG)], [(0, NEED - 0.1), (2 + LATE + 0.1, 50)]) == [None]
    assert placed([cue(0, 2, DOG)], []) == [None]


def test_cues_in_one_pause_follow_each_other():
    found = placed([cue(0, 1, DOG), cue(1, 2, DOG), cue(2, 3, DOG)], [(0, 30)])
    assert found == [(0, 2.4), (2.4, 4.8), (4.8, 7.2)]


def test_nothing_is_said_before_it_is_to_be_seen():
    assert placed([cue(4, 6, DOG)], [(0, 3), (5, 9)]) == [(5, 5 + NEED)]


@given(
    starts=st.lists(st.integers(0, 60), max_size=8, unique=True),
    pauses=st.lists(st.integers(0, 600), max_size=8, unique=True),
)
def test_fitted_cues_are_in_pauses_and_do_not_overlap(starts, pauses):
    starts, pauses = sorted(starts), [value / 10 for value in sorted(pauses)]
    quiet = list(zip(pauses[::2], pauses[1::2], strict=False))
    cues = [Cue(start * 1000, end * 1000, DOG) for start, end in zip(starts, [*starts[1:], 62], strict=False)]
    for before, after in zip(cues, fitted(cues, quiet), strict=True):
        if after:
            assert before.start <= after.start <= before.end + LATE * 1000
            assert any(a - 1e-3 <= after.start / 1000 and after.end / 1000 <= b + 2e-3 for a, b in quiet)
    read_srt("".join(track(filter(None, fitted(cues, quiet)), "srt", "x")))
