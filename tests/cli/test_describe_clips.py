"""`watchword describe` on clips, and on clips and photos together, with the tiny bundle."""

import csv
import io
import json
import shutil
from pathlib import Path

import pytest

from tests.cli.test_page import Elements
from tests.cli.tracks import read_srt, read_vtt
from tests.runtime.tiny_clip import write_clip
from watchword.cli.clip_tracks import Tracks, places
from watchword.cli.whole_files import written_whole
from watchword.core.errors import ClipError, DataError
from watchword.core.types import Sentence
from watchword.data.clips import sound
from watchword.runtime.segments import Segment

pytest.importorskip("av")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A clip of 3 red and 4 blue seconds, and one of 2 green ones."""
    folder = tmp_path_factory.mktemp("made")
    write_clip(folder / "two.mp4", [("red", 3), ("blue", 4)])
    write_clip(folder / "one.avi", [("green", 2)])
    return folder


@pytest.fixture
def describe(watchword, tiny_model, made, tmp_path, monkeypatch):
    """Run `watchword describe --model tiny ...` in a folder that holds "clips"."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(made, tmp_path / "clips")
    return lambda *arguments, typed=b"": watchword("describe", "--model", tiny_model, *arguments, typed=typed)


@pytest.fixture
def both(describe, photos):
    """The same; "photos" is there too, with two.mp4 in it."""
    shutil.copy("clips/two.mp4", photos)
    return describe


def rows(text):
    return [json.loads(line) for line in text.splitlines()]


def test_text_has_path_times_sentence_and_confidence(describe):
    assert describe("clips/two.mp4") == (
        0,
        "clips/two.mp4\t0:00.0-0:03.0\ta red picture\t75%\nclips/two.mp4\t0:03.0-0:07.0\ta blue picture\t75%\n",
        "",
    )


def test_a_folder_gives_photos_then_clips(both):
    done = both("photos", "--json")
    assert done.status == 0
    found = rows(done.out)
    assert [row["path"] for row in found] == [
        *("photos/blue.png", "photos/green.png", "photos/red.png"),
        *("photos/two.mp4", "photos/two.mp4"),
    ]
    assert "start" not in found[0]


def test_json_has_what_the_formats_page_says(describe):
    first, second = rows(describe("clips/two.mp4", "--json").out)
    assert list(first)[:6] == ["path", "start", "end", "sentence", "label", "confidence"]
    assert (first["start"], first["end"], first["sentence"], first["label"]) == (0.0, 3.0, "a red picture", None)
    assert 0 < first["confidence"] < 1
    assert first["start"] <= first["at"] < first["end"]
    assert [word["word"] for word in first["words"]] == ["a", "red", "picture"]
    assert (first["last"], second["last"]) == (False, True)


def test_csv_of_clips_has_columns_of_its_own(both):
    table = list(csv.DictReader(io.StringIO(both("photos", "--csv").out)))
    assert [row["start"] for row in table] == ["", "", "", "0.0", "3.0"]
    assert [row["sentence"] for row in table[3:]] == ["a red picture", "a blue picture"]
    assert [row["last"] for row in table[3:]] == ["0", "1"]
    assert all(None not in row and None not in row.values() for row in table)


def test_broken_clips_are_named_at_the_end(describe):
    Path("clips/bad.mp4").write_bytes(b"no clip at all")
    Path("clips/empty.mov").write_bytes(b"")
    done = describe("clips", "absent.mp4")
    assert done.status == 1
    assert len(done.lines) == 3
    head, *failures = done.err.splitlines()
    assert head == "3 not described:"
    assert [line.partition(":")[0] for line in failures] == ["clips/bad.mp4", "clips/empty.mov", "absent.mp4"]


def test_a_clip_that_breaks_midway_keeps_what_was_said(describe, monkeypatch):
    from watchword.runtime import timeline

    def breaking(*arguments, **settings):
        yield from list(whole(*arguments, **settings))[:8]
        raise ClipError("'clips/two.mp4' cannot be played: it broke; mend it")

    whole = timeline.by_rate
    monkeypatch.setattr(timeline, "by_rate", breaking)
    done = describe("clips/two.mp4", "--output", "rows.jsonl", "--srt", "two.srt")
    assert done.status == 1
    assert done.err == "1 not described to the end:\nclips/two.mp4: cannot be played: it broke; mend it\n"
    found = rows(Path("rows.jsonl").read_text(encoding="utf-8"))
    assert [row["last"] for row in found] == [False] * (len(found) - 1) + [True]
    assert read_srt(Path("two.srt").read_text(encoding="utf-8"))


@pytest.mark.parametrize("kind", ["jsonl", "csv"])
def test_resume_does_a_clip_again_whose_rows_are_not_all_there(both, kind):
    output = Path(f"rows.{kind}")
    assert both("photos", "clips", "--output", output).status == 0
    whole = output.read_bytes()
    for length in (3, len(whole) // 3, len(whole) * 2 // 3, len(whole) - 30, len(whole) - 1):
        output.write_bytes(whole[:length])
        assert both("photos", "clips", "--output", output, "--resume").status == 0
        assert output.read_bytes() == whole
    done = both("photos", "clips", "--output", output, "--resume")
    assert "nothing left to do" in done.err


def test_resume_puts_tracks_where_the_whole_run_would(describe):
    for name in ("a", "b"):
        Path("clips", name).mkdir()
        shutil.copy("clips/one.avi", Path("clips", name))
    asked = ("clips/a", "clips/b", "--output", "rows.jsonl", "--vtt", "tracks")
    assert describe(*asked).status == 0
    whole = sorted(Path("tracks").rglob("*.vtt"))
    assert whole == [Path("tracks/a/one.vtt"), Path("tracks/b/one.vtt")]
    whole[1].unlink()
    Path("rows.jsonl").write_text(
        Path("rows.jsonl").read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8"
    )
    assert describe(*asked, "--resume").status == 0
    assert sorted(Path("tracks").rglob("*.vtt")) == whole


def test_resume_tells_of_clips_that_get_no_track(describe):
    """Those that were described before tracks were asked for are not described again."""
    assert describe("clips/one.avi", "--output", "rows.jsonl").status == 0
    shutil.copy("clips/one.avi", "clips/two.avi")
    done = describe("clips/one.avi", "clips/two.avi", "--output", "rows.jsonl", "--resume", "--srt", "tracks")
    assert (done.status, [path.name for path in Path("tracks").iterdir()]) == (0, ["two.srt"])
    assert "1 of the clips that are described already have no track, and get none now" in done.err
    again = describe("clips/two.avi", "--output", "rows.jsonl", "--resume", "--srt", "tracks/two.srt")
    assert "no track" not in again.err


def test_csv_of_photos_has_no_room_for_clips(both):
    both("photos/red.png", "--output", "rows.csv")
    before = Path("rows.csv").read_bytes()
    done = both("photos", "--output", "rows.csv", "--resume")
    assert done.status == 2
    assert "it has no columns for clips. Name another --output" in done.err
    assert Path("rows.csv").read_bytes() == before


@pytest.mark.parametrize(("kind", "read"), [("vtt", read_vtt), ("srt", read_srt)])
def test_a_track_for_one_clip(describe, kind, read):
    assert describe("clips/two.mp4", f"--{kind}", f"two.{kind}").status == 0
    cues = read(Path(f"two.{kind}").read_text(encoding="utf-8"))
    assert cues == [(0, 3000, "A red picture."), (3000, 7000, "A blue picture.")]


def test_tracks_go_beside_clips_or_into_a_folder(describe):
    assert describe("clips", "--vtt", "clips", "--srt", "tracks/here").status == 0
    assert read_vtt(Path("clips/two.vtt").read_text(encoding="utf-8"))
    assert read_srt(Path("tracks/here/one.srt").read_text(encoding="utf-8"))
    assert describe("clips", "--vtt", "clips").status == 0  # its own are written anew


def test_subtitles_of_others_are_left_alone(describe):
    Path("clips/two.vtt").write_text("WEBVTT\n\n00:00.000 --> 00:01.000\nMine.\n", encoding="utf-8")
    Path("clips/one.srt").write_text("1\n00:00:00,000 --> 00:00:01,000\nMine.\n", encoding="utf-8")
    done = describe("clips", "--vtt", "clips", "--srt", "clips")
    assert done.status == 1
    assert done.err.startswith("2 not written:\n")
    assert "'clips/one.srt' is there already" in done.err.replace(str(Path.cwd()) + "/", "")
    assert "Mine." in Path("clips/two.vtt").read_text(encoding="utf-8")
    assert "Mine." in Path("clips/one.srt").read_text(encoding="utf-8")


def test_descriptions_end_with_the_clip(tmp_path, monkeypatch, capsys):
    """Where a file promises more than there is, its lost part is no pause."""
    (tmp_path / "cut.mkv").touch()
    monkeypatch.setattr(sound, "quiet", lambda path: [(0.0, 30.0)])
    tracks = Tracks("vtt", tmp_path / "cut.vtt", [str(tmp_path / "cut.mkv")], "tiny", fit_pauses=True)
    with tracks.clip(str(tmp_path / "cut.mkv")) as put:
        for start, end, words in ((0.0, 6.0, ("a", "red", "picture")), (6.0, 8.0, ("so", "long", "that", "it", "has"))):
            put(Segment(start, end, Sentence(" ".join(words), words, ()), start))
    (cue,) = read_vtt((tmp_path / "cut.vtt").read_text(encoding="utf-8"))
    assert cue[2] == "A red picture."
    assert "no pause for 1 of 2 sentences in the VTT track" in capsys.readouterr().err


def test_pauses_are_kept_to(describe, tmp_path, monkeypatch):
    heard, of_clip = [], sound.loudness
    monkeypatch.setattr(sound, "loudness", lambda *given, **rest: heard.append(1) or of_clip(*given, **rest))
    write_clip(tmp_path / "loud.mp4", [("red", 6), ("blue", 6)], sound=[(2.0, 0.8), (4.0, 0.0), (6.0, 0.8)])
    done = describe("loud.mp4", "--vtt", "loud.vtt", "--srt", "loud.srt", "--fit-pauses")
    assert done.status == 0
    lost = "loud.mp4: no pause for 1 of 2 sentences in the {} track"
    assert sorted(done.err.splitlines()) == [lost.format("SRT"), lost.format("VTT")]
    assert len(heard) == 1  # the sound is decoded once for both tracks
    assert read_srt(Path("loud.srt").read_text(encoding="utf-8"))[0][2] == "A red picture."
    ((start, end, text),) = read_vtt(Path("loud.vtt").read_text(encoding="utf-8"))
    assert text == "A red picture."
    assert 1900 <= start < end <= 6100


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["clips", "--vtt", "one.vtt"], "is one file and there are 2 clips: name a folder"),
        (["clips", "--vtt", "one.srt"], "--vtt one.srt ends as another kind of track does; end it in .vtt"),
        (["clips", "--fit-pauses"], "only tracks keep to pauses: add --vtt or --srt"),
        (["clips", "--per-second", "0"], "0.0: a number from 0.0001 to 1000"),
        (["clips", "--per-second", "nan"], "nan: a number from 0.0001 to 1000"),
        (["clips", "--n", "2"], "--n 2: each stretch of a clip has one sentence"),
        (["clips", "--xmp"], "--xmp is for photos, and only clips are to be described"),
        (["clips", "--beam", "0"], "--beam 0: 1 (greedy) or more"),
        (["photos/red.png", "--vtt", "x.vtt"], "--vtt is for clips, and only photos are to be described"),
        (["clips", "--labels", "nowhere"], "no model 'nowhere'"),
        (["clips/two.mp4", "--html", "clips/two.mp4"], "is one of the files to be read"),
    ],
)
def test_what_makes_no_sense_is_refused(both, arguments, complaint):
    done = both(*arguments)
    assert (done.status, done.out) == (2, "")
    assert complaint in done.err


def test_the_page_has_player_and_sentences(both):
    assert both("photos", "--html", "pages/all.html").status == 2  # its folder is not there
    Path("pages").mkdir()
    shutil.copy("clips/two.mp4", "photos/50% <b> #1?.mp4")
    assert both("photos", "--html", "pages/all.html").status == 0
    elements = Elements(Path("pages/all.html").read_text(encoding="utf-8"))
    assert [attrs["src"] for attrs, _ in elements.all("video")] == [
        "./../photos/50%25%20%3Cb%3E%20%231%3F.mp4",
        "./../photos/two.mp4",
    ]
    moments = elements.all("button", "moment")
    assert [(attrs["data-start"], attrs["data-end"]) for attrs, _ in moments[:2]] == [
        ("0.000", "3.000"),
        ("3.000", "7.000"),
    ]
    assert [text for _, text in elements.all("b")][:2] == ["A red picture.", "A blue picture."]
    assert len(elements.all("article")) == 5
    pictures = [attrs for attrs, _ in elements.all("img") if attrs["alt"] == ""]
    assert (pictures[0]["width"], pictures[0]["height"]) == ("160", "160")
    assert "Photos and clips in sentences" in elements.all("h1")[0][1]


def test_a_page_of_photos_alone_is_as_ever(both):
    both("photos/red.png", "--html", "page.html")
    text = Path("page.html").read_text(encoding="utf-8")
    assert "media-src" not in text
    assert "moment" not in text


@pytest.mark.parametrize(
    "two",
    [
        ("--output", "x.vtt", "--vtt", "x.vtt"),
        ("--html", "x.srt", "--srt", "x.srt"),
        ("--output", "x.srt", "--srt", "link/x.srt"),
    ],
)
def test_two_outputs_are_two_files(describe, two):
    Path("link").symlink_to(".", target_is_directory=True)
    done = describe("clips/two.mp4", *two)
    assert (done.status, done.out) == (2, "")
    assert f"{two[0]} and {two[2]} cannot both be" in done.err
    assert not Path(two[1]).exists()


def test_a_track_that_is_there_already_costs_no_sentence(describe):
    Path("one.srt").write_text("mine", encoding="utf-8")
    done = describe("clips/one.avi", "--srt", "one.srt", "--vtt", "one.vtt", "--html", "page.html")
    assert done.status == 1
    assert done.out == "clips/one.avi\t0:00.0-0:02.0\ta green picture\t75%\n"
    assert Path("one.srt").read_text(encoding="utf-8") == "mine"
    assert len(read_vtt(Path("one.vtt").read_text(encoding="utf-8"))) == 1
    assert "a green picture" in Path("page.html").read_text(encoding="utf-8").lower()
    kept = describe("clips/one.avi", "--srt", "one.srt", "--html", "other.html", "--output", "rows.jsonl")
    assert kept.status == 1
    assert Path("rows.jsonl").read_bytes() == b""
    assert "<video" not in Path("other.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", ["jsonl", "csv"])
def test_a_track_that_fails_at_its_end_leaves_no_rows_behind(describe, monkeypatch, kind):
    from contextlib import contextmanager

    from watchword.cli import clip_tracks

    @contextmanager
    def full(place):
        raise DataError(f"'{place}' cannot be written: no space left on device")
        yield

    asked = ("clips/two.mp4", "clips/one.avi", "--output", f"rows.{kind}")
    assert describe(*asked).status == 0
    whole = Path(f"rows.{kind}").read_text(encoding="utf-8")
    Path(f"rows.{kind}").unlink()
    with monkeypatch.context() as disk:
        disk.setattr(
            clip_tracks, "written_whole", lambda place: (full if "two" in place.name else written_whole)(place)
        )
        assert describe(*asked, "--vtt", "tracks").status == 1
    assert "two.mp4" not in Path(f"rows.{kind}").read_text(encoding="utf-8")
    assert describe(*asked, "--vtt", "tracks", "--resume").status == 0
    after = Path(f"rows.{kind}").read_text(encoding="utf-8")
    assert sorted(after.splitlines()) == sorted(whole.splitlines())


def test_a_track_that_fails_at_its_end_costs_no_other_and_no_sentence(describe, monkeypatch):
    from watchword.cli import clip_tracks

    def full(place):
        raise DataError(f"'{place}' cannot be written: no space left on device")

    monkeypatch.setattr(clip_tracks, "written_whole", lambda at: full(at) if at.suffix == ".srt" else written_whole(at))
    done = describe("clips/one.avi", "--srt", "one.srt", "--vtt", "one.vtt")
    assert (done.status, done.out) == (1, "clips/one.avi\t0:00.0-0:02.0\ta green picture\t75%\n")
    assert done.err.startswith("1 not written:\nclips/one.avi: 'one.srt' cannot be written: no space left")
    assert len(read_vtt(Path("one.vtt").read_text(encoding="utf-8"))) == 1


def test_pauses_that_cannot_be_told_leave_no_rows(describe, monkeypatch):
    def deaf(path):
        raise ClipError(f"'{path}' cannot be heard; mend it")

    monkeypatch.setattr(sound, "quiet", deaf)
    done = describe("clips/two.mp4", "--vtt", "two.vtt", "--fit-pauses", "--output", "rows.jsonl")
    assert done.status == 1
    assert done.err.startswith("1 not written:\nclips/two.mp4: the track has to know where the clip is quiet")
    assert (Path("rows.jsonl").read_bytes(), Path("two.vtt").exists()) == (b"", False)


def test_one_clip_by_two_names_is_no_clash(describe):
    Path("again").symlink_to("clips", target_is_directory=True)
    assert describe("clips/one.avi", "again/one.avi", "--vtt", "clips").status == 0


def test_a_stretch_that_is_not_named_is_told_as_such(describe, monkeypatch):
    from watchword.cli import describing

    class Blind:
        plays = True

        def label(self, source):
            raise ClipError("'clips/two.mp4' cannot be played again; mend it")

    monkeypatch.setattr(describing, "labeller", lambda name: Blind())
    done = describe("clips/two.mp4", "--labels", "any")
    assert (done.status, len(done.lines)) == (1, 2)
    assert done.err == "1 not labelled:\nclips/two.mp4: cannot be played again; mend it\n"


def test_a_name_that_no_file_can_have_is_that_tracks_own_trouble(describe):
    long = Path("clips", "x" * 251 + ".mp4")
    shutil.copy("clips/two.mp4", long)
    shutil.copy("clips/two.mp4", long.with_suffix(".avi"))
    done = describe("clips", "--vtt", "tracks")
    assert done.status == 1
    assert done.err.startswith("2 not written:")
    assert "File name too long" in done.err
    assert len(done.lines) == 7


def test_a_page_behind_a_link_finds_its_clip(describe):
    Path("deep/er").mkdir(parents=True)
    Path("pages").symlink_to("deep/er", target_is_directory=True)
    assert describe("clips/two.mp4", "--html", "pages/page.html").status == 0
    ((player, _),) = Elements(Path("pages/page.html").read_text(encoding="utf-8")).all("video")
    assert player["src"] == (Path.cwd() / "clips/two.mp4").as_uri()
    assert describe("clips/two.mp4", "--html", "page.html").status == 0
    ((player, _),) = Elements(Path("page.html").read_text(encoding="utf-8")).all("video")
    assert player["src"] == "./clips/two.mp4"
    Path("here").symlink_to(".", target_is_directory=True)
    assert describe("clips/two.mp4", "--html", "here/other.html").status == 0
    ((player, _),) = Elements(Path("other.html").read_text(encoding="utf-8")).all("video")
    assert player["src"] == "./clips/two.mp4"


def test_a_clip_with_a_list_on_standard_input(describe):
    assert len(describe("-", typed=b"clips/one.avi\n").lines) == 1


@pytest.mark.parametrize(
    ("place", "clips", "expected"),
    [
        ("x.vtt", ["a/b.mp4"], ["x.vtt"]),
        ("out", ["a/b.mp4"], ["out/b.vtt"]),
        ("out", ["a/b.mp4", "a/c/b.mp4"], ["out/b.vtt", "out/c/b.vtt"]),
        ("a", ["a/b.mp4", "a/c/b.mp4"], ["a/b.vtt", "a/c/b.vtt"]),
        ("a", ["a/c/b.mp4"], ["a/c/b.vtt"]),
        ("out", ["a/b.mp4", "a/b.mov", "a/c.mov"], ["out/b.mp4.vtt", "out/b.mov.vtt", "out/c.vtt"]),
        ("out", ["b.mp4", "b.avi", "b.mp4.mkv"], ["out/b.mp4.vtt", "out/b.avi.vtt", "out/b.mp4.mkv.vtt"]),
        ("out", ["a/b.mp4", "./a/b.mp4"], ["out/b.vtt", "out/b.vtt"]),
    ],
)
def test_where_tracks_go(tmp_path, monkeypatch, place, clips, expected):
    monkeypatch.chdir(tmp_path)
    found = places("vtt", Path(place), clips)
    assert [str(path.absolute().relative_to(tmp_path)) for path in found.values()] == expected


def test_a_labeller_that_is_not_there_is_told_before_anything_is_described(both):
    done = both("photos", "--csv", "--labels", "nowhere")
    assert (done.status, done.out) == (2, "")


def test_one_file_is_no_place_for_two_tracks():
    with pytest.raises(DataError, match=r"x\.srt is one file and there are 2 clips"):
        places("srt", Path("x.srt"), ["a.mp4", "b.mp4"])
