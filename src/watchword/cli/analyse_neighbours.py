"""`watchword analyse neighbours`: how well the sentences of the nearest training photos do."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer


def neighbours(
    data: Annotated[list[str], typer.Option(help="A data set; may be given several times.")],
    images: Annotated[
        list[str] | None, typer.Option(help='Where its photos are, if it does not say; "" is its own place.')
    ] = None,
    encoder: Annotated[str, typer.Option(help="Whose features are compared, with options.")] = "efficientnet_lite0",
    layer: Annotated[
        str | None, typer.Option(help="Of encoders that have it, which layer to compare: fc6, fc7, fc8.")
    ] = None,
    k: Annotated[str, typer.Option("--k", help="How many neighbours, with commas between.")] = "1,10,60",
    split: Annotated[str, typer.Option(help="Which split to find sentences for.")] = "val",
    features: Annotated[Path, typer.Option(help="Where what the encoder saw is kept between runs.")] = Path("features"),
    output: Annotated[Path | None, typer.Option(help="Write a page: photo, nearest photo, sentences.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
) -> None:
    """Score what the nearest training photos say: the baseline of papers 2 and 5.

    Photos are compared by the cosine of the encoder's features of the whole photo. Of the nearest alone the first
    sentence is taken; of k neighbours the one that is most like all their sentences by CIDEr-D (Devlin et al. 2015).

    Example: watchword analyse neighbours --data flickr8k --k 1,10,60 --output neighbours.html
    """
    from rich.console import Console

    from watchword.cli import neighbouring
    from watchword.cli.counts import counts
    from watchword.cli.datasets import read_all
    from watchword.cli.datasets import split as split_of
    from watchword.cli.replacing import PAGE, refuse_to_replace

    wanted = counts(k, "--k")
    if split == "train":
        raise typer.BadParameter("each photo would be its own nearest; name another split", param_hint="--split")
    if layer:
        encoder = f"{encoder}{',' if ':' in encoder else ':'}whole={layer}"
    examples = read_all(data, images or [], [])
    if output:
        refuse_to_replace(output, "--output", PAGE, [*data, *(row.path for row in examples if row.path)])
    chosen = split_of(examples, split)
    learnt = neighbouring.training_rows(examples, chosen, wanted)
    known, queries = neighbouring.features(encoder, [learnt, chosen], features, Console(stderr=True))
    taken = neighbouring.take(learnt, known, queries, wanted)
    about = {"encoder": encoder, "split": split, "photos": len(chosen), "training_photos": len(learnt)}
    show(about | {"neighbours": neighbouring.figures(chosen, taken)}, as_json=as_json)
    if output:
        from watchword.cli.neighbours_page import write_page

        write_page(output, encoder, chosen, learnt, taken)


def show(found: dict[str, Any], *, as_json: bool) -> None:
    """Print the figures of each k, as JSON or as a table."""
    from rich.console import Console
    from rich.table import Table

    if as_json:
        print(json.dumps(found))
        return
    rows = found["neighbours"]
    table = Table(*("neighbours" if name == "k" else name for name in rows[0]))
    for row in rows:
        table.add_row(*(f"{value:.4f}" if isinstance(value, float) else str(value) for value in row.values()))
    Console().print(table)
