"""A trained model of either kind, by its name or its path."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, overload

from watchword.runtime.bundle import manifest_of
from watchword.runtime.captioner import Captioner
from watchword.runtime.match_manifest import MatchManifest
from watchword.runtime.matcher import Matcher
from watchword.runtime.together import load as captioner


@overload
def load(model: Literal["small"] = "small") -> Captioner: ...
@overload
def load(model: Literal["matcher"]) -> Matcher: ...
@overload
def load(model: str | Path) -> Captioner | Matcher: ...
@overload
def load(model: list[str] | list[Path] | list[str | Path] | tuple[str | Path, ...]) -> Captioner: ...


def load(model: str | Path | Sequence[str | Path] = "small") -> Captioner | Matcher:
    """Return a trained model: the name of one that ships, or the path of a bundle (folder or .zip).

    What it is, the bundle says: a `Captioner` describes photos, a `Matcher` finds what belongs together. A list of
    captioners describes together, as an ensemble; see `watchword.runtime.together.Together`.
    Raises `watchword.core.errors.BundleError` for a bundle that is missing, damaged or not ours, and for
    models that cannot describe together.
    """
    if isinstance(model, str | Path) and isinstance(manifest_of(model), MatchManifest):
        return Matcher(model)
    return captioner(model)
