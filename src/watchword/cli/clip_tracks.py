"""Subtitle tracks of clips as files: one for each clip."""

import os
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from watchword.cli.clip_writers import Put
from watchword.cli.pauses import fitted
from watchword.cli.printable import printable
from watchword.cli.replacing import Kind, beginning, refuse_to_replace
from watchword.cli.subtitles import Cue, Track, cue, spoken, track
from watchword.cli.whole_files import written_whole
from watchword.core.errors import ClipError, DataError

# People's own subtitles have the same names; SRT has no room for a remark that says whose it is.
_OURS = {
    "vtt": Kind("WebVTT track of watchword's", beginning(rb"WEBVTT\s+NOTE\s+Written by watchword ")),
    "srt": Kind("track that could be told to be watchword's", beginning(rb"(?!)", re.DOTALL)),
}
_ENDINGS = {f".{kind}" for kind in _OURS}


class Tracks:
    """Writes the track of each clip, which is there once it is whole."""

    def __init__(self, kind: Track, place: Path, clips: Sequence[str], model: str, fit_pauses: bool) -> None:
        """Write tracks of `kind` at `place`, see `places`. model: which said so.

        fit_pauses: put the sentences where the clip is quiet, and leave out those for which there is no room.
        """
        self._kind, self._model, self._fit = kind, model, fit_pauses
        self._places = places(kind, place, clips)

    @contextmanager
    def clip(self, path: str) -> Iterator[Put]:
        """Give what takes the segments of the clip at `path`; the track is there at the end."""
        place = self._places[path]
        refuse_to_replace(place, f"--{self._kind}", _OURS[self._kind], [path])
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DataError(f"{printable(str(place))!r} cannot be written: {error.strerror}; name another") from None
        cues = list[Cue]()
        yield lambda segment: cues.append(cue(segment.start, segment.end, spoken(segment.sentence.words)))
        with written_whole(place) as file:
            file.writelines(track(self._fitted(path, cues) if self._fit else cues, self._kind, self._model))

    def _fitted(self, path: str, cues: Sequence[Cue]) -> list[Cue]:
        """Return the cues that have room in the pauses of a clip, and tell how many have none."""
        said, over = [one for one in cues if one.text], max((one.end for one in cues), default=0) / 1000
        try:
            pauses = [(start, min(end, over)) for start, end in _quiet(path) if start < over]
            placed = [one for one in fitted(said, pauses) if one]
        except (ClipError, OSError) as error:
            raise DataError(f"the track has to know where the clip is quiet: {error}") from None
        if missed := len(said) - len(placed):
            lost = f"no pause for {missed} of {len(said)} sentences in the {self._kind.upper()} track"
            print(f"{printable(path)}: {lost}", file=sys.stderr)
        return placed


def _quiet(path: str) -> list[tuple[float, float]]:
    """Return the pauses of a clip, whose sound is heard once for the two kinds of track."""
    found = os.stat(path)
    return _heard(os.path.abspath(path), found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=1)
def _heard(path: str, changed: int, size: int) -> list[tuple[float, float]]:
    from watchword.data.clips.sound import quiet

    return quiet(path)


def places(kind: Track, place: Path, clips: Sequence[str]) -> dict[str, Path]:
    """Return where the track of each clip goes.

    A name that ends in .vtt (.srt) is the file of the only clip. Anything else is a folder: below it the tracks lie as
    the clips do below the folder that holds them all, and beside them where the clips are inside `place`. A track is
    called as its clip, with the other ending, or with both where another clip of the folder would be called so, too.
    Raises `DataError` for one file and several clips, and for a name that ends as the other kind of track does.
    """
    ending = f".{kind}"
    if place.suffix.lower() in _ENDINGS - {ending} and not place.is_dir():
        raise DataError(
            f"--{kind} {printable(str(place))} ends as another kind of track does; end it in {ending}, or name a folder"
        )
    if place.suffix.lower() == ending and not place.is_dir():
        if len(clips) > 1:
            raise DataError(
                f"--{kind} {printable(str(place))} is one file and there are {len(clips)} clips: name a folder"
            )
        return dict.fromkeys(clips, place)
    paths = {clip: Path(os.path.abspath(clip)) for clip in clips}
    folder = Path(os.path.abspath(place))
    if all(path.is_relative_to(folder) for path in paths.values()):
        home = folder
    else:
        home = Path(os.path.commonpath([path.parent for path in paths.values()]))
    names = {path: path.with_suffix(ending) for path in paths.values()}
    while len(taken := Counter(names.values())) < len(names):  # a longer name may be that of yet another clip
        names = {path: name if taken[name] == 1 else path.with_name(path.name + ending) for path, name in names.items()}
    return {clip: folder / names[path].relative_to(home) for clip, path in paths.items()}
