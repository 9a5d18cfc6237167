"""Photos and sentences ranked by a captioner: how likely it finds a sentence of a photo."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console

from watchword.core.errors import BundleError, DataError
from watchword.core.types import Example

PHOTOS = 8  # at a time


def ranked_by_likelihood(model: str, rows: Sequence[Example], console: Console) -> dict[str, Any]:
    """Return recall and median rank both ways over photos and their sentences.

    The figures are of the likelihood less its mean over the photos (`alignment.likelihood`); under "likelihood",
    of the likelihood as it stands. Raises `BundleError` for anything but a checkpoint of a captioner: bundles give
    the likeliest words alone, not those of a given sentence.
    """
    if not (Path(model) / "checkpoint.json").is_file():
        raise BundleError(f"{model!r} is no checkpoint: --likelihood takes what training wrote, as in runs/mine/best")
    from watchword.alignment.likelihood import relative_likelihood
    from watchword.cli.progress import counted
    from watchword.cli.views import Views
    from watchword.data.words import tokenize
    from watchword.metrics.ranking import both_ways
    from watchword.recipes.base import described, rebuild
    from watchword.training.likelihood import log_likelihoods

    recipe, settings, about = described(Path(model))
    if not recipe.says:
        raise BundleError(f"{model!r} is a {recipe.kind}, which finds no sentence likely: leave out --likelihood")
    told = [row for row in rows if row.path and row.sentences]
    if not told:
        raise DataError("no photo has a sentence: there is nothing to rank")
    network, vocabulary, _ = rebuild(Path(model))
    sentences = [vocabulary.encode(tokenize(text))[: settings.max_words] for row in told for text in row.sentences]
    owner = np.repeat(np.arange(len(told)), [len(row.sentences) for row in told])
    with tempfile.TemporaryDirectory() as folder:
        views = Views(network.encoder, Path(folder), console, about.get("regions", "cropped"))
        seen = views.of(told, 1)
        places = [np.arange(first, min(first + PHOTOS, len(told))) for first in range(0, len(told), PHOTOS)]
        found = log_likelihoods(
            network,
            map(seen, places),
            sentences,
            start=vocabulary.start,
            end=vocabulary.end,
            dtype=settings.dtype,
        )
        parts = list[np.ndarray]()
        with counted() as count:
            for part in found:
                parts.append(part)
                count(sum(map(len, parts)), len(told))
        table = np.concatenate(parts)
    return {
        **both_ways(relative_likelihood(table), owner),
        "less_mean_log": both_ways(relative_likelihood(table, mean="logs"), owner),
        "likelihood": both_ways(table, owner),
        "photos": len(told),
        "sentences": len(sentences),
    }
