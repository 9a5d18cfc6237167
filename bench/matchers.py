"""Train every matcher on one data set, several seeds each, rank what belongs together, and print the table.

What is trained or ranked already is not done again, and a run that was stopped goes on. Hours on two cores.
Run: python bench/matchers.py flickr8k runs/matchers [--features features] [--only NAME ...] [--seeds 0 1 2] [--dry]
     [--likelihood CHECKPOINT ...]
"""

import argparse
from pathlib import Path
from typing import Any

from trainings import done, scored, settings_of, settled, table, told  # the script beside this one

COMMON = "views=6 epochs=10 average=0.99 width=256 patience=10"
PARTS = "encoder=regions:of=efficientnet_lite0 frozen=18"  # paper 5's number of boxes, pooled from one pass
FINER = "encoder=regions:of=efficientnet_lite0:size={} frozen=18"  # pooled from one pass over more pixels
CROPPED = "encoder=regions:of=efficientnet_lite0,way=cropped frozen=18"  # one pass for each box, an hour in all
PLACES = "frozen=18"  # the encoder's own 7 x 7 cells
ROWS = {
    "joint_embedding, sum": f"joint_embedding {PLACES}",
    "joint_embedding, hardest": f"joint_embedding {PLACES} hardest=true reader=gated",
    "deep_alignments, equation 7": f"deep_alignments {PARTS} score=all_regions margin=40",  # at 1 all scores become 0
    "deep_alignments, equation 8": f"deep_alignments {PARTS}",
    "deep_alignments, equation 8, AdamW": f"deep_alignments {PARTS} optimizer=adamw learning_rate=5e-4",
    "contrastive_alignments, whole picture": f"contrastive_alignments {PLACES} score=whole",
    "contrastive_alignments, 19 boxes": f"contrastive_alignments {PARTS}",
    "contrastive_alignments, 19 boxes, one look": f"contrastive_alignments {PARTS} views=1",
    "contrastive_alignments, 19 boxes of 320 pixels, one look": f"contrastive_alignments {FINER.format(320)} views=1",
    "contrastive_alignments, 19 boxes of 384 pixels, one look": f"contrastive_alignments {FINER.format(384)} views=1",
    "contrastive_alignments, 19 boxes cropped, one look": f"contrastive_alignments {CROPPED} views=1",
}
FIGURES = [f"{way}_{figure}" for way in ("i2t", "t2i") for figure in ("r1", "r5", "r10", "median")]


def line(row: str, runs: list[dict[str, Any]]) -> list[str]:
    """Return a row of the table."""
    scores = [told([run[name] for run in runs], 1 if name.endswith("median") else 3) for name in FIGURES]
    return [row, str(len(runs)), *scores, told([run["minutes"] for run in runs], 0) if "minutes" in runs[0] else ""]


def likely(checkpoints: list[Path], arguments: argparse.Namespace) -> list[list[str]]:
    """Return rows of captioners that rank by likelihood: as it stands, and less its mean over the photos."""
    found = [scored(path, arguments.data, "likelihood.json", "--likelihood") for path in checkpoints]
    if not found:
        return []
    return [
        line("likelihood of a captioner", [run["likelihood"] for run in found]),
        line("likelihood, less the logarithm of its mean", found),
        line("likelihood, less the mean of its logarithms", [run["less_mean_log"] for run in found]),
    ]


def main() -> None:
    """Do what is left, seed by seed, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data")
    parser.add_argument("runs")
    parser.add_argument("--features", default="features")
    parser.add_argument("--only", nargs="*", default=list(ROWS), choices=list(ROWS), metavar="NAME")
    parser.add_argument("--seeds", nargs="*", type=int, default=[0, 1, 2])
    parser.add_argument(
        "--likelihood", nargs="*", type=Path, default=[], help="captioners that rank, half an hour each"
    )
    parser.add_argument("--dry", action="store_true", help="train nothing; print the table of what is there")
    arguments = parser.parse_args()
    found: dict[str, list[dict[str, Any]]] = {row: [] for row in arguments.only}
    for seed in arguments.seeds:
        for row in arguments.only:
            if figures := done(row, ROWS[row], COMMON, seed, arguments):
                found[row].append(figures)
    for row in arguments.only:
        recipe, changes = settled(ROWS[row], COMMON)
        print(f"{row}: watchword train {recipe} --data {arguments.data} {' '.join(settings_of(changes))} --set seed=…")
    rows = [line(row, runs) for row, runs in found.items() if runs] + likely(arguments.likelihood, arguments)
    print("\n" + table(["matcher", "seeds", *FIGURES, "minutes"], rows))


if __name__ == "__main__":
    main()
