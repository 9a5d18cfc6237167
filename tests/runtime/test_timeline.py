"""A clip as a time line, with the tiny model that names colours."""

import dataclasses
from fractions import Fraction
from types import SimpleNamespace
from typing import ClassVar

import numpy as np
import pytest

from tests.data.clips.made import write
from tests.runtime import tiny
from tests.runtime.tiny_clip import write_clip
from watchword.core.errors import ClipError, DataError, SearchError
from watchword.core.types import Sentence
from watchword.data.clips.frames import Frame
from watchword.runtime import timeline as module
from watchword.runtime.captioner import Captioner
from watchword.runtime.segments import Segment, merged
from watchword.runtime.timeline import timeline

pytest.importorskip("av")


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return Captioner.load(tiny.write_bundle(tmp_path_factory.mktemp("bundle") / "tiny"))


@pytest.fixture
def clip(tmp_path):
    return write_clip(tmp_path / "clip.mp4", [("red", 4), ("green", 3), ("blue", 5)])


def texts(segments):
    return [(segment.start, segment.end, segment.sentence.text) for segment in segments]


def test_each_colour_is_a_segment(model, clip):
    found = model.describe_clip(clip)
    assert texts(found) == [(0.0, 4.0, "a red picture"), (4.0, 7.0, "a green picture"), (7.0, 12.0, "a blue picture")]
    assert all(segment.start <= segment.at < segment.end for segment in found)
    assert all(segment.confidence == segment.sentence.confidence for segment in found)
    assert all(segment.frame is None and segment.label is None for segment in found)


def test_the_frame_that_was_spoken_of_comes_along(model, clip):
    first = next(timeline(model, clip))
    assert first.frame.shape == (tiny.SIZE, tiny.SIZE, 3)
    assert first.frame.mean(axis=(0, 1)).argmax() == 0


def test_what_is_said_of_a_stretch_is_said_of_its_frames_together(model):
    """One frame of three is another colour: the product of what the three are rules its word out."""
    frames = [np.zeros((tiny.SIZE, tiny.SIZE, 3), np.uint8) for _ in range(3)]
    for frame, channel in zip(frames, (1, 0, 0), strict=True):
        frame[:, :, channel] = 250
    assert model.describe(frames[:1])[0].text == "a green picture"
    together = model.describe_together(frames)
    assert together.text == "a red picture"
    alone = model.describe(frames[1:2])[0].log_probs
    assert model.describe_together(frames[1:2]).log_probs == pytest.approx(alone, abs=1e-5)
    assert together.confidence is not None


def test_together_is_of_a_list_of_one_or_more(model):
    with pytest.raises(DataError, match="no picture to describe; give one or more"):
        model.describe_together([])
    with pytest.raises(TypeError, match="list of pictures"):
        model.describe_together(np.zeros((8, 8, 3), np.uint8))


def test_neighbours_that_say_the_same_are_one(model, tmp_path):
    dark = np.zeros((32, 32, 3), np.uint8)
    dark[:, :, 0] = 120
    bright = np.full((32, 32, 3), 90, np.uint8)
    bright[:, :, 0] = 250
    clip = write_clip(tmp_path / "clip.mp4", [(dark, 3), (bright, 3)])
    assert texts(model.describe_clip(clip)) == [(0.0, 6.0, "a red picture")]


def test_options_of_the_search_reach_it(model, clip):
    assert {segment.sentence.words[-1] for segment in model.describe_clip(clip, max_words=2)} == {
        "red",
        "green",
        "blue",
    }
    with pytest.raises(SearchError, match="beam=0"):
        model.describe_clip(clip, beam=0)
    with pytest.raises(TypeError, match="no argument 'n' here"):
        model.describe_clip(clip, n=2)


def test_frames_at_another_rate(model, clip):
    assert texts(model.describe_clip(clip, per_second=1.0)) == texts(model.describe_clip(clip))


def test_a_labeller_names_what_is_done(model, clip):
    seen = []

    class Reds:
        plays = False

        def label(self, frames):
            seen.append(frames.shape)
            red = float(frames[..., 0].mean() > frames[..., 1:].mean())
            return [("warm", 0.9), ("cold", 0.1)] if red else [("cold", 0.8), ("warm", 0.2)]

    found = model.describe_clip(clip, labeller=Reds())
    assert [(segment.label, segment.label_probability) for segment in found] == [
        ("warm", 0.9),
        ("cold", 0.8),
        ("cold", 0.8),
    ]
    assert seen == [(count, tiny.SIZE, tiny.SIZE, 3) for count in (8, 6, 10)]


def test_who_asks_is_told_how_far_it_is(model, clip):
    told = []
    list(timeline(model, clip, reached=lambda *far: told.append(far)))
    assert told[-1] == (11.5, 12.0)


def test_no_clip_is_an_error_that_names_the_file(model, tmp_path):
    (tmp_path / "no.mp4").write_text("no clip", encoding="utf-8")
    with pytest.raises(ClipError, match=r"no\.mp4"):
        model.describe_clip(tmp_path / "no.mp4")


def test_what_was_said_before_a_clip_broke_is_kept(model, clip, monkeypatch):
    def breaking(*arguments, **settings):
        for number in range(10):
            yield Frame(np.full((tiny.SIZE, tiny.SIZE, 3), (250, 20, 20), np.uint8), number / 2)
        raise ClipError("it broke")

    monkeypatch.setattr(module, "by_rate", breaking)
    segments = timeline(model, clip)
    assert texts([next(segments)]) == [(0.0, 5.0, "a red picture")]
    with pytest.raises(ClipError, match="it broke"):
        next(segments)


def test_what_was_said_before_a_stretch_could_not_be_played_again_is_kept(clip):
    """A model of clips plays each stretch again: what it said of those before is not lost with one that fails."""

    class OfClips:
        manifest = SimpleNamespace(size=tiny.SIZE, frames=object())

        def describe(self, clips):
            if clips[0].span[0] >= 7:
                raise ClipError("it cannot be played again")
            words = ("from", f"{clips[0].span[0]:g}")
            return [Sentence(" ".join(words), words, ())]

    segments = timeline(OfClips(), clip)
    assert texts([next(segments), next(segments)]) == [(0.0, 4.0, "from 0"), (4.0, 7.0, "from 4")]
    with pytest.raises(ClipError, match="it cannot be played again"):
        next(segments)


def test_segments_come_before_the_clip_is_over(model, clip, monkeypatch):
    """However long a clip is, no more than a stretch and two batches of frames are held."""
    read = 0

    def endless(*arguments, **settings):
        nonlocal read
        for number in range(10**9):
            read += 1
            turns = number // 100 % 2
            yield Frame(np.rot90(tiny.picture(("red", "blue")[turns], tiny.SIZE), 2 * turns), number / 2)

    monkeypatch.setattr(module, "by_rate", endless)
    segments = timeline(model, clip)
    for number, segment in zip(range(8), segments, strict=False):
        assert segment.end == (number + 1) * 50.0
        assert read <= segment.end * 2 + 100 + 3 * module.BATCH
    segments.close()


def test_a_model_of_clips_speaks_of_whole_shots(clip):
    class OfClips:
        manifest = SimpleNamespace(size=tiny.SIZE, frames=object())
        shown: ClassVar[list] = []

        def describe(self, clips, **asked):
            assert asked == {"beam": 2}
            self.shown += [(shown.source.name, shown.span) for shown in clips]
            return [Sentence(f"clip {len(self.shown)}", ("clip", str(len(self.shown))), (), 0.5) for _ in clips]

    found = list(timeline(OfClips(), clip, beam=2))
    assert texts(found) == [(0.0, 4.0, "clip 1"), (4.0, 7.0, "clip 2"), (7.0, 12.0, "clip 3")]
    assert OfClips.shown == [("clip.mp4", span) for span in ((0.0, 4.0), (4.0, 7.0), (7.0, 12.0))]
    assert [segment.at for segment in found] == [2.0, 5.5, 9.5]


def test_a_model_of_clips_is_shown_no_more_than_it_learnt_from(tmp_path):
    class OfClips:
        manifest = SimpleNamespace(size=tiny.SIZE, frames=object())

        def describe(self, clips):
            start, end = clips[0].span
            return [Sentence(f"{end - start:g} seconds", (f"{end - start:g}", "seconds"), ())]

    clip = write_clip(tmp_path / "clip.mp4", [("red", 14)])
    assert texts(timeline(OfClips(), clip)) == [(0.0, 10.0, "10 seconds"), (10.0, 14.0, "4 seconds")]


def test_the_last_frame_of_a_slide_show_counts_to_its_end(model, tmp_path):
    """Frames of eight seconds: of the last one, too, far more than the half second between moments."""
    clip = write_clip(tmp_path / "slides.mp4", [("red", 8), ("green", 8), ("blue", 8)], fps=Fraction(1, 8))
    assert texts(model.describe_clip(clip)) == [
        (0.0, 8.0, "a red picture"),
        (8.0, 16.0, "a green picture"),
        (16.0, 24.0, "a blue picture"),
    ]
    short = write_clip(tmp_path / "one.mp4", [("red", 1)], fps=1)
    assert texts(model.describe_clip(short, per_second=1000)) == [(0.0, 1.0, "a red picture")]


@pytest.mark.parametrize("pause", [10, 75, 145, 147, 148])
def test_a_pause_does_not_move_the_end(model, tmp_path, pause):
    """Five seconds of frames and a pause of four, in an MP4 whose frames are stored in another order."""
    red = np.full((32, 32, 3), (250, 20, 20), np.uint8)
    times = [33 * n + (4000 if n > pause else 0) for n in range(150)]
    clip = write(tmp_path / "a.mp4", [red] * 150, 30, times=times)
    assert model.describe_clip(clip)[-1].end == pytest.approx(8.95, abs=0.1)


@pytest.mark.parametrize(
    ("last", "step", "seconds", "until", "end"),
    [
        (7.5, 0.5, 8.0, [7.6], 8.0),  # the last frames were not decoded
        (16.0, 0.5, 24.0, [24.0], 24.0),  # frames of eight seconds
        (16.0, 0.5, 12.0, [24.0], 24.0),  # the same, joined of two
        (5.0, 0.5, 3600.0, [5.6], 5.6),  # cut off
        (0.0, 10_000.0, 3600.0, [10.0], 10.0),
        (6.67, 3.33, 4.0, [8.0], 8.0),
        (7.5, 0.5, 8.0, [], 8.0),  # it broke before its end
        (5.0, 0.5, 3600.0, [], 5.5),
    ],
)
def test_when_a_clip_is_over(last, step, seconds, until, end):
    assert module._end(last, step, seconds, until) == end


def test_a_stretch_that_cannot_be_named_keeps_its_sentence(model, clip):
    class Choosy:
        plays = True

        def label(self, source):
            if source.span[0] == 4.0:
                raise ClipError("'clip.mp4' cannot be played again; mend it")
            return [("fine", 0.9)]

    found, ended = [], None
    try:
        for segment in timeline(model, clip, labeller=Choosy()):
            found.append(segment)
    except ClipError as error:
        ended = str(error)
    assert ended == "'clip.mp4' cannot be played again; mend it"
    assert [(one.sentence.text, one.label, one.label_probability) for one in found] == [
        ("a red picture", "fine", 0.9),
        ("a green picture", None, None),
        ("a blue picture", None, None),
    ]


def segment(start, end, text, confidence=None, label=None):
    return Segment(start, end, Sentence(text, tuple(text.split()), (), confidence), start, confidence, label)


def test_merging_keeps_the_surest_sentence_and_all_of_the_time():
    given = [
        segment(0, 2, "a man is sitting", 0.2),
        segment(2, 3, "the man sitting", 0.7),
        segment(3, 4, "a man is sitting", 0.1),
        segment(4, 6, "a dog", 0.5),
    ]
    first, second = merged(given)
    assert (first.start, first.end, first.sentence.text, first.at) == (0, 4, "the man sitting", 2)
    assert second == given[3]


def test_other_labels_are_not_merged():
    given = [segment(0, 2, "a man", label="fight"), segment(2, 4, "a man", label="noFight")]
    assert list(merged(given)) == given


def test_sentences_without_content_are_the_same_only_if_they_are():
    given = [segment(0, 1, "it is"), segment(1, 2, "it is"), segment(2, 3, "")]
    assert [one.end for one in merged(given)] == [2, 3]


def test_segments_are_values():
    one = segment(0, 1, "a dog")
    assert dataclasses.replace(one, frame=np.zeros((2, 2, 3), np.uint8)) == one
