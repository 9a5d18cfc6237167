"""`watchword search`: photos found by a sentence or by another photo."""

import math
from pathlib import Path
from typing import Annotated

import typer

from watchword.cli.index import USUAL, MatcherOf, Place


def search(
    text: Annotated[str | None, typer.Argument(help="What the photos show, in quotation marks.")] = None,
    image: Annotated[
        Path | None,
        typer.Option(metavar="PHOTO", help="Search with a photo instead: which others are like it, what fits it."),
    ] = None,
    place: Place = USUAL,
    model: MatcherOf = "matcher",
    limit: Annotated[int, typer.Option(min=1, help="How many photos at most.")] = 10,
    by: Annotated[
        str | None, typer.Option(metavar="WAY", help="regions, sentences or both: what is compared (regions).")
    ] = None,
    folder: Annotated[Path | None, typer.Option(help="Only photos in this folder or below it.")] = None,
    since: Annotated[
        str | None, typer.Option(help="Only photos taken then or later: 2026-01-31, 2026-01-31T18:30.")
    ] = None,
    until: Annotated[str | None, typer.Option(help="Only photos taken then or earlier; a day counts whole.")] = None,
    label: Annotated[
        list[str] | None, typer.Option(help="Only photos with this label of the captioner, or another that is given.")
    ] = None,
    least: Annotated[
        float | None,
        typer.Option(
            min=0,
            max=1,
            metavar="P",
            help="Show what fits with this probability or more, whether or not the best answers.",
        ),
    ] = None,
    anyway: Annotated[bool, typer.Option("--anyway", help="Show the best, whether or not anything fits.")] = False,
    region: Annotated[
        Path | None, typer.Option(help="Draw where the words are: the best photo as a .png, or all into a folder.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a photo.")] = False,
    html: Annotated[Path | None, typer.Option(help="Write a page with the photos and where the words are.")] = None,
) -> None:
    """Find photos by what they show, best first, with the place of each word and how probable it is that they fit.

    The index is the one that watchword index made, and the matcher has to be the same. A matcher that was exported
    with --calibrate gives each photo a probability. Where even the best is unlikely to be what was meant, nothing
    fits; else it is shown, and all that fit likely enough themselves. --anyway shows the best all the same.

    --by regions compares the words with the parts of photos; sentences looks for them in the sentences that the
    captioner gave the photos; both puts the two orders together.

    Exit status: 0, something was found; 1, so was it, but a photo could not be drawn; 2, it could not be searched;
    3, nothing fits.

    Examples:
      watchword search "two dogs in the snow" --model runs/matcher/best
      watchword search "a child on a swing" --since 2025-06-01 --by both --html swings.html
      watchword search --image dog.jpg --limit 5 --json
    """
    from watchword.cli.finding import Outputs, Wanted, run

    if (text is None) == (image is None):
        raise typer.BadParameter("a sentence or --image PHOTO: give one of the two", param_hint="TEXT")
    if image and (by or least is not None):
        raise typer.BadParameter("they are for sentences; leave them out with --image", param_hint="--by --least")
    if least is not None and math.isnan(least):
        raise typer.BadParameter("nan: a probability, from 0 to 1", param_hint="--least")
    if least is not None and anyway:
        raise typer.BadParameter("one is a cut-off, the other none; give one", param_hint="--least --anyway")
    if (by or "regions") not in ("regions", "sentences", "both"):
        raise typer.BadParameter(f"{by!r}: regions, sentences or both", param_hint="--by")
    filters = {"folder": folder, "since": since, "until": until, "labels": tuple(label or ())}
    wanted = Wanted(text, image, limit, by or "regions", filters, least, anyway)
    raise typer.Exit(run(place, model, wanted, Outputs(as_json, html, region)))
