"""`watchword encoder train`: the classes of a data set become a plain CNN, to be read as features."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from watchword.cli.datasets import parted, read_all
from watchword.cli.replacing import Kind, refuse_to_replace
from watchword.core.errors import DataError
from watchword.core.types import Example

if TYPE_CHECKING:
    from watchword.metrics.classification import Classification
    from watchword.training.classifying import Labelled

WORST = 5  # classes whose mistakes are printed


def train(
    data: Annotated[str, typer.Option(help="A data set whose photos have labels.")],
    output: Annotated[Path, typer.Option(help="The file of weights to write.")],
    images: Annotated[str, typer.Option(help="Where its photos are, if it does not say.")] = "",
    depth: Annotated[int, typer.Option(help="Convolutional and fully connected layers: 6, 8, 10, 12, 14, 16.")] = 16,
    size: Annotated[int, typer.Option(help="Height and width of the pictures, a multiple of 16.")] = 64,
    channels: Annotated[int, typer.Option(min=1, max=4096, help="Of the first convolution.")] = 32,
    width: Annotated[int, typer.Option(min=1, max=65536, help="Of the second-to-last layer, the features.")] = 4096,
    settings: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="epochs, batch, learning_rate and so on.")
    ] = None,
) -> None:
    """Train a plain CNN (paper 1, section 3.1) on the labels of a data set; the best epoch is kept.

    Example: watchword encoder train --data ucm_captions --depth 8 --output runs/cnn8.safetensors
    """
    from watchword.core.settings import override
    from watchword.encoders.plain_cnn import PlainCNN, holds_one, save
    from watchword.metrics.classification import classification
    from watchword.training.classifying import Classifying, fit_classes, said
    from watchword.training.model import seed_everything

    console = Console()
    given = override(Classifying(), settings or [])
    rows = [row for row in read_all([data], [images], []) if row.path and row.labels]
    given_files: list[str | Path] = [data, *(row.path for row in rows if row.path)]
    refuse_to_replace(output, "--output", Kind("weights of a plain CNN", holds_one), given_files)
    labels = tuple(sorted({row.labels[0] for row in rows}))
    learn, judge = _parted(rows, labels)
    seed_everything(given.seed)
    network = PlainCNN(depth=depth, size=size, channels=channels, width=width, labels=labels, frozen=0)
    console.print(f"{len(learn)} photos to learn from, {len(judge)} to judge by, {len(labels)} classes")
    output.parent.mkdir(parents=True, exist_ok=True)
    judged = _opened(judge, labels, size)
    fit_classes(
        network,
        _opened(learn, labels, size),
        judged,
        given,
        lambda row: console.print(f"epoch {row['epoch']:3.0f}  loss {row['loss']:.3f}  accuracy {row['accuracy']:.3f}"),
    )
    save(network, output)
    told, true = ([labels[place] for place in side.tolist()] for side in (said(network, judged), judged.classes))
    found = classification(told, true)
    for line in _mistakes(found):
        console.print(line, markup=False)
    print(f"accuracy {found.accuracy:.4f}: {output}; next: watchword train … --set encoder=plain_cnn:weights={output}")


def _mistakes(found: "Classification") -> Iterator[str]:
    """Yield a line for each of the classes that are told worst, and what they are taken for."""
    names = [each.name for each in found.classes]
    for each in sorted((one for one in found.classes if one.count), key=lambda one: one.recall)[:WORST]:
        row = found.confusion[names.index(each.name)].tolist()
        others = sorted(zip(row, names, strict=True), reverse=True)
        taken = ", ".join(f"{name} ({times})" for times, name in others if times and name != each.name)
        yield f"{each.name}: {each.recall:.0%} of {each.count} told" + (f", else taken for {taken}" if taken else "")


def _parted(rows: list[Example], labels: tuple[str, ...]) -> tuple[list[Example], list[Example]]:
    """Return what to learn from and what to judge by: split "val", else every tenth; `DataError` for too little."""
    judge = [row for row in rows if row.split == "val"]
    learn = [row for row in rows if row.split == "train"]
    if not judge:
        learn, judge = parted(learn)
    if len(labels) < 2 or not learn or not judge:
        raise DataError(
            f"{len(learn)} labelled photos to learn from and {len(judge)} to judge by, {len(labels)} classes: give a "
            "data set with labels of two classes or more; a folder with a folder for each class is one"
        )
    return learn, judge


def _opened(rows: list[Example], labels: tuple[str, ...], size: int) -> "Labelled":
    """Return photos in memory, and the number of the first label of each."""
    import numpy as np

    from watchword.data.pictures import open_picture, picture_of
    from watchword.training.classifying import Labelled

    pictures = np.stack([open_picture(picture_of(row), size) for row in rows if row.path])
    return Labelled(pictures, np.array([labels.index(row.labels[0]) for row in rows], np.int64))
