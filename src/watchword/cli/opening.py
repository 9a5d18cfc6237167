"""A model as commands take it: a shipped name, a bundle, or a checkpoint; or several of them, as in "a+b"."""

import dataclasses
import tempfile
from pathlib import Path

from watchword.core.errors import BundleError
from watchword.generation.ensemble import Mean
from watchword.runtime.bundle import Bundle
from watchword.runtime.captioner import Captioner
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


def _is_there(model: str) -> bool:
    try:
        return Path(model).exists()
    except OSError:  # a name too long for a path
        return False


def _one(model: str) -> Captioner:
    """Return one model. A checkpoint goes through a bundle, so what is judged is what would ship."""
    if not (Path(model) / "checkpoint.json").is_file():
        return Captioner.load(model)
    from watchword.cli.bundling import to_folder

    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "bundle"
        to_folder(Path(model), folder)
        return Captioner(dataclasses.replace(Bundle.open(folder), name=model))
