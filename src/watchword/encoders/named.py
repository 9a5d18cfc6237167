"""Encoders by name, and options behind a name: "alexnet:whole=fc8,cells=pool5".

So a recipe that knows an encoder's name alone can be given any encoder in any form, and its settings say
which. Every encoder also takes `pca=FILE`, which projects its whole (`projected`).
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from watchword.core.errors import SettingsError
from watchword.core.registry import Registry
from watchword.encoders.base import Encoder
from watchword.encoders.options import parsed, parted

Make = Callable[..., Encoder]


class Encoders(Registry[Make]):
    """The registry of encoders; each is a function of named arguments, `frozen` among them."""

    def __getitem__(self, name: str) -> Make:
        """Return what makes the encoder called `name`, its options filled in; `frozen` is none of them, for recipes
        have it as a setting.

        Raises `UnknownName`, or `SettingsError` for an option that the encoder does not have.
        """
        make = super().__getitem__(name.partition(":")[0])
        plain, given = parted("encoder", name)
        pca = given.pop("pca", None)
        values = parsed("encoder", plain, make, given, hidden=("frozen",), also=("pca",)) if given else {}
        made = partial(make, **values) if values else make
        return partial(_projected, made, pca) if pca else made


def _projected(make: Make, pca: str, **options: Any) -> Encoder:
    from watchword.data.pca import PCA
    from watchword.encoders.projected import Projected

    encoder = make(**options)
    if encoder.single is not encoder:
        raise SettingsError(f"{encoder.name}: of frames it is each that is projected: frames:of=vgg16:pca={pca}")
    return Projected(encoder, PCA.load(pca))


encoders = Encoders("encoder")
