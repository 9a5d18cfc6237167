"""A second process that scores a part of the images by METEOR, so that large sets use two cores.

It is a Python of its own, not a fork: NumPy's threads and whatever the caller has loaded stay out of it. What it
is asked for and what it answers go through pipes, as JSON and in NumPy's own format: nothing is left on the disk
when the caller is killed, and the helper then ends when it finds nobody to answer.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import IO

import numpy as np

from watchword.metrics.meteor.scorer import Meteor, tally_of
from watchword.metrics.tally import Tally

SHARE = 0.65  # of the images are the helper's: the caller has the other metrics to compute
_ROOT = Path(__file__).resolve().parents[3]  # where this package is, which may be known to the caller only
_PROGRAM = f"import sys; sys.path.append(sys.argv[1]); from {__name__} import main; main()"


class Helper:
    """Begun before anything is read, so that its start costs nothing; does one piece of work."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            # -P: a file of the user's, json.py in the current folder for one, is not taken for Python's.
            [sys.executable, "-P", "-c", _PROGRAM, str(_ROOT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._asks, self._answers = self._process.stdin, self._process.stdout
        self._sender: Thread | None = None

    def __enter__(self) -> "Helper":
        """Return the helper; leaving ends it."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """End the process, whatever it is at."""
        self._process.kill()
        self._process.wait()
        if self._sender is not None:
            self._sender.join()  # it cannot write any more
        with suppress(OSError):
            self._asks.close()
        self._answers.close()

    def ask(self, references: Sequence[Sequence[str]], candidates: Sequence[str]) -> None:
        """Begin with the first `SHARE` of the images; arguments as of `Meteor` and its `statistics`.

        Returns at once: a thread waits while the process, which may not have started yet, takes it all in.
        """
        part = _part(candidates)
        asked = json.dumps([references[:part], candidates[:part]]).encode()
        self._sender = Thread(target=_send, args=(self._asks, asked), daemon=True)
        self._sender.start()

    def tally(self, references: Sequence[Sequence[str]], candidates: Sequence[str]) -> Tally:
        """Return METEOR of all images that `ask` was given: those left over are done here, and what it could not do."""
        part = _part(candidates)
        mine = Meteor(references[part:])
        table = mine.statistics(candidates[part:])
        theirs = self.answer()
        if theirs is None:
            theirs = Meteor(references[:part]).statistics(candidates[:part])
        return tally_of(mine.name, np.concatenate([theirs, table]))

    def answer(self) -> np.ndarray | None:
        """Return what `Meteor.statistics` gives for what was asked, or None where the process could not do it."""
        answer = self._answers.read()  # until it ends
        if self._process.wait():
            return None
        table: np.ndarray = np.load(BytesIO(answer), allow_pickle=False)
        return table


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _part(candidates: Sequence[str]) -> int:
    """Return how many of the images, the first, are the helper's."""
    return int(len(candidates) * SHARE)


def _send(pipe: IO[bytes], text: bytes) -> None:
    """Write `text`, and close; a process that has ended reads nothing."""
    with suppress(OSError), pipe:
        pipe.write(text)


def main() -> None:
    """Do the work that `Helper.ask` sends."""
    Meteor([["a"]])  # opens what is compiled, while nothing is asked yet
    references, candidates = json.loads(sys.stdin.buffer.read())
    answer = BytesIO()
    np.save(answer, Meteor(references).statistics(candidates))
    sys.stdout.buffer.write(answer.getvalue())
    sys.stdout.buffer.flush()
