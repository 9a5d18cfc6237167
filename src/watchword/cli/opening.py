"""A model as commands take it: a shipped name, a bundle, or a checkpoint; or several of them, as in "a+b"."""

import dataclasses
import tempfile
from pathlib import Path

from watchword.core.errors import BundleError
from watchword.generation.ensemble import Mean
from watchword.runtime.bundle import Bundle, manifest_of
from watchword.runtime.captioner import Captioner
from watchword.runtime.match_manifest import MatchManifest
from watchword.runtime.matcher import Matcher
from watchword.runtime.shipped import shipped
from watchword.runtime.together import Together


def captioner(model: str, mean: Mean = "probabilities") -> Captioner:
    """Return the model, ready to describe, under the name given; models with "+" between them as an ensemble.

    mean: of the ensemble's, see `generation.ensemble.Ensemble`. A path that is there counts as one model,
    whatever is in its name.
    """
    names = model.split("+")
    if len(names) == 1 or model in shipped() or _is_there(model):
        return _one(model)
    if not all(names):
        raise BundleError(f'{model!r} lacks a model beside a "+"; an ensemble is given as in first+second')
    return Together([_one(name) for name in names], mean)


def is_matcher(model: str) -> bool:
    """Tell whether `model` is a matcher, as a checkpoint or a bundle; what it is if it is neither, opening it says."""
    if (Path(model) / "checkpoint.json").is_file():
        from watchword.recipes.base import described

        return not described(Path(model))[0].says
    try:
        return isinstance(manifest_of(model), MatchManifest)
    except BundleError:
        return False


def matcher(model: str) -> Matcher:
    """Return a matcher under the name given; a checkpoint goes through a bundle."""
    if not (Path(model) / "checkpoint.json").is_file():
        return Matcher(model)
    if not is_matcher(model):
        raise BundleError(f"{model!r} is a captioner, which matches nothing: it is for watchword describe")
    from watchword.cli.bundling import to_folder

    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "bundle"
        to_folder(Path(model), folder)
        opened = Matcher(folder)
    opened.name = model
    return opened


def _is_there(model: str) -> bool:
    try:
        return Path(model).exists()
    except OSError:  # a name too long for a path
        return False


def _one(model: str) -> Captioner:
    """Return one model. A checkpoint goes through a bundle, so what is judged is what would ship."""
    if not (Path(model) / "checkpoint.json").is_file():
        return Captioner.load(model)
    if is_matcher(model):
        raise BundleError(f"{model!r} is a matcher, which says nothing: it is for watchword evaluate and align")
    from watchword.cli.bundling import to_folder

    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "bundle"
        to_folder(Path(model), folder)
        return Captioner(dataclasses.replace(Bundle.open(folder), name=model))
