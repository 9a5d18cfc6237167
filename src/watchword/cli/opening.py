"""A model as commands take it: a shipped name, a bundle, or a checkpoint; or several of them, as in "a+b"."""

import dataclasses
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from watchword.core.errors import BundleError
from watchword.generation.ensemble import Mean
from watchword.runtime.bundle import Bundle, manifest_of
from watchword.runtime.captioner import Captioner
from watchword.runtime.label_fusion import Fused
from watchword.runtime.label_manifest import LabelManifest
from watchword.runtime.labeller import Labeller, Labels
from watchword.runtime.manifest import USES
from watchword.runtime.match_manifest import MatchManifest
from watchword.runtime.matcher import Matcher
from watchword.runtime.shipped import shipped
from watchword.runtime.together import Together


def captioner(model: str, mean: Mean = "probabilities", weights: Sequence[float] | None = None) -> Captioner:
    """Return the model, ready to describe, under the name given; models with "+" between them as an ensemble.

    mean, weights: of the ensemble's, see `generation.ensemble.Ensemble`; weights of one model are a `BundleError`.
    A path that is there counts as one model, whatever is in its name.
    """
    names = _names(model)
    if len(names) == 1 and weights:
        raise _no_weights(model)
    return _one(model) if len(names) == 1 else Together([_one(name) for name in names], mean, weights)


def labeller(model: str, weights: Sequence[float] | None = None) -> Labels:
    """Return the labeller under the name given; models with "+" between them label together.

    weights: of each of several models; alike if not given. Raises `BundleError` for what is no labeller.
    """
    opened = [_labeller(name) for name in _names(model)]
    if len(opened) == 1:
        if weights:
            raise _no_weights(model)
        return opened[0]
    return Fused(opened, weights)


def kind_of(model: str) -> str | None:
    """Return what `model` is, as a checkpoint or a bundle: "captioner", "matcher" or "labeller".

    Of several models it is what the first is; None for what is no model, which opening it says.
    """
    try:
        first = _names(model)[0]
        if (Path(first) / "checkpoint.json").is_file():
            from watchword.recipes.base import described

            return described(Path(first))[0].kind
        manifest = manifest_of(first)
    except BundleError:
        return None
    return {MatchManifest: "matcher", LabelManifest: "labeller"}.get(type(manifest), "captioner")


def is_matcher(model: str) -> bool:
    """Tell whether `model` is a matcher, as a checkpoint or a bundle."""
    return kind_of(model) == "matcher"


def matcher(model: str) -> Matcher:
    """Return a matcher under the name given; a checkpoint goes through a bundle."""
    if not (Path(model) / "checkpoint.json").is_file():
        return Matcher(model)
    _refuse_other(model, "matcher", "matches nothing")
    with _bundled(model) as folder:
        opened = Matcher(folder)
    opened.name = model
    return opened


def _no_weights(model: str) -> BundleError:
    return BundleError(f"weights are of several models, and {model!r} is one: leave them out, or give first+second")


def _labeller(model: str) -> Labeller:
    """Return one labeller; a checkpoint goes through a bundle."""
    if not (Path(model) / "checkpoint.json").is_file():
        return Labeller(model)
    _refuse_other(model, "labeller", "tells no classes apart")
    with _bundled(model) as folder:
        opened = Labeller(folder)
    opened.name = model
    return opened


def _refuse_other(checkpoint: str, wanted: str, lack: str) -> None:
    """Raise `BundleError` for a checkpoint of another kind than is wanted."""
    if (kind := str(kind_of(checkpoint))) != wanted:
        raise BundleError(f"{checkpoint!r} is a {kind}, which {lack}: it is for {USES[kind]}")


@contextmanager
def _bundled(checkpoint: str) -> Iterator[Path]:
    """Give the bundle of a checkpoint for a while."""
    from watchword.cli.bundling import to_folder

    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "bundle"
        to_folder(Path(checkpoint), folder)
        yield folder


def _names(model: str) -> list[str]:
    """Return the models that a name stands for: one, or several with "+" between them."""
    names = model.split("+")
    if len(names) == 1 or model in shipped() or _is_there(model):
        return [model]
    if not all(names):
        raise BundleError(f'{model!r} lacks a model beside a "+"; an ensemble is given as in first+second')
    return names


def _is_there(model: str) -> bool:
    try:
        return Path(model).exists()
    except OSError:  # a name too long for a path
        return False


def _one(model: str) -> Captioner:
    """Return one model. A checkpoint goes through a bundle, so what is judged is what would ship."""
    if not (Path(model) / "checkpoint.json").is_file():
        return Captioner.load(model)
    _refuse_other(model, "captioner", "says nothing")
    with _bundled(model) as folder:
        return Captioner(dataclasses.replace(Bundle.open(folder), name=model))
