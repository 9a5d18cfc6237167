"""From bundle back to checkpoint: the weights that its graphs hold, by the names that they were trained under."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from watchword.cli.bundling import to_folder
from watchword.core.errors import BundleError, DataError, SettingsError
from watchword.core.settings import read_settings
from watchword.encoders.weights import numbers_of_graph, of_encoder, weights_of_graph
from watchword.recipes import Recipe, recipes
from watchword.runtime.bundle import Bundle, manifest_of
from watchword.runtime.captioner import Captioner
from watchword.runtime.manifest import GRAPHS, Manifest
from watchword.training import checkpoints

WORDS = 6  # that two models say to be compared


def unpacked(bundle: str, folder: Path) -> Recipe:
    """Write the captioner of a bundle into a folder as a checkpoint, and return its recipe.

    What describing does not read (a discriminator, a baseline, counters of batch normalisation) is in no graph, and
    is as it was built. That nothing else is missing or other than it was is made sure of by exporting the checkpoint
    again: its graphs have to hold the same numbers, and to say the same with the same probabilities.

    Raises `BundleError` for a bundle of another kind, and where its settings or graphs are none of this version's.
    """
    if not isinstance(manifest_of(bundle), Manifest):
        raise BundleError(f"{bundle!r} is no captioner; other models are trained on from their checkpoints alone")
    opened = Bundle.open(bundle)
    manifest = opened.manifest
    recipe = recipes[manifest.recipe]
    if not recipe.says:
        raise BundleError(f"{bundle!r} says that it is a captioner of the recipe {recipe.name!r}, which says nothing")
    try:
        settings = read_settings(recipe.settings, manifest.settings)
    except SettingsError as problem:
        raise BundleError(f"{bundle!r}: this version cannot read its settings: {problem}") from None
    try:
        model: Any = recipe.build(settings, opened.vocabulary)
    except (DataError, SettingsError) as problem:
        raise BundleError(f"{bundle!r}: its model cannot be built here: {problem}") from None
    except RuntimeError:  # for want of memory
        raise _other(bundle) from None
    _fill(model, opened.graphs, bundle)
    description = {"recipe": recipe.name, "settings": dataclasses.asdict(settings), "unpacked": bundle}
    description |= {"regions": manifest.regions} if manifest.regions else {}
    checkpoints.save(folder, model, description, opened.vocabulary)
    with TemporaryDirectory() as place:
        again = Path(place) / "again"
        again.mkdir()
        to_folder(folder, again, half=False)
        written = Bundle.open(again)
    if any(numbers_of_graph(written.graphs[name]) != numbers_of_graph(opened.graphs[name]) for name in GRAPHS):
        raise _other(bundle)
    if not _alike(Captioner(opened), Captioner(written)):
        raise _other(bundle)
    return recipe


def _fill(model: Any, graphs: Mapping[str, bytes], bundle: str) -> None:
    """Give a model the weights of the graphs of a bundle; `BundleError` where one is of another shape."""
    looks, *speaks = GRAPHS
    try:
        model.encoder.single.load_state_dict(of_encoder(weights_of_graph(graphs[looks]), bundle), strict=False)
        for name in speaks:
            model.load_state_dict(weights_of_graph(graphs[name]), strict=False)
    except RuntimeError:  # of another shape
        raise _other(bundle) from None


def _alike(first: Captioner, second: Captioner) -> bool:
    """Tell whether two models say the same of made pictures, and find every word as likely."""
    random = np.random.default_rng(0)
    noise = random.integers(0, 256, (3, 8, 8, 3), dtype=np.uint8).repeat(32, 1).repeat(32, 2)
    said = [
        model.describe(list(noise), beam=1, length_normalization=0, min_words=WORDS, max_words=WORDS, once=False)
        for model in (first, second)
    ]
    return all(
        one.text == other.text and np.allclose(one.log_probs, other.log_probs, atol=1e-4)
        for one, other in zip(*said, strict=True)
    )


def _other(bundle: str) -> BundleError:
    return BundleError(
        f"{bundle!r}: its graphs are not what this version makes of its recipe and settings; "
        "only the checkpoint that it was exported from can be trained on"
    )
