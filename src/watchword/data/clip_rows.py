"""Rows of clips in a feature store: one clip after another, the next ones read while this one is looked at."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np

from watchword.core.errors import PictureError
from watchword.data.pictures import Part
from watchword.data.played import Clip
from watchword.data.store import FeatureStore, summary

AHEAD = 2  # clips that are read while another is looked at

Kept = Path | Part | Clip
Opened = Callable[[Kept], np.ndarray]


class _Asked(NamedTuple):
    """A clip on its way: its key, and what is read of it, or None if its row is there or what is wrong with it."""

    source: Kept
    key: str
    read: "Future[np.ndarray] | PictureError | None"


def fill_clips(
    store: FeatureStore,
    sources: Sequence[Kept],
    opened: Opened,
    look: Callable[[np.ndarray], np.ndarray],
    *,
    progress: Callable[[int, int], None] | None = None,
    broken: Callable[[Path, PictureError], None] | None = None,
) -> list[str]:
    """Return the key of every clip, having computed and stored the rows that were missing, as `FeatureStore.fill` does.

    opened: from a clip, or a photo, to what is looked at; called in threads. look: from that to a row (*shape).
    broken: told of each that cannot be opened; its key is "". Without it one `PictureError` names them all.

    A kill loses the clip in hand; the next call goes on from there.
    """
    keys: list[str] = []
    failed: list[PictureError] = []
    for source, key, read in _ahead(_asked(store, sources), opened):
        try:
            if isinstance(read, PictureError):
                raise read
            if read is not None:
                store.add([key], look(read.result())[None])
            keys.append(key)
        except PictureError as error:
            keys.append("")
            if broken is None:
                failed.append(error)
            else:
                broken(file_of(source), error)
        if progress is not None:
            progress(len(keys), len(sources))
    store.add([], np.empty((0, *store.shape), np.float32))  # which keeps the hashes of files that had rows already
    if failed:
        raise PictureError(summary(failed, len(sources), "clips"))
    return keys


def file_of(source: Kept) -> Path:
    """Return the file of a clip or photo, or of a part of it."""
    return source if isinstance(source, Path) else Path(str(source.source))


def _asked(store: FeatureStore, sources: Sequence[Kept]) -> Iterator[tuple[Kept, str, PictureError | bool]]:
    """Yield each clip with its key, and whether it has to be read, or what is wrong with its file."""
    coming: set[str] = set()
    for source in sources:
        try:
            key = store.key(source)
        except PictureError as error:
            yield source, "", error
            continue
        yield source, key, key not in coming and not store.has([key])[0]
        coming.add(key)


def _ahead(asked: Iterable[tuple[Kept, str, PictureError | bool]], opened: Opened) -> Iterator[_Asked]:
    """Yield what was asked, in order, a few of them being read ahead."""
    pool = ThreadPoolExecutor(AHEAD, thread_name_prefix="watchword-clips")
    waiting: deque[_Asked] = deque()
    try:
        for source, key, needed in asked:
            if isinstance(needed, PictureError):
                waiting.append(_Asked(source, key, needed))
            else:
                waiting.append(_Asked(source, key, pool.submit(opened, source) if needed else None))
            if len(waiting) > AHEAD:
                yield waiting.popleft()
        yield from waiting
    finally:
        pool.shutdown(cancel_futures=True)
