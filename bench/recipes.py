"""How long a step of training takes in each recipe's decoder, against its own matrix products alone.

The products are written down while a step runs, forward and backward, and then done again by themselves.
Run: python bench/recipes.py [--recipes top_down lrcn_captioner,layers=4] [--dtype bfloat16] [--repeats 5] [--processor]
"""

import argparse
import statistics
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import torch
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode

from training import B, K, T, V, made, seen  # the script beside this one
from watchword.core.settings import override
from watchword.data.vocabulary import END, PAD, START, UNKNOWN, Vocabulary
from watchword.recipes import recipes
from watchword.training.model import CaptioningModel
from watchword.training.objectives import CrossEntropy
from watchword.training.optimizers import optimizer_for

CAPTIONERS = (
    "show_tell",
    "neuraltalk",
    "security_captioner",
    "security_captioner,cell=tanh",
    "lrcn_captioner",
    "lrcn_captioner,layers=4",
    "show_attend_tell",
    "show_attend_tell,attention=dot",
    "show_attend_tell,hard=true",
    "top_down",
    "attention_on_attention",
)
PRODUCTS = {torch.ops.aten.mm: (0, 1), torch.ops.aten.bmm: (0, 1), torch.ops.aten.addmm: (1, 2)}
Product = tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...], tuple[int, ...], torch.dtype]


class Written(TorchDispatchMode):
    """Writes down every matrix product: shapes, strides and type of both sides."""

    def __init__(self) -> None:
        """Begin with an empty list."""
        super().__init__()
        self.products: Counter[Product] = Counter()

    def __torch_dispatch__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Do what was asked for, and note it if it is a product."""
        if (places := PRODUCTS.get(function.overloadpacket)) is not None:
            a, b = (args[place] for place in places)
            self.products[(a.shape, b.shape, a.stride(), b.stride(), a.dtype)] += 1
        return function(*args, **kwargs or {})


WORDS = Vocabulary((PAD, START, END, UNKNOWN, *(f"w{i}" for i in range(V - 4))))


def built(name: str, changes: list[str], dtype: str) -> tuple[Any, Any, Any]:
    """Return a recipe, its settings, and its model with random weights."""
    recipe = recipes[name]
    settings: Any = override(recipe.settings(), [f"dtype={dtype}", *changes])
    return recipe, settings, recipe.build(settings, WORDS)


def step_of(name: str, changes: list[str], dtype: str) -> Callable[[], None]:
    """Return a function that takes one step of a recipe's decoder, its encoder left out."""
    recipe, settings, whole = built(name, changes, dtype)
    decoder = whole.decoder
    model = CaptioningModel(nn.Identity(), decoder)
    objective = recipe.objective(settings) or CrossEntropy(settings.label_smoothing)
    batch, features = made(), seen()
    optimizer = optimizer_for(model, settings)

    def run() -> None:
        with torch.autocast("cpu", torch.bfloat16, enabled=dtype == "bfloat16"):
            loss, _ = objective(decoder, features, batch)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(decoder.parameters(), 5.0)
        optimizer.step()

    return run


def products_of(step: Callable[[], None]) -> Callable[[], None]:
    """Return a function that does the matrix products of a step and nothing else."""
    with Written() as written:
        step()
    pairs = []
    for (a, b, a_strides, b_strides, dtype), times in written.products.items():
        sides = [torch.randn(a).to(dtype), torch.randn(b).to(dtype)]
        for side, (shape, strides) in enumerate(((a, a_strides), (b, b_strides))):
            if strides[-1] != 1 and shape[-1] != 1:  # read the other way round, as the step does
                sides[side] = sides[side].mT.contiguous().mT
        pairs.append((*sides, torch.empty((*a[:-1], b[-1]), dtype=dtype), times))

    def run() -> None:
        for a, b, c, times in pairs:
            for _ in range(times):
                torch.matmul(a, b, out=c)

    return run


def medians(ways: list[Callable[[], None]], repeats: int, clock: Callable[[], float]) -> list[float]:
    """Return the median seconds of each way, done in turn some times after one that does not count."""
    seconds: list[list[float]] = [[] for _ in ways]
    for _ in range(repeats + 1):
        for way, times in zip(ways, seconds, strict=True):
            started = clock()
            way()
            times.append(clock() - started)
    return [statistics.median(times[1:]) for times in seconds]


def main() -> None:
    """Print a row for each recipe: seconds of a step, of its products, and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recipes", nargs="+", default=CAPTIONERS, metavar="NAME[,SETTING=VALUE]")
    parser.add_argument("--dtype", choices=("float32", "bfloat16"), default="bfloat16")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--processor", action="store_true", help="count processor time: for a machine that is busy")
    given = parser.parse_args()
    clock = time.process_time if given.processor else time.perf_counter
    print(f"{B} photos x {K} sentences x {T} words, {given.dtype}, {torch.get_num_threads()} threads")
    for asked in given.recipes:
        name, *changes = asked.split(",")
        step = step_of(name, changes, given.dtype)
        one, alone = medians([step, products_of(step)], given.repeats, clock)
        print(f"{asked:44} step {one:6.2f} s, products {alone:6.2f} s, ratio {one / alone:5.2f}", flush=True)


if __name__ == "__main__":
    main()
