"""The options of a search over words, for every command that describes."""

from collections.abc import Mapping
from typing import Annotated, Literal

import typer

from watchword.core.errors import SettingsError

Mean = Literal["probabilities", "log_probabilities"]  # that of generation.ensemble, which loads NumPy
Way = Literal["cropped", "pooled"]  # that of core.types, which does too

MeanOf = Annotated[Mean | None, typer.Option(help="Of several models: probabilities (else), or log_probabilities.")]
Beam = Annotated[int | None, typer.Option(help="Sentences kept in view at each word; 1 is greedy.")]
LengthNormalization = Annotated[
    float | None, typer.Option(help="0 ranks sentences by probability, 1 by the mean over their words.")
]
Groups = Annotated[int | None, typer.Option(help="Share the beam out to so many groups that avoid each other's words.")]
Diversity = Annotated[float | None, typer.Option(help="How strongly groups do, in nats; 0.5 otherwise.")]
Sample = Annotated[bool, typer.Option("--sample", help="Draw words by chance instead.")]
Temperature = Annotated[float | None, typer.Option(help="Of the draws: below 1 safer, above 1 bolder; 1 otherwise.")]
TopK = Annotated[int | None, typer.Option(help="Draw among this many words; among all otherwise.")]
TopP = Annotated[float | None, typer.Option(help="Draw among the likeliest words that share this probability.")]
Seed = Annotated[int | None, typer.Option(help="Of the draws, to have the same ones again.")]
Draws = Annotated[int | None, typer.Option(help="Draw so many sentences and keep the likeliest.")]
Consensus = Annotated[
    str | None,
    typer.Option(
        metavar="DATA",
        help="Of the sentences that a beam or draws find, take those most like the others, by mean CIDEr-D; words "
        "weigh by how rare they are in the training captions of DATA, the set that the model learnt from.",
    ),
]
MaxWords = Annotated[int | None, typer.Option(help="The longest sentence.")]
NoRepeat = Annotated[int | None, typer.Option(metavar="N", help="Say no run of N words twice in a sentence.")]
Once = Annotated[
    bool | None,
    typer.Option("--once/--again", help="Say no word twice in a sentence but the likes of a, and, in (English)."),
]
WornCost = Annotated[
    float | None,
    typer.Option(min=0, metavar="NATS", help="What a phrase costs that is said too often; 0 lets the model say them."),
]

WayOf = Annotated[
    Way | None,
    typer.Option(help="Look at each region by itself (cropped), or once at its photo and pool its cells (pooled)."),
]

BEAMING = ("beam", "groups", "diversity")
DRAWING = ("temperature", "top_k", "top_p", "seed", "draws")


def refuse_way_without_regions(way: Way | None, *, boxed: bool) -> None:
    """Raise `SettingsError` where a way of looking at regions is given, but the data has none."""
    if way and not boxed:
        raise SettingsError(f"--way {way} is for regions, and no row of the data has a box: leave it out")


def refuse_what_is_not_read(asked: Mapping[str, object], model: str, mean: Mean | None) -> None:
    """Raise `typer.BadParameter` for options of a search that is not made, or of models that are not several.

    asked: the arguments of `runtime.asking.Asked`, None where an option was not given.
    """
    beaming, drawing = (
        " ".join(f"--{name.replace('_', '-')}" for name in names if asked[name] is not None)
        for names in (BEAMING, DRAWING)
    )
    if drawing and not asked["sample"]:
        raise typer.BadParameter("words are drawn only if asked for: add --sample", param_hint=drawing)
    if beaming and asked["sample"]:
        raise typer.BadParameter(
            f"words that are drawn need no beam: leave out {beaming}, or --sample", param_hint=beaming
        )
    if asked["diversity"] is not None and (asked["groups"] or 1) == 1:
        raise typer.BadParameter("one group has no other to differ from: add --groups", param_hint="--diversity")
    if mean and "+" not in model:
        raise typer.BadParameter("a mean is of several models: give first+second", param_hint="--mean")
