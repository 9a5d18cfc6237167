"""watchword: photos into sentences, and back, offline, on an ordinary computer.

>>> import watchword
>>> model = watchword.load()
>>> model.describe(["photo.jpg"])[0].text  # doctest: +SKIP
'a brown dog is running through the grass'
>>> index = watchword.Index("photos.index", watchword.load("matcher"))  # doctest: +SKIP
>>> index.search("a dog in the snow")[0].path  # doctest: +SKIP
'photo.jpg'
"""

from typing import TYPE_CHECKING, Any

from watchword.core.types import Sentence

if TYPE_CHECKING:
    from watchword.retrieval.index import Index
    from watchword.runtime.loading import load

__version__ = "0.1.0"
__all__ = ["Index", "Sentence", "__version__", "load"]


def __getattr__(name: str) -> Any:
    """Return `load`, `Index` or `metrics`; what they need is loaded when they are first asked for."""
    if name == "load":
        from watchword.runtime.loading import load

        return load
    if name == "Index":
        from watchword.retrieval.index import Index

        return Index
    if name == "metrics":
        import watchword.metrics

        return watchword.metrics
    raise AttributeError(f"module 'watchword' has no attribute {name!r}")
