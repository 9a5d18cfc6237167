"""What METEOR costs: `python bench/meteor.py SENTENCES.json[.gz] [--java]`.

The file holds a dictionary: for each photo its sentences, of which the first is scored and the next four are
the references. Each number of photos is measured in a process of its own, with nothing prepared but the
compiled data of METEOR; the photos are taken again in another order of sentences where there are too few.
--java: time the published program too.
"""

import gzip
import json
import re
import resource
import subprocess
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

PHOTOS = (1000, 5000, 20_000)
SENTENCES = 5


def read(path, photos):
    """Return candidates and references of so many photos, tokenised roughly."""
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    rows = [sentences[:SENTENCES] for sentences in json.loads(data).values() if len(sentences) >= SENTENCES]
    turned = [row[turn:] + row[:turn] for turn in range(SENTENCES) for row in rows][:photos]
    split = [[" ".join(re.findall("[a-z0-9]+", sentence.lower())) for sentence in row] for row in turned]
    return [row[0] for row in split], [row[1:] for row in split]


def measure(path, photos, scorer):
    """Print what one run cost: photos, seconds, processor seconds, MB, the figure."""
    from watchword.metrics import java
    from watchword.metrics.meteor.scorer import Meteor

    candidates, references = read(Path(path), int(photos))
    wall, used = time.perf_counter(), time.process_time()
    figure = Meteor(references).score(candidates) if scorer == "ours" else java.meteor(candidates, references)
    wall, used = time.perf_counter() - wall, time.process_time() - used
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    print(json.dumps([len(candidates), wall, used, memory, figure]))


def main(path, *options):
    """Print the table."""
    table = Table(title=f"METEOR, {SENTENCES - 1} references a photo")
    for heading in ("", "photos", "seconds", "processor", "ms a photo", "MB", "figure"):
        table.add_column(heading, justify="right")
    for scorer in ("ours", "published") if "--java" in options else ("ours",):
        for photos in PHOTOS:
            command = [sys.executable, __file__, path, str(photos), scorer]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            count, wall, used, memory, figure = json.loads(done.stdout)
            shown = ["-", "-"] if scorer == "published" else [f"{used:.2f}", str(memory)]
            per_photo = f"{wall / count * 1000:.3f}"
            table.add_row(scorer, str(count), f"{wall:.2f}", shown[0], per_photo, shown[1], f"{figure:.6f}")
    Console().print(table)


if __name__ == "__main__":
    if sys.argv[3:] and sys.argv[3] in ("ours", "published"):
        measure(*sys.argv[1:4])
    else:
        main(*sys.argv[1:])
