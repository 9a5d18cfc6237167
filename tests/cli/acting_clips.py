"""Clips with tuples: a square of one colour moves towards or away from a bar of another, up or along."""

import json

import numpy as np

from tests.cli.made_clips import save_clip

COLOURS = {"red": (220, 40, 40), "green": (40, 200, 40), "blue": (50, 60, 230), "white": (240, 240, 240)}
WAYS = {"climbs": (-1, 0), "falls": (1, 0), "leaves": (0, -1), "comes": (0, 1)}
SIZE, FRAMES = 32, 6


def acted(colour, verb, other, random):
    """Return (FRAMES, SIZE, SIZE, 3) uint8."""
    pictures = random.integers(0, 30, (FRAMES, SIZE, SIZE, 3)).astype(np.uint8)
    down, right = WAYS[verb]
    start, across = random.integers(0, 3), random.integers(8, 14)
    for picture, step in zip(pictures, range(FRAMES), strict=True):
        gone = start + 3 * step
        y = across if not down else (gone if down > 0 else 20 - gone)
        x = across if not right else (gone if right > 0 else 20 - gone)
        picture[:, 28:] = COLOURS[other]
        picture[max(y, 0) : y + 8, max(x, 0) : x + 8] = COLOURS[colour]
    return pictures


def save_acts(folder, count, seed=0):
    """Write `clips.jsonl`, whose rows have a tuple and two sentences, and the clips; a quarter is for validation."""
    random, rows = np.random.default_rng(seed), []
    (folder / "clips").mkdir(parents=True)
    for number in range(count):
        subject, other = random.choice(list(COLOURS), 2, replace=False).tolist()
        verb = list(WAYS)[random.integers(4)]
        name = f"clips/{number}.mp4"
        save_clip(acted(subject, verb, other, random), folder / name)
        said = {"subject": subject, "verb": verb, "object": other}
        sentences = [f"a {subject} square {verb} beside a {other} bar", f"the {subject} square {verb}"]
        split = "val" if number % 4 == 3 else "train"
        rows.append({"id": str(number), "path": name, "split": split, "tuple": said, "sentences": sentences})
    (folder / "clips.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder / "clips.jsonl"
