"""List windows of two seconds of clips as rows of a data set, all of one class: what a camera sees on other days.

A labeller that learnt from a few hundred short clips takes much for what it knows. Rows like these, of clips in which
nothing of the kind happens, teach it what is not meant (`docs/results.md`, fights).
Run: python bench/windows.py FOLDER noFight > rows.jsonl
     python bench/windows.py FOLDER noFight --judge > rows.jsonl      (every second file becomes split "val")
"""

import argparse
import json
from pathlib import Path

import numpy as np

from watchword.data.clips.files import is_clip
from watchword.data.clips.frames import probe

SECONDS, MOST = 2.0, 4


def main() -> None:
    """Print a row for each window, up to four of a clip, evenly placed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("label")
    parser.add_argument("--judge", action="store_true", help="every second file is to judge by, and not to learn from")
    given = parser.parse_args()
    for place, path in enumerate(sorted(path for path in given.folder.rglob("*") if is_clip(path))):
        found = probe(path)
        count = int(np.clip(found.seconds // SECONDS, 1, MOST))
        for start in np.linspace(found.begins, max(found.begins, found.ends - SECONDS), count).round(2).tolist():
            row = {"file": str(path.relative_to(given.folder)), "label": given.label, "group": path.name}
            end = round(min(start + SECONDS, found.ends), 2)
            split = "val" if given.judge and place % 2 else "train"
            print(json.dumps(row | {"start": start, "end": end, "split": split}))


if __name__ == "__main__":
    main()
