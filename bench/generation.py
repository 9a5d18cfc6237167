"""How many sentences a second a decoder says, and how many it learns from; features lie in memory.

Each recipe's decoder with random weights, V words: beam 5, one photo at a time and 50 together, through PyTorch
and through the exported graphs, all ways in turn in one process. Random weights hardly ever say the end, so every
sentence is made to have 11 words, about what people write. Training: a step of bench/recipes.py.

For scale, what a published attention captioner for PyTorch says of features of this kind: 8.5 captions a second
one at a time and 20 in batches of 50 (beam 5), and 63 to 75 learnt from on one core. The floor is five times each.

Run: python bench/generation.py [--recipes top_down show_attend_tell,attention=dot] [--repeats 5]
Where other programs run too: OMP_NUM_THREADS=1 python bench/generation.py --processor
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch

from recipes import CAPTIONERS, WORDS, B, K, V, built, medians, seen, step_of  # the script beside this one
from watchword.core.types import Features, Stepper
from watchword.generation.search import SearchOptions, search
from watchword.runtime.sessions import Session
from watchword.runtime.stepper import OnnxStepper
from watchword.training.graphs import export_graphs
from watchword.training.stepper import TorchStepper
from watchword.training.validation import rules_for

BEAM, LENGTH, TOGETHER, ALONE = 5, 11, 50, 10  # ALONE: photos that are described one after the other


def steppers_of(model: Any) -> dict[str, Stepper]:
    """Return the two ways to run a model's decoder."""
    threads = torch.get_num_threads()
    with tempfile.TemporaryDirectory() as folder:
        export_graphs(model, Path(folder), half=False)
        start, step = (
            Session(name, (Path(folder) / name).read_bytes(), threads) for name in ("start.onnx", "step.onnx")
        )
    return {"torch": TorchStepper(model.decoder), "ONNX": OnnxStepper(start, step, len(WORDS))}


def said(stepper: Stepper, features: Features[np.ndarray], together: int) -> Callable[[], None]:
    """Return a function that describes all the photos, so many at a time."""
    rules = rules_for(WORDS, max_words=LENGTH, min_words=LENGTH)
    photos = len(features.whole)
    parts = [Features(*(part[at : at + together] for part in features)) for at in range(0, photos, together)]

    def run() -> None:
        for part in parts:
            found = search(stepper, part, rules, SearchOptions(beam=BEAM))
            assert all(len(photo[0].words) == LENGTH for photo in found)

    return run


def measure(asked: str, dtype: str, repeats: int, clock: Callable[[], float]) -> tuple[list[float], float]:
    """Return captions a second: one at a time and together, through torch, then ONNX; and those learnt from."""
    name, *changes = asked.split(",")
    _, _, model = built(name, changes, dtype)
    many = Features(*(part[:TOGETHER].numpy() for part in seen()))
    few = Features(*(part[:ALONE] for part in many))
    ways = []
    for stepper in steppers_of(model).values():
        ways += [said(stepper, few, 1), said(stepper, many, TOGETHER)]
    seconds = medians([*ways, step_of(name, changes, dtype)], repeats, clock)
    counts = (ALONE, TOGETHER, ALONE, TOGETHER)
    return [count / each for count, each in zip(counts, seconds, strict=False)], B * K / seconds[-1]


def main() -> None:
    """Print a row for each recipe."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recipes", nargs="+", default=CAPTIONERS, metavar="NAME[,SETTING=VALUE]")
    parser.add_argument("--dtype", choices=("float32", "bfloat16"), default="bfloat16", help="of the training step")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--processor", action="store_true", help="count processor time: for a machine that is busy")
    given = parser.parse_args()
    clock = time.process_time if given.processor else time.perf_counter
    print(f"captions a second, {V} words, beam {BEAM}, {LENGTH} words a sentence, {torch.get_num_threads()} threads")
    print(
        f"{'':32} {'torch: 1':>10} {TOGETHER:>6} {'ratio':>6} {'ONNX: 1':>10} {TOGETHER:>6} {'ratio':>6} {'learnt':>8}"
    )
    for asked in given.recipes:
        (one, many, one_graph, many_graph), learnt = measure(asked, given.dtype, given.repeats, clock)
        torch_, onnx = (f"{a:10.1f} {b:6.0f} {b / a:6.1f}" for a, b in ((one, many), (one_graph, many_graph)))
        print(f"{asked:32} {torch_} {onnx} {learnt:8.0f}", flush=True)


if __name__ == "__main__":
    main()
