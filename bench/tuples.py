"""Table 5 of paper 2 on another data set: three forms of saying a tuple, on tuples that are more or less certain.

    python bench/tuples.py MSVD/sentences.jsonl.gz --noise 0 0.3 0.4 --seeds 3

Reads JSON Lines of videos with `captions` and `split`; no video is looked at. The tuple of a video is what most of
its sentences say (`data.spoken_tuples`), blurred as by a recogniser with that noise (`decoders.blurring`), of
training videos and of the others alike. Prints a Markdown table: mean over the seeds, each with noise of its own, and
the deviation; BLEU-4 and CIDEr-D of the best epoch by CIDEr-D on half of the other videos, on the other half.
"""

import argparse
import dataclasses
import gzip
import json
import statistics
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from watchword.cli.tuple_rows import known_roles
from watchword.core.settings import override
from watchword.core.types import Example
from watchword.data.batches import Batches
from watchword.data.spoken_tuples import tuple_of
from watchword.data.tuples import labels_of
from watchword.data.vocabulary import Vocabulary
from watchword.data.words import tokenize
from watchword.decoders.blurring import blurred
from watchword.generation.search import SearchOptions
from watchword.recipes import recipes
from watchword.recipes.base import rebuild
from watchword.training.loop import Run, fit
from watchword.training.model import seed_everything
from watchword.training.objectives import CrossEntropy
from watchword.training.validation import Validator, say

FORMS = {"encoder_decoder": "(a) encoder-decoder", "maxima": "(b) maxima", "probabilities": "(c) probabilities"}
USUAL = ["width=128", "epochs=10", "patience=10", "learning_rate=4e-3", "batch=32", "sentences=4", "minimum=3"]


def videos(path):
    """Return an example and its tuple for each video whose sentences say one."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    found = [Example(row["video_id"], None, tuple(row["captions"]), split=row["split"]) for row in rows]
    return [(row, said) for row in found if (said := tuple_of(row))]


def features_of(labels, widths, known, noise, seed):
    """Return (N, 2 W) float32 of labels (N, R): probabilities, then the likeliest tuples; and how many are right."""
    chances, likeliest = blurred(labels, widths, known, noise=noise, seed=seed)
    hot = [np.eye(width)[likeliest[:, r]] for r, width in enumerate(widths)]
    rows = np.concatenate((chances, *hot), 1).astype(np.float32)
    return rows, (likeliest == labels).mean(), (likeliest == labels).all(1).mean()


def scored(form, learn, choose, judge, roles, settings):
    """Train one form; return BLEU-4 and CIDEr-D on `judge`. Each of the three: examples, and their features."""
    words = [tokenize(text) for row in learn[0] for text in row.sentences]
    vocabulary = Vocabulary.build(words, minimum=settings.minimum)
    settings = dataclasses.replace(settings, form=form, encoder=f"tuples:name=x,roles={'+'.join(map(str, roles))}")
    seed_everything(settings.seed)
    model: Any = recipes["lrcn_tuples"].build(settings, vocabulary)
    model.set_output_bias(vocabulary.frequencies(words))
    batches = Batches(learn[0], vocabulary, batch=settings.batch, sentences=settings.sentences, seed=settings.seed)

    def figures(trained, side):
        validator = Validator({row.id: row.sentences for row in side[0]}, vocabulary)
        parts = np.array_split(side[1], max(len(side[1]) // 64, 1))
        return validator.figures(say(trained, parts, vocabulary, SearchOptions(beam=settings.beam)))

    with tempfile.TemporaryDirectory() as folder:
        about = {"recipe": "lrcn_tuples", "settings": dataclasses.asdict(settings)}
        seen = learn[1]
        fit(
            Run(
                model, settings, Path(folder), vocabulary, batches.epoch, lambda rows, random: seen[rows],
                lambda: figures(model, choose), CrossEntropy(settings.label_smoothing), about,
            )
        )  # fmt: skip
        return figures(rebuild(Path(folder) / "best")[0], judge)


def main():
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sentences", type=Path)
    parser.add_argument("--noise", type=float, nargs="+", default=[0.0, 0.3, 0.4])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--set", action="append", default=[], help="a setting of lrcn_tuples, NAME=VALUE")
    given = parser.parse_args()
    rows = videos(given.sentences)
    train = [number for number, (row, _) in enumerate(rows) if row.split == "train"]
    other = [number for number, (row, _) in enumerate(rows) if row.split != "train"]
    roles = known_roles([rows[number][1] for number in train], 2)
    widths = [len(words) for words in roles.values()]
    labels = labels_of([said for _, said in rows], roles)
    examples = [row for row, _ in rows]
    print(
        f"{len(train)} videos to learn from, {len(other[::2])} to choose by, {len(other[1::2])} to judge by; words of"
    )
    print(f"the roles: {widths}\n\n| noise | words right | tuples right | form | BLEU-4 | CIDEr-D |")
    print("|---|---|---|---|---|---|")
    for noise in given.noise:
        found: dict[str, list[dict[str, float]]] = {form: [] for form in FORMS}
        for seed in range(given.seeds):
            seen, word, whole = features_of(labels, widths, labels[train], noise, seed)
            learn, choose, judge = (
                ([examples[i] for i in part], seen[part]) for part in (train, other[::2], other[1::2])
            )
            for form in FORMS:
                settings = override(recipes["lrcn_tuples"].settings(), [*USUAL, *given.set, f"seed={seed}"])
                found[form].append(scored(form, learn, choose, judge, widths, settings))
        for form, scores in found.items():
            told = [spread([each[name] for each in scores]) for name in ("BLEU-4", "CIDEr-D")]
            print(f"| {noise:g} | {word:.0%} | {whole:.0%} | {FORMS[form]} | {told[0]} | {told[1]} |", flush=True)


def spread(values):
    """Return mean and deviation as text."""
    deviation = f" ± {statistics.stdev(values):.3f}" if len(values) > 1 else ""
    return f"{statistics.mean(values):.3f}{deviation}"


if __name__ == "__main__":
    main()
