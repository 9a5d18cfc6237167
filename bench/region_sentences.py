"""Sentences for regions that people drew: table 4 of paper 5, and besides BLEU its other metrics.

DATA has boxes with phrases (flickr8k/regions.json); references are the phrases of one region, boxes that are nearly
the same together. PHOTOS are whole photos with sentences. What is trained or scored already is not done again.
Run: python bench/region_sentences.py flickr8k/regions.json flickr8k runs/regions [--set "epochs=1 width=64"]
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from trainings import SCORES, scored, table, trained, watchword  # the script beside this one

from watchword.cli import opening
from watchword.cli.datasets import read_all, split
from watchword.data.pictures import picture_of
from watchword.metrics.figures import METRICS
from watchword.metrics.meteor.packaged import find_packaged
from watchword.metrics.scorer import score

SPEAKING = "frozen=18 width=256 epochs=12 average=0.99 patience=12"
INFERRED = "epochs=3"  # there are ten times as many snippets as phrases that people drew boxes for
MATCHING = "frozen=18 epochs=12"
SNIPPETS = ["--beta", "0.02", "--least-words", "2"]
FIGURES = ("BLEU-1", "BLEU-2", "BLEU-3", "BLEU-4", "METEOR", "ROUGE-L", "CIDEr-D")
TOGETHER = 4096  # words that are compared with all regions at once


def most_compatible(vectors: np.ndarray, words: Sequence[np.ndarray]) -> np.ndarray:
    """Return for each region, vectors (R, D), the phrase of the highest score: (R,) int64.

    words: of each phrase, (T, D). With one region equation (8) is the sum of the dot products of all words, so a
    phrase is the sum of its words.
    """
    sums = np.stack([each.sum(0) for each in words])
    best, score_of = np.zeros(len(vectors), np.int64), np.full(len(vectors), -np.inf)
    for first in range(0, len(sums), TOGETHER):
        scores = vectors @ sums[first : first + TOGETHER].T
        place = scores.argmax(1)
        value = scores[np.arange(len(vectors)), place]
        best = np.where(value > score_of, first + place, best)
        score_of = np.maximum(score_of, value)
    return best


def ranked(model: str, data: str, place: Path) -> dict[str, Any]:
    """Return the figures of the training phrases that a matcher finds fit each region best, kept at `place`.

    A region is cut out and looked at as a picture; its vector is that of the whole.
    """
    if not place.exists():
        rows, matcher = read_all([data], [], []), opening.matcher(model)
        chosen = split(rows, "val")
        phrases = list(dict.fromkeys(text for row in rows if row.split == "train" for text in row.sentences))
        words = [read.vectors for read in matcher.read(phrases)]
        known = [number for number, each in enumerate(words) if len(each)]
        vectors = np.stack([looked.vectors[0] for looked in matcher.look([picture_of(row) for row in chosen])])
        said = [phrases[known[best]] for best in most_compatible(vectors, [words[number] for number in known])]
        only = [name for name in METRICS if name != "METEOR" or find_packaged() is not None]
        found = score(said, [row.sentences for row in chosen], only=only)
        place.write_text(json.dumps(dict(found)))
    return dict(json.loads(place.read_text()))


def nearest(data: str, features: str, place: Path) -> dict[str, Any]:
    """Return the figures of the sentences of the training regions that are nearest, kept at `place`."""
    if not place.exists():
        draft = place.with_suffix(".part")
        watchword(
            ["analyse", "neighbours", "--data", data, "--k", "1", "--features", features, "--json"], draft, mode="w"
        )
        draft.rename(place)
    return dict(json.loads(place.read_text())["neighbours"][0])


def inferred(model: str, photos: str, place: Path) -> str:
    """Write the snippets that a matcher makes of the sentences of whole photos, once; return their path."""
    if not place.exists():
        draft, log = place.with_suffix(".part.jsonl"), place.with_suffix(".log")
        watchword(["snippets", model, "--data", photos, *SNIPPETS, "--output", str(draft), "--resume"], log)
        draft.rename(place)
    return str(place)


def main() -> None:
    """Train, score and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", help="boxes with phrases")
    parser.add_argument("photos", help="photos with sentences, for the models of whole photos")
    parser.add_argument("runs", type=Path)
    parser.add_argument("--features", default="features")
    parser.add_argument("--recipe", default="neuraltalk", help="of the captioners")
    parser.add_argument("--set", default="", help="settings of the captioners, over what they usually are")
    parser.add_argument("--set-matcher", default="", help="the same of the matcher")
    parser.add_argument("--model", default="small", help="another captioner of whole photos, to compare with")
    parser.add_argument("--matcher", help="a matcher that is there, instead of one trained for the table")
    given = parser.parse_args()
    given.runs.mkdir(parents=True, exist_ok=True)
    where = ["--features", given.features]
    speaking, matching = merged(SPEAKING, given.set), merged(MATCHING, given.set_matcher)

    def captioner(name: str, data: str, *more: str, changes: str = "") -> Path:
        return trained(given.recipe, changes or speaking, [data], given.runs / name, *where, *more)

    whole = captioner("whole", given.photos)
    matcher = given.matcher or str(
        trained("contrastive_alignments", matching, [given.photos], given.runs / "matcher", *where)
    )
    other = ["evaluate", given.model, "--data", given.data, "--way", "cropped", "--json"]
    place = given.runs / "other.json"
    if not place.exists():
        watchword(other, place.with_suffix(".part"), mode="w")
        place.with_suffix(".part").rename(place)
    learnt = inferred(matcher, given.photos, given.runs / "snippets.jsonl")
    snipped = captioner("inferred", learnt, "--way", "pooled", changes=merged(merged(SPEAKING, INFERRED), given.set))
    rows = {
        "nearest training region": nearest(given.data, given.features, given.runs / "nearest.json"),
        "most compatible training phrase": ranked(matcher, given.data, given.runs / "ranked.json"),
        f"`{given.model}` on the crops": dict(json.loads(place.read_text())),
        "whole photos, on the crops": scored(whole, given.data, "scores-regions.json", "--way", "cropped"),
        "regions, pooled": scored(captioner("pooled", given.data, "--way", "pooled"), given.data, SCORES),
        "inferred snippets, pooled": scored(snipped, given.data, SCORES, "--way", "pooled"),
        "regions, cropped": scored(captioner("cropped", given.data, "--way", "cropped"), given.data, SCORES),
    }
    cells = [
        [name, *(f"{found[figure]:.3f}" if figure in found else "" for figure in FIGURES)]
        for name, found in rows.items()
    ]
    print(table(["model", *FIGURES], cells))


def merged(usual: str, given: str) -> str:
    """Return settings, those given over the usual ones."""
    settings = dict(change.split("=", 1) for change in (*usual.split(), *given.split()))
    return " ".join(f"{name}={value}" for name, value in settings.items())


if __name__ == "__main__":
    main()
