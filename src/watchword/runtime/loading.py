"""A trained model of any kind, by its name or its path."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, overload

from watchword.core.errors import BundleError
from watchword.runtime.bundle import manifest_of
from watchword.runtime.captioner import Captioner
from watchword.runtime.label_fusion import Fused
from watchword.runtime.label_manifest import LabelManifest
from watchword.runtime.labeller import Labeller, Labels
from watchword.runtime.match_manifest import MatchManifest
from watchword.runtime.matcher import Matcher
from watchword.runtime.together import load as captioner


@overload
def load(model: Literal["small"] = "small") -> Captioner: ...
@overload
def load(model: Literal["matcher"]) -> Matcher: ...
@overload
def load(model: Literal["fights"]) -> Labeller: ...
@overload
def load(model: str | Path) -> Captioner | Matcher | Labels: ...
@overload
def load(
    model: list[str] | list[Path] | list[str | Path] | tuple[str | Path, ...],
) -> Captioner | Labels: ...


def load(model: str | Path | Sequence[str | Path] = "small") -> Captioner | Matcher | Labels:
    """Return a trained model: the name of one that ships, or the path of a bundle (folder or .zip).

    What it is, the bundle says: a `Captioner` describes photos, a `Matcher` finds what belongs together, a `Labeller`
    tells what is going on in clips. A list of captioners describes together, as an ensemble (see
    `watchword.runtime.together.Together`), a list of labellers labels by the mean of what they think (`Fused`).
    Raises `watchword.core.errors.BundleError` for a bundle that is missing, damaged or not ours, and for
    models that cannot describe or label together.
    """
    given: object = [model] if isinstance(model, str | Path) else model
    if not isinstance(given, Sequence) or not all(isinstance(each, str | Path) for each in given):
        raise BundleError(f"{model!r} is no model: give a name, as in load('small'), a path, or a list of them")
    first = model if isinstance(model, str | Path) else next(iter(model), None)
    kind = manifest_of(first) if first is not None else None
    if isinstance(kind, LabelManifest):
        return Labeller(model) if isinstance(model, str | Path) else Fused([Labeller(each) for each in model])
    if isinstance(model, str | Path) and isinstance(kind, MatchManifest):
        return Matcher(model)
    return captioner(model)
