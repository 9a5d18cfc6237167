"""A second process that scores a part of the images by METEOR, so that large sets use two cores.

It is a Python of its own, not a fork: NumPy's threads and whatever the caller has loaded stay out of it. What it
is asked for and what it answers are files in a temporary folder, JSON and NumPy's own format, without pickles.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

import numpy as np

from watchword.metrics.meteor.scorer import Meteor, tally_of
from watchword.metrics.tally import Tally

SHARE = 0.65  # of the images are the helper's: the caller has the other metrics to compute
_ASKED, _ANSWERED = "asked.json", "answered.npy"


class Helper:
    """Begun before anything is read, so that its start costs nothing; does one piece of work."""

    def __init__(self) -> None:
        self._folder = TemporaryDirectory()
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, self._folder.name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def __enter__(self) -> "Helper":
        """Return the helper; leaving ends it."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """End the process, whatever it is at."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()
        self._process.wait()
        self._folder.cleanup()

    def ask(self, references: Sequence[Sequence[str]], candidates: Sequence[str]) -> None:
        """Begin with the first `SHARE` of the images; arguments as of `Meteor` and its `statistics`."""
        part = _part(candidates)
        Path(self._folder.name, _ASKED).write_text(json.dumps([references[:part], candidates[:part]]))
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):
            self._process.stdin.close()  # which it waits for

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
        assert self._process.stdout is not None
        self._process.stdout.read()  # until it ends
        if self._process.wait():
            return None
        table: np.ndarray = np.load(Path(self._folder.name, _ANSWERED), allow_pickle=False)
        return table


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _part(candidates: Sequence[str]) -> int:
    """Return how many of the images, the first, are the helper's."""
    return int(len(candidates) * SHARE)


def main(folder: str) -> None:
    """Do the work that `Helper.ask` leaves in `folder`."""
    Meteor([["a"]])  # opens what is compiled, while nothing is asked yet
    sys.stdin.read()
    references, candidates = json.loads(Path(folder, _ASKED).read_text())
    np.save(Path(folder, _ANSWERED), Meteor(references).statistics(candidates))


if __name__ == "__main__":
    main(sys.argv[1])
