"""`watchword label`: clips into the name of what is going on."""

from typing import Annotated

import typer

Weights = Annotated[
    str | None,
    typer.Option(metavar="A:B", help="Of several models: how much each counts, as in 1:2; alike if not given."),
]


def label(
    paths: Annotated[list[str], typer.Argument(help="Clips, folders, patterns; - reads a list from standard input.")],
    model: Annotated[
        str, typer.Option(help="A labeller: one that ships, a bundle, a checkpoint, or several: rgb+flow.")
    ] = "fights",
    weights: Weights = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, with all classes.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="CSV with a header.")] = False,
) -> None:
    """Say of each clip which of a model's classes it is, and how probable the model finds that.

    Rows go to standard output: path, label, confidence. Clips that cannot be played are named at the end, the rest
    is labelled, and the exit status is 1. A photo counts as a clip that stands still. Several models label by the
    weighted mean of their probabilities.

    Examples:
      watchword label clip.mp4 other.mp4
      watchword label clips/ --model runs/mine/best --json
      watchword label clip.mp4 --model rgb.zip+flow.zip --weights 1:2
    """
    from watchword.cli.labelling import run

    if as_json and as_csv:
        raise typer.BadParameter("rows are JSON or CSV; give one of the two", param_hint="--json --csv")
    raise typer.Exit(run(paths, model, weights_of(weights), "json" if as_json else "csv" if as_csv else "text"))


def weights_of(given: str | None) -> list[float] | None:
    """Return the weights in a text "1:2"; raises `typer.BadParameter` for another."""
    if given is None:
        return None
    try:
        return [float(part) for part in given.split(":")]
    except ValueError:
        raise typer.BadParameter(
            f"{given!r} is not numbers with colons between them, as 1:2", param_hint="--weights"
        ) from None
