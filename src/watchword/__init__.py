"""watchword: photos into sentences, offline, on an ordinary computer.

>>> import watchword
>>> model = watchword.load()
>>> model.describe(["photo.jpg"])[0].text  # doctest: +SKIP
'a brown dog is running through the grass'
"""

from typing import TYPE_CHECKING

from watchword.core.types import Sentence

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from types import ModuleType

    from watchword.runtime.captioner import Captioner

__version__ = "0.1.0"
__all__ = ["Sentence", "__version__", "load"]


def load(model: "str | Path | Sequence[str | Path]" = "small") -> "Captioner":
    """Return a trained model: the name of one that ships, or the path of a bundle (folder or .zip).

    A list of models describes together, as an ensemble; see `watchword.runtime.together.Together`.
    Raises `watchword.core.errors.BundleError` for a bundle that is missing, damaged or not ours, and for
    models that cannot describe together.
    """
    from watchword.runtime.together import load  # ONNX Runtime is loaded here and not before

    return load(model)


def __getattr__(name: str) -> "ModuleType":
    """Return `watchword.metrics`, which is loaded when it is first asked for."""
    if name != "metrics":
        raise AttributeError(f"module 'watchword' has no attribute {name!r}")
    import watchword.metrics

    return watchword.metrics
