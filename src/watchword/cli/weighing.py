"""Weights of two models that describe together, chosen on a split: S2VT's alpha (paper 3, section 2.3.2.2)."""

from collections.abc import Iterator, Sequence

import numpy as np

from watchword.core.errors import SettingsError
from watchword.core.types import Example, Features
from watchword.data.played import watched
from watchword.generation.ensemble import Ensemble
from watchword.generation.search import search
from watchword.metrics.scorer import Scorer
from watchword.runtime.asking import Asked, alike_of, rules_and_options
from watchword.runtime.captioner import BATCH, Captioner
from watchword.runtime.together import Together

STEPS = 10  # alpha is tried in tenths
SEARCH = "search"  # what stands for weights that are to be chosen

Looked = tuple[Ensemble, Features[np.ndarray]]


def weighed(opened: Captioner, rows: Sequence[Example], asked: Asked) -> tuple[Together, dict[str, float]]:
    """Return two models with the weights that say the best sentences, and the CIDEr-D of every alpha that was tried.

    alpha is the first one's weight. Each clip or photo is looked at once, whatever the number of weights. Among
    equals the most even weights are taken. Photos that cannot be opened do not count.
    Raises `SettingsError` for another number of models, for parts of photos, and where nothing can be opened.
    """
    if not isinstance(opened, Together) or len(opened.members) != 2:
        raise SettingsError("--weights search chooses between two models: give first+second, or the weights, as in 1:2")
    if any(row.box for row in rows):
        raise SettingsError(
            "--weights search is for whole photos and clips, and some rows have boxes: give the weights"
        )
    kept = list[Example]()
    looked = list(_looked(opened, [row for row in rows if row.path], kept))
    if not kept:
        raise SettingsError("--weights search: none of the photos and clips could be opened")
    scorer = Scorer({row.id: row.sentences for row in kept}, only=("CIDEr-D",))
    tried: dict[str, float] = {}
    for tenths in range(STEPS + 1):
        texts = _said(opened, looked, [tenths, STEPS - tenths], asked)
        said = dict(zip((row.id for row in kept), texts, strict=True))
        tried[f"{tenths / STEPS:g}"] = scorer.score(said)["CIDEr-D"]
    best = max(tried, key=lambda alpha: (tried[alpha], -abs(float(alpha) - 0.5)))
    return opened.weighed([float(best), round(1 - float(best), 6)]), tried


def _looked(opened: Together, rows: Sequence[Example], kept: list[Example]) -> Iterator[Looked]:
    """Yield what both models see, batch by batch, and put the rows that could be opened into `kept`."""
    given = iter(rows)
    for batch in opened.decoded([watched(row) for row in rows], BATCH):
        pixels = []
        for (_, seen), row in zip(batch, given, strict=False):
            if isinstance(seen, np.ndarray):
                pixels.append(seen)
                kept.append(row)
        if pixels:
            stepper, features, _ = opened.look(np.stack(pixels))
            assert isinstance(stepper, Ensemble)
            yield stepper, features


def _said(opened: Together, looked: Sequence[Looked], weights: Sequence[float], asked: Asked) -> list[str]:
    """Return the sentence of each row, as the models say it with these weights."""
    rules, options = rules_and_options(asked, 1, opened.manifest.search, opened.vocabulary)
    alike, draws = alike_of(asked, opened.vocabulary), np.random.default_rng(options.seed)
    return [
        " ".join(opened.vocabulary.decode(found[0].words))
        for stepper, features in looked
        for found in search(stepper.weighed(weights), features, rules, options, draws, alike)
    ]
