"""The work of `watchword describe` on clips: from paths to segments, and what went wrong."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from watchword.cli.clip_progress import Reached, reaching
from watchword.cli.clip_rows import SegmentWriter
from watchword.cli.clip_tracks import Tracks, places
from watchword.cli.clip_writers import ClipWriter, Put
from watchword.cli.failures import Failure
from watchword.cli.printable import printable
from watchword.cli.subtitles import Track
from watchword.core.errors import DataError, PictureError
from watchword.runtime.asking import Asked
from watchword.runtime.captioner import Captioner
from watchword.runtime.segments import Segment
from watchword.runtime.timeline import PER_SECOND, Labelling, NotNamed, timeline


@dataclass(frozen=True)
class Watching:
    """How clips are described.

    per_second: frames looked at. labels: the labeller that names what is done in each segment, or None. vtt, srt:
    where tracks go, see `clip_tracks.places`; fit_pauses: whether they keep to where it is quiet.
    """

    per_second: float = PER_SECOND
    labels: str | None = None
    vtt: Path | None = None
    srt: Path | None = None
    fit_pauses: bool = False

    def places(self, clips: Sequence[str]) -> Iterator[tuple[str, str, Path]]:
        """Yield the clip, the option and the file of each track."""
        for kind, given in self._asked():
            yield from ((clip, f"--{kind}", place) for clip, place in places(kind, given, clips).items())

    def tracks(self, clips: Sequence[str], model: str) -> Iterator[ClipWriter]:
        """Yield the writers of the tracks."""
        for kind, given in self._asked():
            yield Tracks(kind, given, clips, model, self.fit_pauses)

    def _asked(self) -> Iterator[tuple[Track, Path]]:
        if self.vtt:
            yield "vtt", self.vtt
        if self.srt:
            yield "srt", self.srt


def described(
    clips: Sequence[str],
    opened: Captioner,
    watching: Watching,
    labelling: Labelling | None,
    asked: Asked,
    writers: Sequence[ClipWriter],
    rows: SegmentWriter,
) -> Iterator[Failure]:
    """Describe clips, hand their segments to `writers` and to `rows` as they are ready, and yield what went wrong."""
    with reaching(len(clips)) as reached:
        for path in clips:
            yield from _one(path, _segments(path, opened, watching, labelling, asked, reached), writers, rows)


def _segments(
    path: str, opened: Captioner, watching: Watching, labelling: Labelling | None, asked: Asked, reached: Reached
) -> Iterator[Segment]:
    """Yield the segments of a clip, and tell how many of its parts could not be read."""
    yield from timeline(
        opened,
        path,
        per_second=watching.per_second,
        labeller=labelling,
        reached=lambda seconds, length: reached(path, seconds, length),
        lost=lambda count: print(f"{printable(path)}: damaged parts left out: {count}", file=sys.stderr),
        **asked,
    )


def _one(
    path: str, segments: Iterator[Segment], writers: Sequence[ClipWriter], rows: SegmentWriter
) -> Iterator[Failure]:
    """Write the segments of one clip. What was said before it broke is kept.

    The row that says that it is the last comes after everything else is written, so that --resume can go by it; where
    something else cannot be written, a file of rows has none of the clip, and --resume tries it again.
    """
    rows.begin()
    try:
        here = next(segments, None)
        with ExitStack() as stack:
            puts, open_ = list[Put](), list[ExitStack]()
            for writer in writers if here else ():
                open_.append(stack.enter_context(ExitStack()))
                try:
                    puts.append(open_[-1].enter_context(writer.clip(path)))
                except DataError as error:
                    if rows.kept:
                        raise
                    yield Failure(path, str(error), missed="written")
            while here:
                for put in puts:
                    put(here)
                following, broken = _next(segments)
                for each in open_ if not following else ():
                    try:
                        each.close()
                    except DataError as error:
                        if rows.kept:
                            raise
                        yield Failure(path, str(error), missed="written")
                rows.write(path, here, last=not following)
                here = following
                if broken:
                    missed = "labelled" if isinstance(broken, NotNamed) else "described to the end"
                    yield Failure(path, str(broken), missed=missed)
    except PictureError as error:
        yield Failure(path, str(error))
    except DataError as error:
        rows.forget()
        yield Failure(path, str(error), missed="written")


def _next(segments: Iterator[Segment]) -> tuple[Segment | None, PictureError | None]:
    """Return the next segment, or what came in its place."""
    try:
        return next(segments, None), None
    except PictureError as error:
        return None, error
