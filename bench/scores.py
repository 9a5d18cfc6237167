"""How fast `watchword score` is beside `pycocoevalcap`: `python bench/scores.py flickr8k`.

Whole processes, start and reading included, over the same files, in turn; median of five, with the spread. The
first sentence of a photo is the candidate, the next four are its references. `--growth` shows the cost up to
200,000 images instead, of our side alone: beyond the data set, sentences are joined from halves of others.
"""

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from watchword.data.readers.open import read_dataset

REFERENCES = 4
PUBLISHED = """
import json, sys
from pycocoevalcap.bleu.bleu import Bleu
from pycocoevalcap.cider.cider import Cider
from pycocoevalcap.meteor.meteor import Meteor
from pycocoevalcap.rouge.rouge import Rouge
from pycocoevalcap.tokenizer.ptbtokenizer import PTBTokenizer

said, theirs = json.load(open(sys.argv[1])), json.load(open(sys.argv[2]))
references = {}
for row in theirs["annotations"]:
    references.setdefault(row["image_id"], []).append(row)
candidates = {row["image_id"]: [row] for row in said}
tokenizer = PTBTokenizer()
references, candidates = tokenizer.tokenize(references), tokenizer.tokenize(candidates)
scorers = [Bleu(4), Rouge(), Cider()] + ([] if sys.argv[3:] else [Meteor()])
print([scorer.compute_score(references, candidates)[0] for scorer in scorers])
"""


def sentences(data, images):
    """Return candidates and references of so many images: real ones first, then halves of real ones joined."""
    rows = [list(row.sentences) for row in read_dataset(data) if len(row.sentences) > REFERENCES]
    rng, pool = random.Random(0), [text.split() for row in rows for text in row]
    while len(rows) < images:
        topic = [rng.choice(pool) for _ in range(REFERENCES + 1)]
        rows.append([" ".join(one[: len(one) // 2] + rng.choice(pool)[len(one) // 2 :]) or "a dog" for one in topic])
    return [row[0] for row in rows[:images]], [row[1 : 1 + REFERENCES] for row in rows[:images]]


def write(folder, candidates, references):
    """Write COCO results and annotations; return their paths."""
    said = [{"image_id": number, "caption": text} for number, text in enumerate(candidates)]
    images = [{"id": number, "file_name": f"{number}.jpg"} for number in range(len(references))]
    annotations = [
        {"image_id": number, "id": number * REFERENCES + place, "caption": text}
        for number, texts in enumerate(references)
        for place, text in enumerate(texts)
    ]
    paths = Path(folder, "said.json"), Path(folder, "theirs.json")
    paths[0].write_text(json.dumps(said))
    paths[1].write_text(json.dumps({"images": images, "annotations": annotations}))
    return list(map(str, paths))


def run(command):
    """Return the seconds of a whole process."""
    started = time.perf_counter()
    child = spawned(command)
    _, status = os.waitpid(child, 0)
    if status:
        raise SystemExit(f"{command} ended with status {status}")
    return time.perf_counter() - started


def megabytes(command):
    """Return the most memory that a process and its children held together, looked at every 20 ms (Linux)."""
    child, most = spawned(command), 0
    while os.waitpid(child, os.WNOHANG) == (0, 0):
        most = max(most, held(child))
        time.sleep(0.02)
    return most / 1024


def held(process):
    """Return the resident kilobytes of a process and of its children; none where it is gone."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) + sum(map(held, children))


def spawned(command):
    """Start a process that prints to nowhere."""
    silent = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, 1, 0)]
    return os.posix_spawn(command[0], command, os.environ, file_actions=silent)


def described(times):
    """Return the median and the spread of some seconds."""
    return f"{statistics.median(times):.2f} ({min(times):.2f} to {max(times):.2f})"


def compare(data, runs):
    """Print whole processes, ours and the published one, in turn."""
    table = Table(
        "images",
        "metrics",
        "published, s",
        "ours, s",
        "ratio",
        "MB, published",
        "MB, ours",
        title="whole processes; MB of all of a command's processes together",
    )
    for images, without in ((1000, False), (5000, False), (1000, True), (5000, True)):
        with tempfile.TemporaryDirectory() as folder:
            paths = write(folder, *sentences(data, images))
            ours = [sys.executable, "-m", "watchword", "score", *paths, "--json"]
            theirs = [sys.executable, "-c", PUBLISHED, *paths]
            if without:
                ours += ["--only", "bleu,rouge-l,cider-d,cider"]
                theirs += ["without METEOR"]
            run(ours)  # compiles what is compiled once
            pairs = [(run(theirs), run(ours)) for _ in range(runs)]
            slow, fast = zip(*pairs, strict=True)
            memory = [f"{megabytes(each):.0f}" for each in (theirs, ours)]
        ratio = statistics.median(slow) / statistics.median(fast)
        what = "all but METEOR" if without else "all"
        table.add_row(str(images), what, described(slow), described(fast), f"{ratio:.1f}", *memory)
    Console(width=120).print(table)


def growth(data):
    """Print the cost of our side for more and more images."""
    table = Table("images", "s", "ms an image", "MB", title="watchword score, all metrics, whole processes")
    for images in (1_000, 5_000, 20_000, 50_000, 100_000, 200_000):
        with tempfile.TemporaryDirectory() as folder:
            paths = write(folder, *sentences(data, images))
            command = [sys.executable, "-m", "watchword", "score", *paths, "--json"]
            seconds, memory = run(command), megabytes(command)
        table.add_row(str(images), f"{seconds:.1f}", f"{seconds / images * 1000:.2f}", f"{memory:.0f}")
    Console().print(table)


def inside(data, runs):
    """Print what a further set of candidates costs in a running process, references read."""
    from watchword.metrics.scorer import WITHOUT_METEOR, Scorer

    candidates, references = sentences(data, 1000)
    times: list[list[float]] = []
    for only in (WITHOUT_METEOR, ["METEOR"]):
        scorer = Scorer(references, only=only)
        scorer.score(candidates[::-1])
        times.append([])
        for _ in range(runs):
            started = time.perf_counter()
            dict(scorer.score(candidates))
            times[-1].append(time.perf_counter() - started)
    print(f"1,000 images in a running process: {described(times[0])} s without METEOR, METEOR {described(times[1])} s")


def main():
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", help="a data set with five sentences an image, such as flickr8k")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--growth", action="store_true")
    asked = parser.parse_args()
    if asked.growth:
        growth(asked.data)
    else:
        inside(asked.data, asked.runs)
        compare(asked.data, asked.runs)


if __name__ == "__main__":
    main()
