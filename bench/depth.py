"""Paper 1's study: plain CNNs of 6 to 16 layers, trained on the classes of one data set; their 512 principal
axes; sentences by an LSTM and by an RNN, on that data set and on others.

What is there already is not done again. The figure is `watchword analyse runs`.
Run: python bench/depth.py ucm_captions runs/depth [--also flickr8k] [--depths 6 8 ...] [--seeds 0 1 2]
     [--epochs 30] [--also-epochs 12]
"""

import argparse
import re
from pathlib import Path

from trainings import scored, settings_of, table, told, trained, watchword  # the script beside this one

DEPTHS = (6, 8, 10, 12, 14, 16)
CELLS = {"LSTM": "lstm", "RNN": "tanh"}
CHANNELS, CLASSIFIER = 16, "epochs=20"
SENTENCES = "width=256 views=2 average=0.98 dropout=0.4 patience=10"
FIGURES = ("BLEU-1", "BLEU-4", "METEOR", "CIDEr-D")


def encoder(labelled: str, runs: Path, depth: int, seed: int, features: str) -> tuple[str, float]:
    """Train a CNN and its axes; return the encoder's name and how many of the held-back photos it tells right."""
    weights, axes = (runs / f"cnn{depth}-{seed}.{kind}" for kind in ("safetensors", "npz"))
    log = weights.with_suffix(".log")
    if not weights.exists():
        sets = settings_of(f"{CLASSIFIER} seed={seed}")
        form = ["--depth", str(depth), "--channels", str(CHANNELS)]
        watchword(["encoder", "train", "--data", labelled, *form, "--output", str(weights), *sets], log, mode="w")
    if not axes.exists():
        frozen = ["--frozen", str(depth - 1), "--features", features]
        watchword(
            ["encoder", "pca", f"plain_cnn:weights={weights}", "--data", labelled, "--output", str(axes), *frozen], log
        )
    right = max(float(share) for share in re.findall(r"accuracy (\d\.\d+)", log.read_text()))
    return f"plain_cnn:weights={weights},pca={axes}", right


def main() -> None:
    """Do what is left and print a table for each data set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data")
    parser.add_argument("runs", type=Path)
    parser.add_argument("--also", nargs="*", default=[])
    parser.add_argument("--features", default="features")
    parser.add_argument("--depths", nargs="*", type=int, default=DEPTHS)
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--also-epochs", type=int, default=12, help="of the other data sets, which are larger")
    parser.add_argument("--seeds", nargs="*", type=int, default=[0, 1, 2])
    given = parser.parse_args()
    given.runs.mkdir(parents=True, exist_ok=True)
    for data in (given.data, *given.also):
        rows, epochs = [], given.epochs if data == given.data else given.also_epochs
        for depth in given.depths:
            named = [encoder(given.data, given.runs, depth, seed, given.features) for seed in given.seeds]
            for shown, cell in CELLS.items():
                runs = []
                for seed, (name, _) in zip(given.seeds, named, strict=True):
                    folder = given.runs / Path(data).name / f"{shown}-{depth}-{seed}"
                    changes = f"encoder={name} frozen={depth - 1} cell={cell} seed={seed} epochs={epochs} {SENTENCES}"
                    best = trained("security_captioner", changes, [data], folder, "--features", given.features)
                    runs.append(scored(best, data))
                figures = [told([run[figure] for run in runs], 3) for figure in FIGURES]
                rows.append([str(depth), shown, told([100 * right for _, right in named], 1) + " %", *figures])
        print(f"\n{Path(data).name}\n")
        print(table(["depth", "decoder", "classes told right", *FIGURES], rows), flush=True)


if __name__ == "__main__":
    main()
