"""Items read ahead: the next ones in a thread, while the caller works on these."""

from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

from watchword.core.errors import PictureError

Item = TypeVar("Item")


def read_ahead(items: Iterator[Item], batch: int) -> Iterator[list[Item]]:
    """Yield lists of `batch` items; while one is worked on the next is read.

    What was read before a `PictureError` comes before it. `items` is closed at the end, be it early.
    """
    pool, errors = ThreadPoolExecutor(1, thread_name_prefix="watchword-frames"), list[PictureError]()
    reading = until_error(items, errors)
    try:
        coming = pool.submit(list, islice(reading, batch))
        while here := coming.result():
            coming = pool.submit(list, islice(reading, batch))
            yield here
    finally:
        pool.shutdown(cancel_futures=True)
        reading.close()
    if errors:
        raise errors[0]


def until_error(items: Iterator[Item], errors: list[PictureError]) -> Generator[Item, None, None]:
    """Yield items; the `PictureError` that ends them, if one does, goes to `errors`."""
    try:
        yield from items
    except PictureError as error:
        errors.append(error)
