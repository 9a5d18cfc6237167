"""How long a step of training takes: against its matrix products alone, and against a straightforward loop.

Run: python bench/training.py [--dtype bfloat16] [--repeats 7]
Where other programs run too: OMP_NUM_THREADS=1 python bench/training.py --processor
"""

import argparse
import statistics
import time
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from watchword.core.types import Features
from watchword.data.batches import Batch
from watchword.decoders.attending import Attending
from watchword.training.model import CaptioningModel
from watchword.training.objectives import CrossEntropy
from watchword.training.optimizers import optimizer_for
from watchword.training.settings import Learning

B, K, T, W, C, F, V, HEADS = 64, 5, 14, 512, 49, 1280, 2700, 8


class PerStep(nn.Module):
    """The straightforward way: features copied for each sentence, a fused cell and an output layer a step."""

    def __init__(self) -> None:
        super().__init__()
        self.key, self.value, self.begin = nn.Linear(F, W, bias=False), nn.Linear(F, W), nn.Linear(F, 2 * W)
        self.query, self.gate = nn.Linear(W, W), nn.Linear(W, W)
        self.embedding, self.cell = nn.Embedding(V, W), nn.LSTMCell(2 * W, W)
        self.deep, self.output, self.dropout = nn.Linear(2 * W, W), nn.Linear(W, V), nn.Dropout(0.4)

    def forward(self, features: Features[Tensor], words: Tensor) -> Tensor:
        """Return logits (N, T, V) of words (N, T) about features that are there once for each sentence."""
        h, c = self.begin(self.dropout(features.whole)).tanh().chunk(2, -1)
        cells, said = self.dropout(features.cells), []
        keys, values = (layer(cells).unflatten(-1, (HEADS, -1)) for layer in (self.key, self.value))
        for t in range(words.shape[1]):
            queries = self.query(h).unflatten(-1, (HEADS, -1))
            weights = (torch.einsum("nhd,nchd->nhc", queries, keys) * (W // HEADS) ** -0.5).softmax(-1)
            context = torch.einsum("nhc,nchd->nhd", weights, values).flatten(1) * self.gate(h).sigmoid()
            embedded = self.dropout(self.embedding(words[:, t]))
            h, c = self.cell(torch.cat((embedded, context), -1), (h, c))
            said.append(self.output(self.dropout(torch.tanh(self.deep(torch.cat((h, context), -1)) + embedded))))
        return torch.stack(said, 1)


def products() -> list[tuple[int, tuple[int, ...], tuple[int, ...], int]]:
    """Return the matrix products of a step: how often, the two shapes, and passes (3; 2 where no gradient goes on)."""
    head = W // HEADS
    return [
        (2, (B * C, F), (F, W), 2),
        (1, (B, F), (F, 2 * W), 2),
        (1, (B * K * T, W), (W, 4 * W), 3),
        (2 * T, (B * K, W), (W, W), 3),
        (T, (B * K, 2 * W), (2 * W, 4 * W), 3),
        (T, (B * HEADS, K, head), (B * HEADS, head, C), 3),
        (T, (B * HEADS, K, C), (B * HEADS, C, head), 3),
        (1, (B * K * T, 2 * W), (2 * W, W), 3),
        (1, (B * K * T, W), (W, V), 3),
    ]


def multiply(dtype: torch.dtype) -> Callable[[], None]:
    """Return a function that does the products of a step and nothing else."""
    pairs = [
        (times, torch.randn(a, dtype=dtype), torch.randn(b, dtype=dtype), passes) for times, a, b, passes in products()
    ]

    def run() -> None:
        for times, a, b, passes in pairs:
            c = torch.empty((*a.shape[:-1], b.shape[-1]), dtype=dtype)
            for _ in range(times):
                torch.matmul(a, b, out=c)
                torch.matmul(a.mT, c)
                if passes == 3:
                    torch.matmul(c, b.mT)

    return run


def ours(dtype: str) -> Callable[[], None]:
    """Return a function that takes one step of the shipped recipe's decoder."""
    decoder = Attending(vocabulary=V, whole=F, cells=F, width=W, attention="dot", heads=HEADS, dropout=0.4, tied=True)
    model = CaptioningModel(nn.Identity(), decoder)
    learning = Learning(dtype=dtype)  # type: ignore[arg-type]
    optimizer, objective, features, batch = optimizer_for(model, learning), CrossEntropy(0.1), seen(), made()

    def run() -> None:
        with torch.autocast("cpu", torch.bfloat16, enabled=dtype == "bfloat16"):
            loss, _ = objective(decoder, features, batch)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(decoder.parameters(), 5.0)
        optimizer.step()

    return run


def straightforward() -> Callable[[], None]:
    """Return a function that takes one step the straightforward way, in float32."""
    decoder, batch = PerStep(), made()
    optimizer = torch.optim.AdamW(decoder.parameters(), lr=1e-3)
    repeated = Features(*(part.repeat_interleave(K, 0) for part in seen()))
    words, targets = (torch.from_numpy(a).flatten(0, 1) for a in (batch.words, batch.targets))

    def run() -> None:
        loss = functional.cross_entropy(decoder(repeated, words).flatten(0, 1), targets.flatten(), label_smoothing=0.1)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(decoder.parameters(), 5.0)
        optimizer.step()

    return run


def seen() -> Features[Tensor]:
    """Return features of B made photos."""
    cells = torch.rand(B, C, F)
    return Features(cells.mean(1), cells, torch.ones(B, C, dtype=torch.bool))


def made() -> Batch:
    """Return B photos with K made sentences of T words."""
    words = np.random.default_rng(0).integers(4, V, (B, K, T))
    numbers, views = np.tile(np.arange(K), (B, 1)), np.zeros(B, np.int64)
    return Batch([""] * B, np.arange(B), words, words, np.ones((B, K, T), bool), np.ones(B, np.float32), numbers, views)


def main() -> None:
    """Time the ways in turn, and print medians and ratios of one run."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--dtype", choices=("float32", "bfloat16"), default="bfloat16")
    arguments.add_argument("--repeats", type=int, default=7)
    arguments.add_argument("--processor", action="store_true", help="count the processor's time, not the clock's")
    given = arguments.parse_args()
    clock = time.process_time if given.processor else time.perf_counter
    ways = {
        "matrix products alone": multiply(getattr(torch, given.dtype)),
        "a step": ours(given.dtype),
        "a straightforward step": straightforward(),
    }
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for repeat in range(given.repeats + 1):
        for name, run in ways.items():
            started = clock()
            run()
            if repeat:
                seconds[name].append(clock() - started)
    step = statistics.median(seconds["a step"])
    print(f"{B} photos x {K} sentences x {T} words, {given.dtype}, {torch.get_num_threads()} threads")
    for name, times in seconds.items():
        middle = statistics.median(times)
        spread = f"{min(times):.2f}-{max(times):.2f}"
        print(f"{name:24} {middle:7.2f} s ({spread})   a step takes {step / middle:5.2f} of it")


if __name__ == "__main__":
    main()
