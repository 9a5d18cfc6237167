"""`watchword encoder pca`: the axes along which the features of a data set differ most."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from watchword.core.errors import DataError

AT_ONCE = 512  # photos whose features are in memory together


def pca(
    encoder: Annotated[str, typer.Argument(help="Its name, with options: plain_cnn:weights=runs/cnn8.safetensors.")],
    data: Annotated[list[str], typer.Option(help="A data set; may be given several times.")],
    output: Annotated[Path, typer.Option(help="The file of axes to write, .npz.")],
    images: Annotated[list[str] | None, typer.Option(help="Where its photos are; one for each data set.")] = None,
    frozen: Annotated[int | None, typer.Option(help="Units of the encoder that belong to its trunk.")] = None,
    axes: Annotated[int, typer.Option(help="How many axes to keep.")] = 512,
    features: Annotated[Path, typer.Option(help="Where what the encoder saw is kept between runs.")] = Path("features"),
) -> None:
    """Fit principal components to the training photos' features, part by part, so that any number fits in memory.

    Example: watchword encoder pca efficientnet_lite0 --data flickr8k --axes 512 --output runs/axes.npz
    """
    import numpy as np
    import torch

    from watchword.cli.datasets import read_all, train_and_val
    from watchword.cli.replacing import Kind, refuse_to_replace
    from watchword.cli.views import Views
    from watchword.data.pca import fit_in_parts
    from watchword.encoders import encoders
    from watchword.training.validation import in_batches

    rows, _ = train_and_val(read_all(data, images or [], []))
    given: list[str | Path] = [*data, *(row.path for row in rows if row.path)]
    refuse_to_replace(output, "--output", Kind("file of axes", _holds_axes), given)
    network = encoders[encoder](**({} if frozen is None else {"frozen": frozen})).eval()
    seen = Views(network, features, Console(stderr=True)).of(rows, 1)

    def whole(places: np.ndarray) -> np.ndarray:
        with torch.inference_mode():
            return network.top(torch.from_numpy(seen(places)).float()).whole.numpy()

    found = fit_in_parts((whole(places) for places in in_batches(np.arange(len(rows)), AT_ONCE)), axes)
    output.parent.mkdir(parents=True, exist_ok=True)
    found.save(output)
    option = f"{encoder}{',' if ':' in encoder else ':'}pca={output}"
    print(f"{axes} axes of {len(rows)} photos: {output}; next: watchword train ... --set encoder={option}")


def _holds_axes(place: Path) -> bool:
    """Tell whether a file holds axes, or nothing."""
    from watchword.data.pca import PCA

    if not place.stat().st_size:
        return True
    try:
        PCA.load(place)
    except DataError:
        return False
    return True
