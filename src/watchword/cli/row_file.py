"""The file of rows of a run: begun or gone on with, by one run at a time, and never overwritten."""

from contextlib import ExitStack
from pathlib import Path

from watchword.cli.clip_rows import SegmentWriter
from watchword.cli.resuming import finished, with_clips
from watchword.cli.rows import Format, RowWriter
from watchword.core.errors import DataError
from watchword.core.file_lock import locked


class RowFile:
    """The file, this run's alone until `stack` closes. done: the paths of the photos and clips whose rows are in it."""

    def __init__(self, place: Path, kind: Format, n: int, resume: bool, stack: ExitStack) -> None:
        """Take the file at `place` to write rows of `kind` into, for `n` sentences a photo.

        resume: whether to go on with what is there. A file that is not there is made by `writer` only, so that
        a run that comes to nothing before leaves none. Raises `DataError`, and changes nothing, if the file
        must not be written: there already, not of rows, or another run's.
        """
        self._place, self._kind, self._n, self._stack = place, kind, n, stack
        self._new = not place.exists()
        self.done: set[str] = set()
        if self._new:
            return
        if not resume:
            raise self._there_already()
        self._claim()
        self.done = finished(place, kind, n)

    def writer(self, clips: bool = False) -> tuple[RowWriter, SegmentWriter]:
        """Return what writes rows of photos, and what writes those of clips, at the end of the file.

        clips: whether there will be any of those. Raises `DataError` for CSV that has no columns for them.
        """
        if self._kind == "csv" and not self._new and self._place.stat().st_size:
            there = with_clips(self._place, self._n)
            if clips and not there:
                raise DataError(
                    f"{str(self._place)!r} cannot be gone on with: it has no columns for clips. Name another --output"
                )
            clips = there
        try:
            # "x" refuses the rows of a run that began in the meantime.
            stream = self._place.open("x" if self._new else "a", encoding="utf-8", errors="surrogateescape", newline="")
        except FileExistsError:
            raise self._there_already() from None
        except OSError as error:
            raise self._unwritable(error) from None
        self._stack.enter_context(stream)
        if self._new:
            self._claim()
        photos = RowWriter(self._kind, stream, self._n, header=stream.tell() == 0, clips=clips)
        return photos, SegmentWriter(self._kind, stream)

    def _claim(self) -> None:
        """Keep other runs away from the file."""
        try:
            self._stack.enter_context(locked(self._place, wait=False))
        except BlockingIOError:
            raise DataError(
                f"another run is writing {str(self._place)!r}: let it end, or name another --output"
            ) from None
        except OSError as error:
            raise self._unwritable(error) from None

    def _there_already(self) -> DataError:
        return DataError(
            f"{str(self._place)!r} is there already: go on with it by --resume, remove it, or name another --output"
        )

    def _unwritable(self, error: OSError) -> DataError:
        return DataError(f"{str(self._place)!r} cannot be written: {error.strerror}; name another --output")
