"""MSR-VTT (Xu et al. 2016): 10,000 clips of twenty categories, twenty sentences each, in one JSON file.

    {"videos": [{"video_id": "video0", "category": 9, "split": "train", "start time": 137.72, "end time": 149.44, ...}],
     "sentences": [{"video_id": "video0", "caption": "a car is shown", "sen_id": 0}]}

The clips are cut already: the times are of the videos that they come from.
"""

from collections.abc import Iterator
from pathlib import Path

from watchword.core.errors import DataError
from watchword.core.types import Example
from watchword.data.readers.clip_files import clip_file, clip_folder
from watchword.data.readers.faults import Faults
from watchword.data.readers.fields import Record, is_record, listed, needed_text, split_of, the_rest

CATEGORIES = (
    "music",
    "people",
    "gaming",
    "sports/actions",
    "news/events/politics",
    "education",
    "tv shows",
    "movie/comedy",
    "animation",
    "vehicles/autos",
    "howto",
    "travel",
    "science/technology",
    "animals/pets",
    "kids/family",
    "documentary",
    "food/drink",
    "cooking",
    "beauty/fashion",
    "advertisement",
)


def read_msrvtt(document: Record, source: Path, images: Path | None, faults: Faults) -> Iterator[Example]:
    """Yield the clips of MSR-VTT's JSON, labelled with their category; `DataError` names the record that is amiss."""
    videos: dict[str, Record] = {}
    said: dict[str, list[str]] = {}
    for number, each in enumerate(listed(document, "videos", str(source))):
        with faults:
            where = f"{source}, video {number}"
            name = needed_text(is_record(each, where), "video_id", where)
            videos[name], said[name] = each, []
            split_of(each, where)
    for number, each in enumerate(listed(document, "sentences", str(source))):
        with faults:
            where = f"{source}, sentence {number}"
            name = needed_text(is_record(each, where), "video_id", where)
            if name not in said:
                raise DataError(f"{where}: it is of {name!r}, which is not among the videos; repair the file")
            said[name].append(needed_text(each, "caption", where))
    folder = clip_folder(source, images, videos)
    for name, record in videos.items():
        yield Example(
            id=name,
            path=clip_file(folder, name),
            sentences=tuple(said[name]),
            labels=_labels(record),
            split=split_of(record, str(source)),
            extra=the_rest(record, ("video_id", "id")),
        )


def _labels(record: Record) -> tuple[str, ...]:
    """Return the name of a clip's category, from its number."""
    given = record.get("category")
    if not isinstance(given, int) or isinstance(given, bool):
        return ()
    return (CATEGORIES[given] if 0 <= given < len(CATEGORIES) else str(given),)
