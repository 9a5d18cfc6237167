"""The process that decodes, seen from outside: asked, watched, ended when it dies, hangs or goes on for ever.

Damaged and hostile files make decoders crash, hang or swallow memory; in a process of its own that costs one clip.
It is a Python of its own, not a fork. One that has done its work waits for the next clip, because starting costs up
to a second; one whose clip went wrong is never used again.
"""

import atexit
import json
import os
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import suppress
from pathlib import Path
from threading import Event, Lock, Thread
from time import monotonic
from typing import IO, Any

from watchword.core.errors import ClipError
from watchword.data.clips.files import check_clip
from watchword.data.clips.limits import Limits
from watchword.data.clips.messages import HEADER_BYTES, Header, Kind, unpack

_ROOT = Path(__file__).resolve().parents[3]  # where this package is, which may be known to the caller only
_PROGRAM = "import sys; sys.path.append(sys.argv[1]); from watchword.data.clips.decoding import main; main()"
_KEPT = 2  # processes that wait for another clip
_MOST = 64 * 1024 * 1024  # bytes of an answer that is not a frame

_waiting: list["_Player"] = []
_lock = Lock()


def answers(path: str | Path, limits: Limits, asked: dict[str, Any]) -> Generator[tuple[Header, Any], None, None]:
    """Yield what the process answers: headers with frames (bytes), loudness (bytes), or at the end what it found.

    asked: what to do with the clip, as `decoding.main` reads it. Closing the iterator early ends the process.

    Raises `ClipError`, which names the file, what was wrong and what to do.
    """
    check_clip(path)
    player = _take()
    try:
        yield from player.play(path, limits, asked)
    except BaseException:
        player.end()
        raise
    _keep(player)


class _Player:
    """One process."""

    def __init__(self) -> None:
        alone = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}  # it computes nothing
        self._process = subprocess.Popen(
            # -P: a file of the user's, json.py in the current folder for one, is not taken for Python's.
            [sys.executable, "-P", "-c", _PROGRAM, str(_ROOT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | alone,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._asks, self._answers = self._process.stdin, self._process.stdout

    def play(self, path: str | Path, limits: Limits, asked: dict[str, Any]) -> Iterator[tuple[Header, Any]]:
        """Yield the answers to one request; see `answers`."""
        with _Watch(self._process, limits) as watch:
            request = {"path": os.path.abspath(path), "limits": limits.as_dict(), **asked}
            with suppress(OSError):  # it has died: reading will tell
                self._asks.write(json.dumps(request).encode("ascii") + b"\n")
                self._asks.flush()
            while True:
                with watch:
                    header, content = _read(self._answers, limits)
                if header is None:
                    raise ClipError(f"{str(path)!r} cannot be played: {watch.verdict(self._process.wait())}")
                if header.kind == Kind.ERROR:
                    raise ClipError(f"{str(path)!r} cannot be played: {content.decode('utf-8', 'replace')}")
                if header.kind == Kind.DONE:
                    yield header, json.loads(content)
                    return
                if header.kind != Kind.ALIVE:
                    yield header, content

    def alive(self) -> bool:
        """Tell whether it can be asked again."""
        return self._process.poll() is None

    def end(self) -> None:
        """End it, whatever it is at."""
        self._process.kill()
        self._process.wait()
        with suppress(OSError):
            self._asks.close()
        self._answers.close()


class _Watch:
    """Counts the seconds for which somebody waits for a process, and kills it when they are too many.

    Entered the first time around the whole reading, and again around each wait.
    """

    def __init__(self, process: subprocess.Popen, limits: Limits) -> None:
        self._process, self._limits = process, limits
        self._depth, self._since, self._total = 0, 0.0, 0.0
        self._over, self._cause = Event(), ""

    def __enter__(self) -> "_Watch":
        self._depth += 1
        if self._depth == 1:
            Thread(target=self._look, daemon=True).start()
        else:
            self._since = monotonic()
        return self

    def __exit__(self, *error: object) -> None:
        self._depth -= 1
        if self._depth == 0:
            self._over.set()
        else:
            self._total += monotonic() - self._since
            self._since = 0.0

    def _look(self) -> None:
        """Look five times a second."""
        while not self._over.wait(0.2):
            since = self._since
            waited = monotonic() - since if since else 0.0
            if waited > self._limits.silence:
                self._cause = f"no frame came for {self._limits.silence:g} seconds"
            elif self._total + waited > self._limits.wall:
                self._cause = f"it was not done after {self._limits.wall:g} seconds"
            if self._cause:
                self._process.kill()
                return

    def verdict(self, status: int) -> str:
        """Say why the process has ended, and what to do."""
        if self._cause:
            return f"{self._cause}; save the clip anew with another program, or cut it shorter"
        return (
            f"the decoder crashed on it (status {status}); it is damaged, or needs more than "
            f"{self._limits.memory / 1e6:,.0f} MB of memory; save it anew with another program"
        )


def _read(pipe: IO[bytes], limits: Limits) -> tuple[Header | None, Any]:
    """Return the next answer; no header where the process has ended or sends what no answer is."""
    head = pipe.read(HEADER_BYTES)
    if len(head) < HEADER_BYTES:
        return None, b""
    header = unpack(head)
    most = limits.pixels * 3 if header.kind == Kind.FRAME else _MOST
    if header.kind not in Kind.__members__.values() or header.following > most:
        return None, b""
    content = bytearray(header.following)
    if _fill(pipe, memoryview(content)) < header.following:
        return None, b""
    return header, content


def _fill(pipe: IO[bytes], room: memoryview) -> int:
    """Read until `room` is full or the pipe ends; return how many bytes came."""
    done = 0
    while done < len(room):
        came = pipe.readinto(room[done:])  # type: ignore[attr-defined]
        if not came:
            break
        done += came
    return done


def _take() -> _Player:
    """Return a process that waits for work, a new one if there is none."""
    with _lock:
        while _waiting:
            player = _waiting.pop()
            if player.alive():
                return player
            player.end()
    return _Player()


def _keep(player: _Player) -> None:
    """Let a process wait for more work, or end it if enough of them wait."""
    with _lock:
        if len(_waiting) < _KEPT:
            _waiting.append(player)
            return
    player.end()


def close_players() -> None:
    """End the processes that wait for work; done by itself when the program ends."""
    with _lock:
        while _waiting:
            _waiting.pop().end()


atexit.register(close_players)
if hasattr(os, "register_at_fork"):  # a fork has the pipes of its parent's processes, but they are not its own
    os.register_at_fork(after_in_child=_waiting.clear)
