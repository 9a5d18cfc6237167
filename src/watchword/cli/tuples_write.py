"""`watchword tuples write`: the tuples of a data set's clips as a file: true, blurred on purpose, or as labelled."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from watchword.core.errors import SettingsError

if TYPE_CHECKING:
    import numpy as np

    from watchword.core.types import Example
    from watchword.data.tuples import Roles

    Said = tuple[Sequence[Example], Roles, np.ndarray, np.ndarray]


def write(
    data: Annotated[list[str], typer.Option(help="A data set; may be given several times.")],
    output: Annotated[Path, typer.Option(help="The file to write, JSON Lines.")],
    images: Annotated[list[str] | None, typer.Option(help="Where its clips are; one for each data set.")] = None,
    labeller: Annotated[
        Path | None, typer.Option(help="What `watchword tuples learn` wrote: say what it sees in the clips.")
    ] = None,
    noise: Annotated[
        float | None,
        typer.Option(min=0, help="Blur the true tuples as a recogniser would, by so much; 0 writes them as they are."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Of the noise.")] = 0,
    features: Annotated[Path, typer.Option(help="Where what the encoder saw is kept between runs.")] = Path("features"),
) -> None:
    """Write a line for each clip: its likeliest tuple, and the probabilities of each role's words.

    With --noise it is known how good the recogniser is: it sees each word as 1 where it is and 0 where it is not,
    plus normal noise of that deviation, and reasons from that and from which words stand together in the training
    split as well as can be. Next comes `watchword encoder import`, then `watchword train lrcn_tuples`.

    Example: watchword tuples write --data made/clips.jsonl --noise 0.5 --output tuples.jsonl
    """
    if (labeller is None) == (noise is None):
        raise SettingsError("give either --labeller FILE or --noise DEVIATION")
    from watchword.cli.datasets import read_all
    from watchword.cli.tuple_rows import told
    from watchword.cli.whole_files import refuse_to_overwrite, written_whole
    from watchword.data.tuples import written

    refuse_to_overwrite(output, named="another --output")
    console = Console(stderr=True)
    examples = read_all(data, images or [], [])
    rows, roles, chances, likeliest = (
        _labelled(examples, labeller, features, console)
        if labeller
        else _blurred(examples, noise or 0.0, seed, console)
    )
    output.parent.mkdir(parents=True, exist_ok=True)
    with written_whole(output) as file:
        for row, each, labels in zip(rows, chances, likeliest, strict=True):
            file.write(written({"id": row.id}, *told(each, labels, roles)) + "\n")
    print(f"tuples of {len(rows)} of {len(examples)} clips: {output}")


def _labelled(examples: "Sequence[Example]", labeller: Path, features: Path, console: Console) -> "Said":
    """Return what a labeller says of all clips."""
    from watchword.cli.tuple_features import features_of
    from watchword.decoders.tuple_labeller import encoder_of, load
    from watchword.encoders import encoders
    from watchword.training.tuple_learning import tuples_said

    encoder = encoders[encoder_of(labeller)]()
    network = load(labeller, cells=encoder.cells_width)
    rows = [row for row in examples if row.path]
    return rows, network.roles, *tuples_said(network, features_of(encoder, features, console)(rows), len(rows))


def _blurred(examples: "Sequence[Example]", noise: float, seed: int, console: Console) -> "Said":
    """Return the true tuples of the clips that have one, blurred; and say how often they are right then."""
    from watchword.cli.tuple_rows import known_roles, with_tuples
    from watchword.data.tuples import labels_of
    from watchword.decoders.blurring import blurred

    rows, tuples = with_tuples(examples)
    roles = known_roles(tuples, 1)
    labels = labels_of(tuples, roles)
    train = [place for place, row in enumerate(rows) if row.split == "train"] or list(range(len(rows)))
    widths = [len(words) for words in roles.values()]
    chances, likeliest = blurred(labels, widths, labels[train], noise=noise, seed=seed)
    hit = likeliest == labels
    console.print(f"{hit.mean():.1%} of the words are right, {hit.all(1).mean():.1%} of the tuples")
    return rows, roles, chances, likeliest
