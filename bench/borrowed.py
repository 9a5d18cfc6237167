"""Sentences of other photos and clips, put to photos that they are true of by their words.

A sentence is lent to a photo where people's sentences of it hold all of its content words, by their stems. So a model
of photos learns how clips are spoken of, or a matcher hears the same in more words. Each photo gets at most five,
those of the most content words, and none that it has.
Run: python bench/borrowed.py flickr8k msvd/sentences.jsonl.gz borrowed.jsonl [--without msvd/clips.jsonl]
     python bench/borrowed.py flickr8k flickr8k coco/sentences.json.gz lent.jsonl
"""

import argparse
import json
import random
from collections import defaultdict
from pathlib import Path

from watchword.core.types import Example
from watchword.data.readers.open import read_dataset
from watchword.data.words import tokenize
from watchword.metrics.content import content_stems

MOST, LONGEST, LEAST = 5, 14, 2  # sentences a photo; words, and content words, of a sentence


def named(row: Example) -> str:
    """Return what a clip is called, without the ending of a file."""
    return str(row.extra.get("name", row.id)).removesuffix(".avi")


def main() -> None:
    """Write the rows and say how many there are."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photos")
    parser.add_argument("sentences", nargs="+")
    parser.add_argument("output", type=Path)
    parser.add_argument("--without", help="clips whose sentences are kept apart, to judge by")
    given = parser.parse_args()
    rows = [row for row in read_dataset(given.photos) if row.split == "train" and row.path]
    apart = {named(row) for row in read_dataset(given.without)} if given.without else set()
    sources = [row for source in given.sentences for row in read_dataset(source)]
    lenders = [row for row in sources if (row.split == "train" or not row.path) and named(row) not in apart]
    lent = {" ".join(tokenize(text)) for row in lenders for text in row.sentences}
    own = [{" ".join(tokenize(text)) for text in row.sentences} for row in rows]
    photos: dict[str, set[int]] = defaultdict(set)
    for place, row in enumerate(rows):
        for stem in content_stems(tokenize(" ".join(row.sentences))):
            photos[stem].add(place)
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for text in sorted(lent):
        stems = content_stems(text.split())
        if len(stems) >= LEAST and len(text.split()) <= LONGEST:
            for place in set.intersection(*(photos.get(stem, set()) for stem in stems)):
                if text not in own[place]:
                    found[place].append((len(stems), text))
    draw, written = random.Random(0), 0
    with given.output.open("w", encoding="utf-8") as file:
        for place, texts in sorted(found.items()):
            draw.shuffle(texts)
            chosen = [text for _, text in sorted(texts, key=lambda one: -one[0])[:MOST]]
            written += len(chosen)
            photo = str(Path(str(rows[place].path)).absolute())
            file.write(json.dumps({"image": photo, "sentences": chosen, "split": "train"}) + "\n")
    lent_to = f"{written:,} sentences lent to {len(found):,} of {len(rows):,} photos"
    print(f"sentences of {len(lenders):,}; {lent_to}: {given.output}")


if __name__ == "__main__":
    main()
