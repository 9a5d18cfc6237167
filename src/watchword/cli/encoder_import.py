"""`watchword encoder import`: features that others computed, filed under their photos."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from watchword.core.errors import DataError

if TYPE_CHECKING:
    import numpy as np

    from watchword.core.types import Example


def import_(
    file: Annotated[
        Path, typer.Argument(help="A .npy with a row for each photo, neuraltalk's vgg_feats.mat, or .jsonl of tuples.")
    ],
    data: Annotated[str, typer.Option(help="The data set that they are of; rows are in its order.")],
    name: Annotated[str, typer.Option(help="What to call them.")],
    images: Annotated[str, typer.Option(help="Where its photos are, if it does not say.")] = "",
    features: Annotated[Path, typer.Option(help="Where features are kept.")] = Path("features"),
) -> None:
    """Keep one vector for each photo of a data set, so that recipes can learn from them.

    Semantic tuples of clips, as `watchword tuples write` writes them, are such features, too.

    Example: watchword encoder import vgg_feats.mat --data flickr8k --name vgg
    """
    import numpy as np

    from watchword.cli.datasets import read_all
    from watchword.cli.tuples_filed import tuples_filed
    from watchword.data.feature_files import in_order, read_features
    from watchword.data.played import watched
    from watchword.data.store import FeatureStore
    from watchword.encoders.from_file import FromFile

    if not re.fullmatch(r"[\w-][\w.-]*", name):
        raise typer.BadParameter(
            f"{name!r}: letters, digits, - and _, for it is part of an option and of a folder's name; dots, not first",
            param_hint="--name",
        )
    rows = read_all([data], [images], [])
    encoder: FromFile
    if file.name.endswith((".jsonl", ".jsonl.gz")):
        encoder, widths, found = tuples_filed(file, rows, name, features)
        option = f"tuples:name={name},roles={'+'.join(map(str, widths))}"
    else:
        found = in_order(read_features(file), rows)
        encoder = FromFile(name=name, width=found.shape[1])
        option = f"from_file:name={name},width={found.shape[1]}"
    known = ~np.isnan(found).any(1)
    there = [place for place, row in enumerate(rows) if row.path and row.path.exists() and known[place]]
    if not there:
        raise DataError(_none_there(rows, known))
    store = FeatureStore(features / f"{encoder.key}-view0", found.shape[1:])
    keys = [store.key(watched(rows[place])) for place in there]
    store.add(keys, found[there])
    # Photos that are there twice get the row of the first, as they would from a network.
    first = {key: place for place, key in reversed(list(zip(there, keys, strict=True)))}
    if not np.array_equal(store.rows(list(first)), found[list(first.values())].astype(store.dtype)):
        raise DataError(f"{store.folder} holds other features of these photos: choose another --name, or delete it")
    print(
        f"{len(there)} of {len(rows)} photos have features {found.shape[1]} wide; next: "
        f"watchword train ... --set encoder={option}"
    )


def _none_there(rows: "Sequence[Example]", known: "np.ndarray") -> str:
    """Say why there is nothing to keep."""
    lost = next((row.path for row, has in zip(rows, known.tolist(), strict=True) if has and row.path), None)
    if lost is None:
        return "no photo of the data set has features in this file; is it of this data set?"
    return f"none of the {len(rows)} photos is there, as {str(lost)!r}; say with --images where they are"
