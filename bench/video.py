"""Train the recipes of video sentences on clips with sentences, several seeds each, and compare them on the split test.

What is told of a clip is what a run's best checkpoint tells; it was chosen on the split val. Of the adversarial one
and its generator it is the last checkpoint, since the best by CIDEr-D may be from before the turns. "shuffled": the
frames of each clip in an order drawn by chance, in use alone. The interval is of 95 %, of the difference from mean
pooling in CIDEr-D, the mean over seeds, with clips of one scene (field group) drawn as a whole.
What is trained already is not done again, and a run that was stopped goes on.
Run: watchword data make-clips made/shapes --count 1500
     python bench/video.py made/shapes/clips.jsonl runs/video [--features features] [--only NAME ...] [--seeds 0 1 2]
     [--common "epochs=20 …"] [--dry]
"""

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from trainings import over, settings_of, settled, table, told, trained  # the script beside this one

from watchword.cli.views import Views
from watchword.core.types import Example
from watchword.data.readers.open import read_dataset
from watchword.generation.search import SearchOptions
from watchword.metrics.bootstrap import intervals
from watchword.metrics.classification import accuracy_tally
from watchword.metrics.scorer import Scorer
from watchword.recipes.base import rebuild
from watchword.training.model import CaptioningModel
from watchword.training.validation import in_batches, say

COMMON = "frozen=18 width=256 epochs=50 patience=15 average=0.98 dropout=0.3 warmup=50"
RGB, FLOW = "encoder=frames:of=efficientnet_lite0,count=16", "encoder=frames:of=efficientnet_lite0,count=16,stream=flow"
BASE = "mean pooling"
LONG = "patience=50 schedule=constant"
GENERATOR = f"attentive_video {RGB} {LONG}"  # that of the adversarial one, which learns alone first
ROWS = {
    BASE: f"mean_pooling {RGB}",
    "frame and class": f"frame_and_class {RGB}",
    "S2VT": f"s2vt word_width=256 {RGB}",
    "attentive": f"attentive_video attention=dot {RGB}",
    "attentive, hard": f"attentive_video attention=dot hard=true {RGB}",
    "consistent attention": f"consistent_attention {RGB}",
    "mean pooling, flow": f"mean_pooling {FLOW}",
    "S2VT, flow": f"s2vt word_width=256 {FLOW}",
    "attentive, flow": f"attentive_video attention=dot {FLOW}",
    "generator, before the turns": f"{GENERATOR} epochs=30",
    "generator, no turns": GENERATOR,
    "adversarial": f"adversarial_video generator=attentive {RGB} {LONG} generator_epochs=30 discriminator_epochs=3",
}
LAST = {name for name in ROWS if name.startswith(("generator", "adversarial"))}  # judged by what the last epoch made
ORDERS = ("in order", "shuffled")
BATCH = 64


def shown(rows: np.ndarray, order: str, random: np.random.Generator) -> np.ndarray:
    """Return what was seen of clips (B, T, W), the frames of each as they are or in another order."""
    if order == "in order":
        return rows
    return np.stack([clip[random.permutation(len(clip))] for clip in rows])


def said_by(run: Path, which: str, rows: list[Example], features: Path, beam: int) -> dict[str, dict[str, str]]:
    """Return of each order the sentence of each clip by its id, of the checkpoint `which`; kept beside the run."""
    kept = run / "said.json"
    if not kept.exists():
        model, vocabulary, _ = rebuild(run / which)
        assert isinstance(model, CaptioningModel)
        seen = Views(model.encoder, features, Console(stderr=True)).of(rows, 1)
        found: dict[str, dict[str, str]] = {}
        for order in ORDERS:
            random = np.random.default_rng(0)
            batches = (shown(seen(part), order, random) for part in in_batches(np.arange(len(rows)), BATCH))
            spoken = say(model, batches, vocabulary, SearchOptions(beam=beam))
            texts = [" ".join(vocabulary.decode(hypotheses[0].words)) for hypotheses in spoken]
            found[order] = {row.id: text for row, text in zip(rows, texts, strict=True)}
        draft = kept.with_suffix(".part")
        draft.write_text(json.dumps(found))
        draft.rename(kept)
    return dict(json.loads(kept.read_text()))


def runs_of(row: str, rows: list[Example], given: argparse.Namespace) -> dict[int, dict[str, dict[str, str]]]:
    """Train what is not trained yet; return what each seed says, in each order."""
    recipe, changes = settled(ROWS[row], given.common)
    found = {}
    for seed in given.seeds:
        run = Path(given.runs) / f"{row.replace(', ', '-').replace(' ', '_')}-{seed}"
        if given.dry and not over(run):
            continue
        if not given.dry:
            trained(recipe, f"{changes} seed={seed}", [given.data], run, "--features", given.features)
        found[seed] = said_by(run, "last" if row in LAST else "best", rows, Path(given.features), given.beam)
    return found


def line(row: str, runs: dict[int, dict[str, dict[str, str]]], base: np.ndarray | None, given: Any) -> list[str]:
    """Return a row of the table."""
    columns = [row, str(len(runs))]
    for order in ORDERS:
        scored = [given.scorer.score(said[order]) for said in runs.values()]
        columns += [told([one["CIDEr-D"] for one in scored], 3), told([one["BLEU-4"] for one in scored], 3)]
        if order == "in order":
            each = np.mean([one.per_image["CIDEr-D"] for one in scored], 0)
            within = None if base is None else intervals([accuracy_tally(each - base, given.groups)])["accuracy"]
    return [*columns, "" if within is None or row == BASE else f"{within.low:+.3f} to {within.high:+.3f}"]


def main() -> None:
    """Do what is left and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data")
    parser.add_argument("runs")
    parser.add_argument("--features", default="features")
    parser.add_argument("--only", nargs="*", default=list(ROWS), choices=list(ROWS), metavar="NAME")
    parser.add_argument("--seeds", nargs="*", type=int, default=[0, 1, 2])
    parser.add_argument("--common", default=COMMON, help="settings of all rows, those of the row come before them")
    parser.add_argument("--beam", type=int, default=3)
    parser.add_argument("--dry", action="store_true", help="train nothing; print the table of what is there")
    given = parser.parse_args()
    rows = [row for row in read_dataset(given.data) if row.split == "test" and row.path and row.sentences]
    given.groups = [str(row.extra.get("group") or row.id) for row in rows]
    given.scorer = Scorer({row.id: row.sentences for row in rows}, only=("CIDEr-D", "BLEU-4"))
    found = {row: runs for row in given.only if (runs := runs_of(row, rows, given))}
    base = None
    if BASE in found:
        alone = [given.scorer.score(said["in order"]).per_image["CIDEr-D"] for said in found[BASE].values()]
        base = np.mean(alone, 0)
    for row in given.only:
        recipe, changes = settled(ROWS[row], given.common)
        print(f"{row}: watchword train {recipe} --data {given.data} {' '.join(settings_of(changes))} --set seed=…")
    heads = ["model", "seeds", "CIDEr-D", "BLEU-4", "shuffled: CIDEr-D", "BLEU-4", "CIDEr-D beyond mean pooling"]
    print("\n" + table(heads, [line(row, runs, base, given) for row, runs in found.items()]))


if __name__ == "__main__":
    main()
