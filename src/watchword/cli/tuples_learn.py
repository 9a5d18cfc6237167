"""`watchword tuples learn`: clips and what is done in them become a labeller of tuples."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console


def learn(
    encoder: Annotated[str, typer.Argument(help="Its name, with options: frames:of=efficientnet_lite0,count=16.")],
    data: Annotated[list[str], typer.Option(help="A data set; may be given several times.")],
    output: Annotated[Path, typer.Option(help="The file of the labeller to write, .safetensors.")],
    images: Annotated[list[str] | None, typer.Option(help="Where its clips are; one for each data set.")] = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="epochs, batch, learning_rate and so on.")
    ] = None,
    features: Annotated[Path, typer.Option(help="Where what the encoder saw is kept between runs.")] = Path("features"),
) -> None:
    """Train heads for subject, verb and object, tied by a chain, on clips; the best epoch is kept (paper 2, section 6).

    A clip's tuple is its field "tuple", or what most of its sentences say, should they be of the form "a dog is
    chasing a ball"; clips without one are left out, and how many is said.

    Example: watchword tuples learn frames:count=16 --data made/clips.jsonl --output runs/tuples.safetensors
    """
    from watchword.cli.datasets import read_all, train_and_val
    from watchword.cli.tuple_features import features_of
    from watchword.cli.tuple_rows import known_roles, labels_to_judge, with_tuples
    from watchword.core.settings import override
    from watchword.data.tuples import labels_of
    from watchword.decoders.tuple_labeller import TupleLabeller
    from watchword.encoders import encoders
    from watchword.training.model import seed_everything
    from watchword.training.tuple_learning import TupleLearning, fit_tuples

    console, given = Console(stderr=True), override(TupleLearning(), settings or [])
    sides = train_and_val(read_all(data, images or [], []))
    (rows, tuples), (held_out, wanted) = (with_tuples(side) for side in sides)
    roles = known_roles(tuples, given.minimum)
    labels = labels_of(tuples, roles)
    true, known = labels_to_judge(wanted, roles)
    words = ", ".join(f"{len(each) - 1} of {role}" for role, each in roles.items())
    console.print(
        f"tuples of {len(rows)} of {len(sides[0])} clips to learn from, {len(held_out)} of {len(sides[1])} to"
    )
    console.print(f"judge by, {known:.0%} of their words known; words: {words}")
    network = encoders[encoder]()
    seen = features_of(network, features, console)
    seed_everything(given.seed)
    labeller = TupleLabeller(roles=roles, cells=network.cells_width, dropout=given.dropout)
    history = fit_tuples(
        labeller,
        (seen(rows), labels),
        (seen(held_out), true),
        given,
        lambda row: console.print(
            f"epoch {row['epoch']:3.0f}  loss {row['loss']:.3f}  words {row['words']:.3f}  tuples {row['right']:.3f}"
        ),
    )
    labeller.save(output, {"encoder": encoder})
    best = max(history, key=lambda row: row["words"])
    print(
        f"words {best['words']:.4f}, whole tuples {best['right']:.4f}: {output}; next: "
        f"watchword train lrcn_tuples ... --set encoder={encoder} --set labeller={output}"
    )
