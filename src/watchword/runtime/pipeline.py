"""Pictures and clips decoded ahead: the next batch in threads, while the caller computes with this one."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import Any, TypeVar

import numpy as np

from watchword.core.errors import PictureError
from watchword.data.pictures import open_picture
from watchword.data.played import Watched

AnySource = TypeVar("AnySource", bound=Watched)
Opened = Callable[[Any, int], np.ndarray]
Decoded = tuple[AnySource, np.ndarray | PictureError]


def decoded_batches(
    sources: Iterable[AnySource], size: int, batch: int, threads: int, opened: Opened | None = None
) -> Iterator[list[Decoded[AnySource]]]:
    """Yield `batch` sources at a time, in order, each with its pixels (size, size, 3) or what is wrong with it.

    At most two batches are in memory: the one yielded last, and the next, which `threads` threads are at.
    `sources` is read no further ahead than that. opened: from a source and `size` to pixels, if not `open_picture`; of
    a clip those of its frames (T, size, size, 3). What it raises has to be a `PictureError`.
    """
    remaining = iter(sources)
    pool = ThreadPoolExecutor(threads, thread_name_prefix="watchword-decode")

    def submit() -> list[tuple[AnySource, Future[np.ndarray | PictureError]]]:
        return [(source, pool.submit(_decode, source, size, opened)) for source in islice(remaining, batch)]

    try:
        coming = submit()
        while coming:
            here = [(source, future.result()) for source, future in coming]
            coming = submit()
            yield here
    finally:
        pool.shutdown(cancel_futures=True)


def _decode(source: Watched, size: int, opened: Opened | None) -> np.ndarray | PictureError:
    """Return the pixels of a source, or its error as a value, so that one bad file stops nothing."""
    try:
        return (opened or open_picture)(source, size)  # type: ignore[arg-type]  # which refuses what is no picture
    except PictureError as error:
        return error
