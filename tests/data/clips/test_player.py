"""Files that are damaged, hostile or no clips at all: each a `ClipError` that names the file, and no harm done."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from tests.data.clips.made import counting, number_of, numbered, sound_only, write
from watchword.core.errors import ClipError, PictureError
from watchword.data.clips import player
from watchword.data.clips.containers import packets
from watchword.data.clips.frames import by_count, by_rate, probe
from watchword.data.clips.limits import Limits

pytest.importorskip("av")


def cut(path, share):
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    return path


BAD = {
    "missing.mp4": (lambda path: None, "does not exist"),
    "folder.mp4": (lambda path: path.mkdir(), "is a folder"),
    "empty.mp4": (lambda path: path.write_bytes(b""), "is empty"),
    "pipe.mp4": (os.mkfifo, "is a pipe or a device"),
    "text.mp4": (
        lambda path: path.write_text("Once upon a time " * 400),
        r"no clip that FFmpeg knows, or its beginning is damaged \(Invalid data",
    ),
    "page.mp4": (lambda path: path.write_text("<!DOCTYPE html><p>404"), "a download that failed"),
    "zeros.mp4": (lambda path: path.write_bytes(bytes(5000)), "filled with zeros"),
    "list.mp4": (lambda path: path.write_text("#EXTM3U\n#EXTINF:1,\n/etc/passwd\n"), "a playlist"),
    "photo.mp4": (lambda path: path.write_bytes(b"\xff\xd8\xff\xe0" + bytes(300)), "a JPEG picture"),
    "cut.mp4": (lambda path: cut(counting(path), 0.5), "index is missing or damaged"),
    "sound.mp4": (sound_only, "only sound, no video stream"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_clip_is_named_with_what_is_wrong(tmp_path, name):
    make, says = BAD[name]
    make(tmp_path / name)
    for read in (probe, lambda clip: by_count(clip, 2), lambda clip: list(by_rate(clip, 2))):
        with pytest.raises(ClipError, match=rf"{name}.*{says}") as caught:
            read(tmp_path / name)
        assert isinstance(caught.value, PictureError)


def test_a_clip_that_is_cut_off_gives_what_is_there(tmp_path):
    """The index comes first here, and promises 400 frames."""
    clip = cut(counting(tmp_path / "a.mkv", 400, options={"g": "10"}), 0.5)
    found = [number_of(frame.picture) for frame in by_rate(clip, 1000)]
    assert 100 < len(found) < 300
    assert found == sorted(set(found))
    assert found[:-8] == list(range(len(found) - 8))  # of those at the end, some lean on what is missing
    assert len({number_of(frame.picture) for frame in by_count(clip, 8)}) == 8


def test_packets_that_are_damaged_are_left_out_and_counted(tmp_path):
    clip = write(tmp_path / "a.avi", [numbered(number) for number in range(50)], codec="mjpeg", pixels="yuvj420p")
    content = bytearray(clip.read_bytes())
    starts = [at for at in range(len(content) - 4) if content[at : at + 3] == b"\xff\xd8\xff"]
    for number in (7, 20, 21):
        content[starts[number] : starts[number] + 600] = bytes(600)
    clip.write_bytes(content)
    told = []
    found = [number_of(frame.picture) for frame in by_rate(clip, 1000, lost=told.append)]
    assert found == [number for number in range(50) if number not in (7, 20, 21)]
    assert told == [3]


def test_another_stream_that_begins_midway_does_not_end_in_an_error():
    """At the end of such a file PyAV looks for a stream that it has no entry for, or not, as memory happens to be."""

    class Container:
        def demux(self, stream):
            yield SimpleNamespace(size=1)
            yield SimpleNamespace(size=0)
            raise IndexError("list index out of range")

    damaged = []
    found = [packet.size for packet in packets(Container(), None, lambda: None, lambda: damaged.append(1))]
    assert (found, damaged) == ([1, 0], [])


@pytest.mark.parametrize("seed", range(3))
def test_noise_over_a_clip_ends_in_frames_or_in_a_message(tmp_path, seed):
    clip = counting(tmp_path / "a.ts", 100)
    content = bytearray(clip.read_bytes())
    for at in np.random.default_rng(seed).integers(2000, len(content), 200):
        content[at] ^= 0xFF
    clip.write_bytes(content)
    times = [frame.time for frame in by_rate(clip, 1000)]
    assert 10 < len(times) <= 110
    assert times == sorted(times)


def test_frames_larger_than_allowed_are_refused_before_they_are_decoded(tmp_path):
    clip = counting(tmp_path / "a.mp4", 3)
    with pytest.raises(ClipError, match=r"176 x 64 = 0 million pixels; at most 0 million are decoded"):
        probe(clip, limits=Limits(pixels=10_000))


def test_a_header_that_promises_a_huge_frame_costs_nothing(tmp_path):
    clip = write(tmp_path / "a.avi", [numbered(1)] * 3, codec="mjpeg", pixels="yuvj420p")
    content = bytearray(clip.read_bytes())
    at = content.index(b"\xff\xc0")  # the size in the picture itself: 65,500 x 65,500
    content[at + 5 : at + 9] = (65500).to_bytes(2, "big") * 2
    clip.write_bytes(content)
    told = []
    assert len(list(by_rate(clip, 1000, lost=told.append))) == 2
    assert told == [1]


def test_memory_is_bounded(tmp_path):
    clip = write(tmp_path / "a.mkv", [np.zeros((2000, 3000, 3), np.uint8)] * 2, options={"preset": "ultrafast"})
    assert by_count(clip, 1, size=8)[0].picture.shape == (8, 8, 3)
    player.close_players()
    with pytest.raises(ClipError, match=r"memory; save it"):
        by_count(clip, 1, size=8, limits=Limits(memory=90_000_000, threads=1))


def test_a_decoder_that_hangs_is_ended(tmp_path):
    clip = counting(tmp_path / "a.mp4", 30)
    frames = by_rate(clip, 1000, size=1000, limits=Limits(silence=6))
    next(frames)
    (process,) = running()
    os.kill(process, signal.SIGSTOP)
    with pytest.raises(ClipError, match=r"a\.mp4.*no frame came for 6 seconds; save the clip anew"):
        list(frames)
    assert running() == []


def test_a_decoder_that_crashes_is_told_of_and_the_next_clip_is_read(tmp_path):
    clip = counting(tmp_path / "a.mp4", 30)
    frames = by_rate(clip, 1000, size=1000)
    next(frames)
    os.kill(*running(), signal.SIGSEGV)
    with pytest.raises(ClipError, match=r"a\.mp4.*the decoder crashed on it \(status -11\)"):
        list(frames)
    assert len(by_count(clip, 2)) == 2


def test_a_clip_that_takes_for_ever_is_ended(tmp_path):
    clip = counting(tmp_path / "a.mp4", 1000)
    with pytest.raises(ClipError, match=r"not done after 0.01 seconds"):
        list(by_rate(clip, 1000, size=1000, limits=Limits(wall=0.01)))


def test_whoever_works_slowly_on_a_frame_is_not_hurried(tmp_path):
    clip = counting(tmp_path / "a.mp4", 5)
    probe(clip)  # a process is ready now
    begun = time.monotonic()
    for _ in by_rate(clip, 1000, limits=Limits(silence=10, wall=10)):
        time.sleep(2.1)
    assert time.monotonic() - begun > 10


def test_a_process_is_used_again_and_ended_when_a_reading_is_left(tmp_path):
    clip = counting(tmp_path / "a.mp4", 30)
    player.close_players()
    by_count(clip, 2)
    (first,) = running()
    probe(clip)
    assert running() == [first]
    frames = by_rate(clip, 1000, size=1000)
    next(frames)
    frames.close()
    assert running() == []


def test_nothing_is_left_running_when_the_program_is_killed(tmp_path):
    clip = counting(tmp_path / "a.mp4", 30)
    program = (
        "import os, sys; from watchword.data.clips import player; from watchword.data.clips.frames import by_count; "
        f"by_count({str(clip)!r}, 1); print(player._waiting[0]._process.pid, flush=True); os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=300)
    process = int(done.stdout)
    for _ in range(300):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    pytest.fail("the process that decodes outlived its parent by 30 s")


def test_names_that_look_like_addresses_commands_or_patterns_are_files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("http:a.mp4", "concat:a|b.mp4", "-i.mp4", "%03d.mp4", "a b\n\u2603.mp4", os.fsdecode(b"\xff.mp4")):
        counting(tmp_path / "a.mp4", 2).rename(name)
        assert len(by_count(name, 2)) == 2


def running():
    """The processes that decode for this one."""
    me = Path(f"/proc/{os.getpid()}")
    children = {int(child) for task in me.glob("task/*/children") for child in task.read_text().split()}
    return [child for child in sorted(children) if decodes(child)]


def decodes(process):
    try:
        return b"watchword.data.clips.decoding" in Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:  # it has just ended
        return False
