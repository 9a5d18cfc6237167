"""Paper 4's procedure on the data at hand: its tables 1 to 3, in METEOR and CIDEr-D.

Flickr8k stands for MSCOCO, COCO's few photos for the photos to be described, Pascal Sentences for the further data.
The chosen sentences are those that the fine-tuned model itself says of the further photos and that score well
against what people said of them, where the paper has them chosen by hand.
Run: python bench/procedure.py flickr8k coco pascal_sentences runs/procedure [--features features] [--seeds 0 1 2]
"""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from trainings import scored, table, told, trained, watchword  # the script beside this one

from watchword.cli.datasets import read_all

BASE = "width=256 views=6 average=0.99 dropout=0.4 patience=10 epochs=10"
FEW = "width=256 views=6 average=0.95 dropout=0.4 patience=30 epochs=20"
JOINT = "encoder_rate=2e-4 encoder_start=2"
FROZEN = "frozen=18"  # all units of EfficientNet-Lite0: what they see is computed once
FINE = "views=6 average=0.95 dropout=0.4 patience=10 epochs=10 learning_rate=3e-4 encoder_rate=5e-5 warmup=10"
ACCEPTED = 0.8  # CIDEr-D of a sentence that is kept
FIGURES = ("METEOR", "CIDEr-D", "BLEU-4")


def everything(data: str, place: Path) -> str:
    """Write all photos of a data set but the test split as one to learn from; return its path."""
    known = [row for row in read_all([data], [], []) if row.path and row.split != "test"]
    rows = [{"image": str(row.path), "sentences": list(row.sentences)} for row in known]
    place.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return str(place)


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
    """Return the scores on the target's validation photos of every model of the three tables, by its name."""
    base, target, further = given.data
    runs = given.runs / str(seed)
    runs.mkdir(parents=True, exist_ok=True)

    def train(name: str, data: list[str], settings: str, start: Path | None = None) -> Path:
        begun = [] if start is None else ["--start-from", str(start)]
        features = ["--features", given.features]
        return trained("show_tell", f"{settings} seed={seed}", data, runs / name, *features, *begun)

    models = {
        "frozen": train("frozen", [base], f"{BASE} {FROZEN}"),
        "frozen, further data alone": train("frozen-further", [further], f"{FEW} {FROZEN}"),
        "frozen, target's few alone": train("frozen-target", [target], f"{FEW} {FROZEN}"),
        "joint (baseline)": (joint := train("joint", [base], f"{BASE} {JOINT}")),
        "joint, all": train("all", [everything(base, runs / "all.jsonl")], f"{BASE} {JOINT}"),
        "fine-tuned on the target's few": train("few", [target], FINE, joint),
        "fine-tuned on both": (both := train("both", [target, further], FINE, joint)),
    }
    own = accepted(both, further, runs / "own.jsonl")
    models["fine-tuned on both and accepted sentences"] = train("own", [target, further, own], FINE, joint)
    return {name: scored(model, target) for name, model in models.items()}


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
