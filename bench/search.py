"""What search over words costs beside the decoder's own steps: `python bench/search.py`.

A made-up decoder reads its answers from tables and carries a state of a usual size; the time inside its
steps is taken off. "one by one" is a straightforward beam search, photo by photo, hypothesis by
hypothesis, which must say the same. "best" and "all" tell whether the decoder hands back its best words or
the scores of its whole vocabulary. Each time is the best of some runs, all in one process.
"""

import time
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from watchword.core.types import Features, Scores
from watchword.generation.constraints import Rules
from watchword.generation.search import SearchOptions, search

PHOTOS, VOCABULARY, NODES, WIDTH, CELLS = 32, 5000, 512, 512, 49
START, END, FORBIDDEN = 1, 2, (0, 1, 3)
MOST = 14  # words a sentence, so 15 steps
EXPONENT = 1.0  # ranks by the mean, so that no search stops before its last step
RUNS = 7


class TableDecoder:
    """Looks up the next word's probabilities by a node that the words lead to, and times itself."""

    def __init__(self, best_only: bool) -> None:
        """Make the tables, the same each time."""
        random = np.random.default_rng(0)
        logits = 3 * random.standard_normal((NODES, VOCABULARY))
        logits[:, END] += 8
        self.table = (logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))).astype(np.float32)
        self.order = np.argsort(-self.table, axis=1)
        self.best_only = best_only
        self.steps, self.seconds = 0, 0.0

    def start(self, features):
        """Return the first node of each photo, and empty states beside it."""
        photos = len(features.whole)
        state = {name: np.zeros((photos, 1, WIDTH), np.float32) for name in ("hidden", "cell")}
        state["looked"] = np.zeros((photos, 1, CELLS), np.float32)
        state["node"] = features.whole[:, :1].astype(np.int64)
        return None, state

    def step(self, words, memory, state, best=None):
        """Go to the next node and read its row, or the best of it."""
        began = time.perf_counter()
        node = (31 * state["node"] + 17 * words + 1) % NODES
        if self.best_only and best is not None:
            order = self.order[node, :best]
            scores = Scores(self.table[node[..., None], order], order)
        else:
            scores = Scores(self.table[node])
        self.steps += 1
        self.seconds += time.perf_counter() - began
        return scores, {**state, "node": node}


def one_by_one(decoder, features, rules, options):
    """Return the best sentence of each photo, by lists and loops."""
    return [
        beam_of_one(decoder, Features(*(part[[photo]] for part in features)), rules, options) for photo in range(PHOTOS)
    ]


def beam_of_one(decoder, features, rules, options):
    """Return the best sentence of one photo."""
    memory, state = decoder.start(features)
    beams: list[Any] = [((), 0.0, state)]
    ended: list[Any] = []
    for _ in range(rules.max_words + 1):
        offers: list[Any] = []
        for words, total, state in beams:
            last = np.array([[words[-1] if words else START]])
            scores, after = decoder.step(last, memory, state, best=options.beam + 1 + len(FORBIDDEN))
            log_probs = scores.log_probs[0, 0]
            choices = scores.words[0, 0] if scores.words is not None else np.argsort(-log_probs)[: options.beam + 4]
            values = log_probs if scores.words is not None else log_probs[choices]
            for word, value in zip(choices.tolist(), values.tolist(), strict=True):
                if word not in FORBIDDEN:
                    offers.append(((*words, word), total + value, after))
        offers.sort(key=lambda offer: -offer[1])
        ended += [offer for offer in offers[: options.beam] if offer[0][-1] == END]
        beams = [offer for offer in offers if offer[0][-1] != END][: options.beam]
    best = max(ended, key=lambda offer: offer[1] / len(offer[0]) ** options.length_normalization)
    return best[0][:-1]


def timed(work, decoder, *arguments):
    """Return the answer, the milliseconds outside the decoder's steps (best of some runs) and the steps of a run."""
    spent = []
    for _ in range(RUNS):
        decoder.steps, decoder.seconds, began = 0, 0.0, time.perf_counter()
        answer = work(decoder, *arguments)
        spent.append(time.perf_counter() - began - decoder.seconds)
    return answer, 1000 * min(spent), decoder.steps


def photos():
    """Return features that start each photo at a node of its own."""
    whole = np.arange(PHOTOS, dtype=np.float32)[:, None]
    return Features(whole, np.zeros((PHOTOS, 1, 1), np.float32), np.ones((PHOTOS, 1), bool))


def cases():
    """Yield name, rules, options, and whether the straightforward search can do the same."""
    plain = Rules(START, END, FORBIDDEN, MOST)
    beam = SearchOptions(length_normalization=EXPONENT)
    yield "beam 3", plain, beam, True
    yield "beam 10", plain, SearchOptions(beam=10, length_normalization=EXPONENT), True
    apart = SearchOptions(beam=6, length_normalization=EXPONENT, groups=3)
    yield "beam 6 in 3 groups", plain, apart, False
    yield "beam 3, no 3 words twice", Rules(START, END, FORBIDDEN, MOST, no_repeat_ngram=3), beam, False
    yield "beam 3, 2 words demanded", Rules(START, END, FORBIDDEN, MOST, must_include=(70, 80)), beam, False
    yield "greedy", plain, SearchOptions(beam=1), False
    yield "sampling", plain, SearchOptions(sample=True, seed=0), False
    yield "sampling, top 20", plain, SearchOptions(sample=True, seed=0, top_k=20), False


def measure(rules, options, comparable, best_only):
    """Return our milliseconds and steps, then those of the straightforward search or dashes, and the ratio."""
    decoder, features = TableDecoder(best_only), photos()
    found, ours, steps = timed(search, decoder, features, rules, options)
    if not comparable:
        return f"{ours:.1f}", str(steps), "-", "-", "-"
    said, theirs, their_steps = timed(one_by_one, decoder, features, rules, options)
    assert said == [photo[0].words for photo in found]
    return f"{ours:.1f}", str(steps), f"{theirs:.1f}", str(their_steps), f"{theirs / ours:.1f}x"


def main():
    """Print the table."""
    table = Table(title=f"{PHOTOS} photos, {VOCABULARY} words in the vocabulary: ms outside the steps")
    for heading in ("", "given", "ours", "steps", "one by one", "steps", "ratio"):
        table.add_column(heading, justify="left" if heading in ("", "given") else "right")
    for name, rules, options, comparable in cases():
        for best_only in (True, False):
            table.add_row(name, "best" if best_only else "all", *measure(rules, options, comparable, best_only))
    Console().print(table)


if __name__ == "__main__":
    main()
