"""Train every recipe on one data set, several seeds each, score what they say, and print the table.

What is trained or scored already is not done again, and a run that was stopped goes on. Hours on two cores:
`--only` takes some rows, `--seeds` some seeds; the table shows what there is.
Run: python bench/table.py flickr8k runs/table [--features features] [--only NAME ...] [--seeds 0 1 2] [--dry]
"""

import argparse
from typing import Any

from trainings import done, settings_of, settled, table, told  # the script beside this one

COMMON = "views=6 epochs=6 average=0.99 dropout=0.4 patience=10"
UNITS = 18  # of EfficientNet-Lite0: with all of them frozen, what they see is kept and no step pays for them
ROWS = {
    "neuraltalk": "neuraltalk width=256 epochs=12",
    "security_captioner, RNN": "security_captioner cell=tanh width=256 epochs=12",
    "security_captioner, LSTM": "security_captioner width=256 epochs=12",
    "lrcn_captioner, 1 layer": "lrcn_captioner layers=1 factored=false width=256",
    "lrcn_captioner, 2 layers": "lrcn_captioner factored=false width=256",
    "lrcn_captioner, 2 layers, factored": "lrcn_captioner width=256",
    "lrcn_captioner, 4 layers": "lrcn_captioner layers=4 factored=false width=256",
    "lrcn_captioner, 4 layers, factored": "lrcn_captioner layers=4 width=256",
    "show_tell, frozen": "show_tell width=256 epochs=10",
    "show_tell, joint": "show_tell encoder_rate=2e-4 encoder_start=2 width=256 epochs=10",
    "show_attend_tell, soft": "show_attend_tell attention=dot",
    "show_attend_tell, hard": "show_attend_tell attention=dot hard=true",
    "show_attend_tell, soft, additive": "show_attend_tell",
    "show_attend_tell, hard, additive": "show_attend_tell hard=true",
    "show_attend_tell, soft, joint": "show_attend_tell attention=dot encoder_rate=2e-4 encoder_start=1",
    "top_down, joint": "top_down encoder_rate=2e-4 encoder_start=1",
    "attention_on_attention, joint": "attention_on_attention encoder_rate=2e-4 encoder_start=1",
}
FIGURES = ("BLEU-1", "BLEU-2", "BLEU-3", "BLEU-4", "METEOR", "ROUGE-L", "CIDEr-D")
REST = ("minutes", "MB", "photos_per_second")


def row_of(name: str) -> str:
    """Return a row's recipe and settings, what is frozen among them."""
    return ROWS[name] if "joint" in name else f"{ROWS[name]} frozen={UNITS}"


def line(row: str, runs: list[dict[str, Any]]) -> list[str]:
    """Return a row of the table."""
    scores = [told([run[name] for run in runs], 3) for name in FIGURES]
    novel = told([100 * (1 - run["in_training_set"]) for run in runs], 0)
    return [row, str(len(runs)), *scores, f"{novel} %", *(told([run[name] for run in runs], 0) for name in REST)]


def main() -> None:
    """Do what is left, seed by seed, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data")
    parser.add_argument("runs")
    parser.add_argument("--features", default="features")
    parser.add_argument("--only", nargs="*", default=list(ROWS), choices=list(ROWS), metavar="NAME")
    parser.add_argument("--seeds", nargs="*", type=int, default=[0, 1, 2])
    parser.add_argument(
        "--dry", action="store_true", help="train nothing; print commands, and the table of what is there"
    )
    arguments = parser.parse_args()
    found: dict[str, list[dict[str, Any]]] = {row: [] for row in arguments.only}
    for seed in arguments.seeds:
        for row in arguments.only:
            if figures := done(row, row_of(row), COMMON, seed, arguments, "--predictions", "{}/said.json"):
                found[row].append(figures)
    for row in arguments.only:
        recipe, changes = settled(row_of(row), COMMON)
        sets = " ".join(settings_of(changes))
        print(f"{row}: watchword train {recipe} --data {arguments.data} {sets} --set seed=…")
    heads = ["recipe", "seeds", *FIGURES, "novel", *REST]
    print("\n" + table(heads, [line(row, runs) for row, runs in found.items() if runs]))


if __name__ == "__main__":
    main()
