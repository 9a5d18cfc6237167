"""Cross-validate activity models on a data set with folds: each fold told by models that learnt from the others.

Rows: each frame by itself and LRCN (paper 2, section 4), on RGB, on flow, and both fused as in its table 1; and
`motion_kernels` with each of its kernels and with several; several seeds each. What is told of a clip is what a run's
last epoch tells: its best epoch would be chosen by the very clips that are judged. The interval is of 95 %, of the
mean over seeds, with scenes (field group) drawn as a whole.
What is trained already is not done again, and a run that was stopped goes on.
Run: python bench/activities.py fights/labels.jsonl runs/activities [--features features] [--encoder mobilenet_v2]
     [--only NAME ...] [--seeds 0 1 2] [--folds fold] [--common "epochs=20 …"] [--dry]
"""

import argparse
import json
import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from trainings import over, settings_of, settled, table, told, trained  # the script beside this one

from watchword.cli.datasets import train_and_val
from watchword.cli.fitting import fitted
from watchword.cli.holding_out import held_out
from watchword.cli.labelled import as_learnt
from watchword.cli.views import Views
from watchword.core.types import Example
from watchword.data.classes import classes_of
from watchword.data.played import watched
from watchword.data.readers.open import read_dataset
from watchword.metrics.bootstrap import intervals
from watchword.metrics.classification import accuracy_tally
from watchword.recipes import recipes
from watchword.recipes.base import rebuild
from watchword.training.kernel_model import all_moves, motion_store
from watchword.training.model import LabellingModel

COMMON = "epochs=20 patience=20 warmup=10 frozen=18 label_smoothing=0.1"
RGB, FLOW = "encoder=frames:of={},count=16", "encoder=frames:of={},count=16,stream=flow"
ALL = "encoder=frames:of={},count=32,rate=15"
ROWS = {
    "single frame, RGB": f"lrcn_activity cell=none dropout=0.5 {RGB}",
    "single frame, flow": f"lrcn_activity cell=none dropout=0.5 {FLOW}",
    "LRCN, RGB": f"lrcn_activity {RGB}",
    "LRCN, flow": f"lrcn_activity {FLOW}",
    "single frame, flow, 32 frames": f"lrcn_activity cell=none dropout=0.5 {ALL},stream=flow",
    "LRCN, RGB, 32 frames": f"lrcn_activity {ALL}",  # of two seconds at 15 a second all: three stretches of 16
    "LRCN, flow, 32 frames": f"lrcn_activity {ALL},stream=flow",
}
KERNELS = {
    "motion, statistics": "statistics",
    "motion, change": "change",
    "motion, local": "fisher",
    "motion, statistics and change": "statistics+change",
    "motion, statistics and local": "statistics+fisher",
    "motion, all three": "statistics+change+fisher",
}
ROWS |= {name: f"motion_kernels encoder={{}} kernels={kernels}" for name, kernels in KERNELS.items()}
FUSED = {f"{kind}, {name}": (kind, share) for kind in ("single frame", "LRCN") for name, share in
         (("1/2 RGB, 1/2 flow", 1 / 2), ("1/3 RGB, 2/3 flow", 2 / 3))}  # fmt: skip

Chances = dict[str, np.ndarray]
"""Of each clip by its id: the probabilities (N,) of the classes."""


def chances_of(run: Path, rows: Sequence[Example], features: Path) -> tuple[Chances, tuple[str, ...]]:
    """Return what the last epoch of a run tells of clips, and the classes; kept beside it."""
    kept = run / "told.json"
    if not kept.exists():
        network, vocabulary, _ = rebuild(run / "last")
        assert isinstance(network, LabellingModel)
        seen = Views(network.encoder, features, Console(stderr=True)).of(list(rows), 1)
        found = network.probabilities(seen(np.arange(len(rows))))
        said = {row.id: share.tolist() for row, share in zip(rows, found, strict=True)}
        with tempfile.NamedTemporaryFile("w", dir=run, delete=False) as file:
            json.dump({"classes": classes_of(vocabulary), "told": said}, file)
        Path(file.name).rename(kept)
    whole = json.loads(kept.read_text())
    return {name: np.array(share) for name, share in whole["told"].items()}, tuple(whole["classes"])


def cross_validated(
    row: str, changes: str, seed: int, rows: list[Example], given: argparse.Namespace
) -> Chances | None:
    """Return what is told of every clip by a model that did not learn from its fold; None of what is not there.

    The classes come in alphabetical order.
    """
    found: Chances = {}
    for value in sorted({str(one.extra[given.folds]) for one in rows}):
        name = f"{row.replace(', ', '-').replace(' ', '_')}-{re.sub('[:/]', '_', given.encoder)}-{value}-{seed}"
        run, spec = Path(given.runs) / name, f"{given.folds}={value}"
        if given.dry and not (over(run) or (row in KERNELS and (run / "best").exists())):
            return None
        if row in KERNELS:
            found |= in_order(*fitted_chances(run, f"{changes} seed={seed}", held_out(rows, spec), given))
            continue
        recipe, sets = settled(changes, given.common)
        if not given.dry:
            trained(recipe, f"{sets} seed={seed}", [given.data], run, "--features", given.features, "--hold-out", spec)
        fold = [one for one in held_out(rows, spec) if one.split == "val"]
        found |= in_order(*chances_of(run, fold, Path(given.features)))
    return found


def in_order(said: Chances, classes: Sequence[str]) -> Chances:
    """Return what is told with the classes in alphabetical order."""
    order = sorted(range(len(classes)), key=lambda place: classes[place])
    return {clip: share[order] for clip, share in said.items()}


def fitted_chances(
    run: Path, changes: str, rows: Sequence[Example], given: argparse.Namespace
) -> tuple[Chances, tuple[str, ...]]:
    """Return what a model that is fitted at once tells of the rows that are held out, and the classes."""
    recipe, *sets = changes.split()
    if not (run / "best").exists():
        learn, judge = train_and_val(list(rows))
        fitted(recipes[recipe], sets, learn, judge, run, Path(given.features), Console(stderr=True))
    network: Any
    network, vocabulary, _ = rebuild(run / "best")  # one that compares movements, not what an encoder saw
    fold = [one for one in rows if one.split == "val"]
    store = motion_store(network.encoder, Path(given.features))
    told = network.probabilities(all_moves(store, [watched(one) for one in fold], lambda done, there: None))
    return {one.id: share for one, share in zip(fold, told, strict=True)}, classes_of(vocabulary)


def fused(rgb: Chances, flow: Chances, share: float) -> Chances:
    """Return the weighted mean of both, `share` of it of flow."""
    return {clip: (1 - share) * rgb[clip] + share * flow[clip] for clip in rgb}


def line(row: str, runs: Mapping[int, Chances], rows: Sequence[Example]) -> list[str]:
    """Return a row of the table: accuracy of each seed over all folds, their mean, and its interval."""
    names = sorted({one.labels[0] for one in rows})
    true = {one.id: one.labels[0] for one in rows}
    right = np.array([[names[share.argmax()] == true[clip] for clip, share in run.items()] for run in runs.values()])
    groups = {one.id: str(one.extra.get("group") or one.id) for one in rows}
    tally = accuracy_tally(right.mean(0).tolist(), [groups[clip] for clip in next(iter(runs.values()))])
    within = intervals([tally])["accuracy"]
    return [row, str(len(runs)), told(right.mean(1).tolist(), 3), f"{within.low:.3f} to {within.high:.3f}"]


def main() -> None:
    """Do what is left, seed by seed, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data")
    parser.add_argument("runs")
    parser.add_argument("--features", default="features")
    parser.add_argument("--encoder", default="efficientnet_lite0", help="of single frames; its options parted by +")
    parser.add_argument("--only", nargs="*", default=list(ROWS), choices=list(ROWS), metavar="NAME")
    parser.add_argument("--seeds", nargs="*", type=int, default=[0, 1, 2])
    parser.add_argument("--folds", default="fold", help="the field of the rows that says which fold they are of")
    parser.add_argument("--common", default=COMMON, help="settings of all rows, those of the row come before them")
    parser.add_argument("--dry", action="store_true", help="train nothing; print the table of what is there")
    given = parser.parse_args()
    rows = [row for row in as_learnt(read_dataset(given.data), "labeller") if row.labels and row.split != "test"]
    found: dict[str, dict[int, Chances]] = {row: {} for row in given.only}
    for seed in given.seeds:
        for row in given.only:
            if (said := cross_validated(row, ROWS[row].format(given.encoder), seed, rows, given)) is not None:
                found[row][seed] = said
    for row, (kind, share) in FUSED.items():
        rgb, flow = (found.get(f"{kind}, {stream}", {}) for stream in ("RGB", "flow"))
        found[row] = {seed: fused(rgb[seed], flow[seed], share) for seed in rgb if seed in flow}
    for row in given.only:
        recipe, changes = settled(ROWS[row].format(given.encoder), "" if row in KERNELS else given.common)
        sets = " ".join(settings_of(changes))
        print(f"{row}: watchword train {recipe} --data {given.data} --hold-out {given.folds}=… {sets} --set seed=…")
    told_rows = [line(row, runs, rows) for row, runs in found.items() if runs]
    print("\n" + table(["model", "seeds", "accuracy", "95 % interval"], told_rows))


if __name__ == "__main__":
    main()
