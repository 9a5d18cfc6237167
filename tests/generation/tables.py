"""Decoders made of random tables, for tests and benches: any vocabulary, no network behind them."""

import numpy as np

from watchword.core.types import Arrays, Features, Scores
from watchword.generation.constraints import Rules

PAD, START, END, UNKNOWN = 0, 1, 2, 3
LONGEST = 8  # how many words back `looked` remembers


class TableStepper:
    """A decoder whose next-word probabilities are looked up by photo and by a node that the words lead to.

    Photos are told apart by `features.whole[:, 0]`, the seed of their table (nodes, V).
    handing: "all" scores every word in order; "asked" hands back as many of the likeliest as it is asked
        for; a number hands back that many whatever is asked, as a graph with a fixed output does.
    sharpness: of the tables' random logits. zeros: share of words that are impossible at each node.
    ending: added to the logit of the end.
    `looked` holds the last words that were read plus one, the latest at the end: (B, K, LONGEST).
    `asked` records the `best` of each call.
    """

    def __init__(self, vocabulary=6, handing="all", sharpness=1.5, nodes=1009, zeros=0.0, ending=0.0):
        self.vocabulary, self.handing, self.nodes = vocabulary, handing, nodes
        self.sharpness, self.zeros, self.ending = sharpness, zeros, ending
        self.asked: list[int | None] = []

    def table(self, seed: int) -> np.ndarray:
        """Return the log-probabilities (nodes, V) float32 of the photo with this seed."""
        random = np.random.default_rng(seed)
        logits = self.sharpness * random.standard_normal((self.nodes, self.vocabulary))
        logits[:, END] += self.ending
        impossible = random.random(logits.shape) < self.zeros
        impossible[:, END] = False
        logits[impossible] = -np.inf
        return (logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))).astype(np.float32)

    def move(self, node: np.ndarray, words: np.ndarray) -> np.ndarray:
        """Return where the words lead to from each node."""
        return (31 * node + 17 * words + 1) % self.nodes

    def start(self, features: Features) -> tuple[np.ndarray, Arrays]:
        """Return the tables (B, nodes, V), and the first node of each photo."""
        tables = np.stack([self.table(int(seed)) for seed in features.whole[:, 0]])
        photos = len(tables)
        return tables, {"node": np.zeros((photos, 1), np.int64), "looked": np.zeros((photos, 1, LONGEST), np.float32)}

    def step(self, words: np.ndarray, memory: np.ndarray, state: Arrays, best: int | None = None):
        """Go to the next node and read its row."""
        self.asked.append(best)
        node = self.move(state["node"], words)
        log_probs = memory[np.arange(len(words))[:, None], node]
        looked = np.concatenate([state["looked"][..., 1:], words[..., None].astype(np.float32) + 1], axis=-1)
        after = {"node": node, "looked": looked}
        if self.handing == "all" or best is None:
            return Scores(log_probs), after
        handed = min(self.vocabulary, best if self.handing == "asked" else self.handing)
        order = np.argsort(-log_probs, axis=-1, kind="stable")[..., :handed]
        return Scores(np.take_along_axis(log_probs, order, axis=-1), order), after


class ScriptedStepper(TableStepper):
    """A decoder that gives the n-th next word the probabilities of the n-th row, then of the last, whatever is said."""

    def __init__(self, *rows, handing="all"):
        super().__init__(vocabulary=len(rows[0]), handing=handing, nodes=len(rows) + 1)
        with np.errstate(divide="ignore"):
            self.rows = np.log(np.array([rows[0], *rows], dtype=np.float32))

    def table(self, seed: int) -> np.ndarray:
        """Return the rows; the first is where a photo starts, and is never read."""
        return self.rows

    def move(self, node: np.ndarray, words: np.ndarray) -> np.ndarray:
        """Go to the next row."""
        return np.minimum(node + 1, self.nodes - 1)


def photos(*seeds: int) -> Features[np.ndarray]:
    """Return the features of photos whose tables have these seeds."""
    count = len(seeds)
    whole = np.array(seeds, dtype=np.float32).reshape(count, 1)
    return Features(whole, np.zeros((count, 1, 1), np.float32), np.ones((count, 1), bool))


def rules(**changes) -> Rules:
    """Return rules over a vocabulary that opens with padding, start, end and unknown, in that order."""
    return Rules(**{"start": START, "end": END, "forbidden": (PAD, UNKNOWN), "max_words": 4, **changes})
