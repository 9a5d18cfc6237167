"""watchword: photos into sentences, offline, on an ordinary computer.

>>> import watchword
>>> model = watchword.load()
>>> model.describe(["photo.jpg"])[0].text  # doctest: +SKIP
'a brown dog is running through the grass'
"""

from typing import TYPE_CHECKING

from watchword.core.types import Sentence

if TYPE_CHECKING:
    from pathlib import Path

    from watchword.runtime.captioner import Captioner

__version__ = "0.1.0"
__all__ = ["Sentence", "__version__", "load"]


def load(model: "str | Path" = "small") -> "Captioner":
    """Return a trained model: the name of one that ships, or the path of a bundle (folder or .zip).

    Raises `watchword.core.errors.BundleError` for a bundle that is missing, damaged or not ours.
    """
    from watchword.runtime.captioner import Captioner  # ONNX Runtime is loaded here and not before

    return Captioner.load(model)
