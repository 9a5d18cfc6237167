"""`watchword encoder import`: features that others computed, filed under their photos."""

from pathlib import Path
from typing import Annotated

import typer

from watchword.core.errors import DataError


def import_(
    file: Annotated[Path, typer.Argument(help="A .npy with a row for each photo, or neuraltalk's vgg_feats.mat.")],
    data: Annotated[str, typer.Option(help="The data set that they are of; rows are in its order.")],
    name: Annotated[str, typer.Option(help="What to call them.")],
    images: Annotated[str, typer.Option(help="Where its photos are, if it does not say.")] = "",
    features: Annotated[Path, typer.Option(help="Where features are kept.")] = Path("features"),
) -> None:
    """Keep one vector for each photo of a data set, so that recipes can learn from them.

    Example: watchword encoder import vgg_feats.mat --data flickr8k --name vgg
    """
    import numpy as np

    from watchword.cli.datasets import read_all
    from watchword.data.feature_files import in_order, read_features
    from watchword.data.hashes import content_hash
    from watchword.data.store import FeatureStore
    from watchword.encoders.from_file import from_file

    rows = read_all([data], [images], [])
    found = in_order(read_features(file), rows)
    encoder = from_file(name=name, width=found.shape[1])
    there = [place for place, row in enumerate(rows) if row.path and row.path.exists()]
    keys = [content_hash(row.path) for row in (rows[place] for place in there) if row.path]
    store = FeatureStore(features / f"{encoder.key}-view0", found.shape[1:])
    store.add(keys, found[there])
    # Photos that are there twice get the row of the first, as they would from a network.
    first = {key: place for place, key in reversed(list(zip(there, keys, strict=True)))}
    if not np.array_equal(store.rows(list(first)), found[list(first.values())].astype(store.dtype)):
        raise DataError(f"{store.folder} holds other features of these photos: choose another --name, or delete it")
    print(
        f"{len(there)} of {len(rows)} photos have features {found.shape[1]} wide; next: "
        f"watchword train ... --set encoder=from_file:name={name},width={found.shape[1]}"
    )
