"""Paper 4's procedure on the data at hand: its tables 1 to 3, in METEOR and CIDEr-D.

Flickr8k stands for MSCOCO, COCO's few photos for the photos to be described, Pascal Sentences for the further data.
The chosen sentences are those that the fine-tuned model itself says of the further photos and that score well
against what people said of them, where the paper has them chosen by hand.
Run: python bench/procedure.py flickr8k coco pascal_sentences runs/procedure [--features features] [--seeds 0 1 2]
"""

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from trainings import scored, table, told, trained, watchword  # the script beside this one

from watchword.cli.datasets import read_all
from watchword.core.types import Example

BASE = "width=256 views=6 average=0.99 dropout=0.4 patience=10 epochs=10"
FEW = "width=256 views=6 average=0.95 dropout=0.4 patience=30 epochs=20"
JOINT = "encoder_rate=2e-4 encoder_start=2"
FROZEN = "frozen=18"  # all units of EfficientNet-Lite0: what they see is computed once
FINE = "views=6 average=0.95 dropout=0.4 patience=10 epochs=10 learning_rate=3e-4 encoder_rate=5e-5 warmup=10"
ACCEPTED = 0.8  # CIDEr-D of a sentence that is kept
FIGURES = ("METEOR", "CIDEr-D", "BLEU-4")


def written(place: Path, rows: Sequence[Example], split: str) -> str:
    """Write rows as a data set of one split, once; return its path."""
    if not place.exists():
        told = [{"image": str(row.path), "sentences": list(row.sentences), "split": split} for row in rows if row.path]
        place.write_text("".join(json.dumps(row) + "\n" for row in told))
    return str(place)


def parted(data: str, split: str) -> list[Example]:
    """Return the rows of a split of a data set."""
    return [row for row in read_all([data], [], []) if row.split == split]


def accepted(model: Path, data: str, place: Path) -> str:
    """Write what a model says well of the photos it may learn from as a data set, once; return its path."""
    if place.exists():
        return str(place)
    said, each = place.with_name(f"{place.stem}-said.json"), place.with_suffix(".csv")
    log = place.with_suffix(".log")
    split = ["--split", "train"]
    watchword(["evaluate", str(model), "--data", data, *split, "--predictions", str(said), "--json"], log)
    watchword(["score", str(said), data, *split, "--per-image", str(each)], log)
    chosen = ["--scores", str(each), "--by", "CIDEr-D", "--least", str(ACCEPTED), "--output", str(place)]
    watchword(["select", str(said), "--images", str(Path(data) / "images"), *chosen], log)
    return str(place)


def procedure(given: argparse.Namespace, seed: int) -> dict[str, dict[str, Any]]:
    """Return the scores on half of the target's validation photos of every model of the tables, by its name.

    The other half says of every model which epoch is kept, whatever it learns from.
    """
    base, target, further = given.data
    runs = given.runs / str(seed)
    runs.mkdir(parents=True, exist_ok=True)
    judges = parted(target, "val")
    judge, chooser = (
        written(runs / f"{name}.jsonl", half, "val")
        for name, half in (("judge", judges[1::2]), ("chooser", judges[::2]))
    )
    few = written(runs / "few.jsonl", parted(target, "train"), "train")
    more = written(runs / "further.jsonl", parted(further, "train"), "train")
    learnt = parted(base, "train")
    train_split = written(runs / "base.jsonl", learnt, "train")
    everything = written(runs / "all.jsonl", [*learnt, *parted(base, "val")], "train")

    def train(name: str, data: list[str], settings: str, start: Path | None = None) -> Path:
        begun = [] if start is None else ["--start-from", str(start)]
        features = ["--features", given.features]
        return trained("show_tell", f"{settings} seed={seed}", [*data, chooser], runs / name, *features, *begun)

    models = {
        "frozen": train("frozen", [train_split], f"{BASE} {FROZEN}"),
        "frozen, further data alone": train("frozen-further", [more], f"{FEW} {FROZEN}"),
        "frozen, target's few alone": train("frozen-target", [few], f"{FEW} {FROZEN}"),
        "joint, the training split": train("joint", [train_split], f"{BASE} {JOINT}"),
        "joint, all but the test split": (whole := train("all", [everything], f"{BASE} {JOINT}")),
        "fine-tuned on the target's few": train("tuned-few", [few], FINE, whole),
        "fine-tuned on both": (both := train("tuned-both", [few, more], FINE, whole)),
    }
    own = accepted(both, further, runs / "own.jsonl")
    models["fine-tuned on both and accepted sentences"] = train("tuned-own", [few, more, own], FINE, whole)
    return {name: scored(model, judge) for name, model in models.items()}


def main() -> None:
    """Do what is left and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs=3)
    parser.add_argument("runs", type=Path)
    parser.add_argument("--features", default="features")
    parser.add_argument("--seeds", nargs="*", type=int, default=[0, 1, 2])
    given = parser.parse_args()
    each = [procedure(given, seed) for seed in given.seeds]
    figure: Callable[[str, str], str] = lambda name, key: told([found[name][key] for found in each], 3)  # noqa: E731
    print(table(["model", *FIGURES], [[name, *(figure(name, key) for key in FIGURES)] for name in each[0]]))


if __name__ == "__main__":
    main()
