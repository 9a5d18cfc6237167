"""`watchword export`: a checkpoint becomes a bundle."""

from pathlib import Path
from typing import Annotated, Any

import typer


def export(
    checkpoint: Annotated[Path, typer.Argument(help="A folder that `watchword train` wrote, as in runs/mine/best.")],
    bundle: Annotated[Path, typer.Argument(help="The folder to write, or a file that ends in .zip.")],
    card: Annotated[
        Path | None, typer.Option(help="A model card in Markdown; without it a short one is written.")
    ] = None,
    calibrate: Annotated[
        str | None, typer.Option(help="A data set whose split teaches the confidence, or a matcher's cut-off.")
    ] = None,
    foreign: Annotated[
        str | None,
        typer.Option(metavar="DATA", help="Sentences of other photos, which teach a matcher's cut-off what to refuse."),
    ] = None,
    boxes: Annotated[
        str | None,
        typer.Option(metavar="DATA", help="Phrases with boxes, of which a matcher learns to draw boxes for words."),
    ] = None,
    querybank: Annotated[
        str | None,
        typer.Option(metavar="DATA", help="Photos and sentences by which a matcher tells what fits everything."),
    ] = None,
    phrases: Annotated[
        Path | None, typer.Option(help="These phrases; regions.json beside the data set of --boxes otherwise.")
    ] = None,
    split: Annotated[str, typer.Option(help="The split to calibrate on, and to judge boxes and bank by.")] = "val",
    images: Annotated[
        str | None, typer.Option(help="Where the photos of these data sets are, if they do not say.")
    ] = None,
    beam: Annotated[
        int | None, typer.Option(min=1, max=1000, help="The beam that the bundle asks for; by default validation's.")
    ] = None,
    length_normalization: Annotated[
        float, typer.Option(help="0 ranks sentences by probability, 1 by mean over words.")
    ] = 0.0,
    once: Annotated[
        bool, typer.Option("--once", help="Say no word twice in a sentence but the likes of a, and, in (English).")
    ] = False,
    worn: Annotated[
        str | None,
        typer.Option(metavar="DATA", help="A captioner's: keep which phrases people say there of the most photos."),
    ] = None,
    worn_cost: Annotated[
        float, typer.Option(min=0, metavar="NATS", help="What each of them costs a sentence unless asked otherwise.")
    ] = 0.0,
    encoder_of: Annotated[
        str | None,
        typer.Option(metavar="MODEL", help="A matcher's: leave its encoder out, for it is that of this captioner."),
    ] = None,
    licence: Annotated[str, typer.Option(help="The licence of the weights, as an SPDX name.")] = "",
    float32: Annotated[bool, typer.Option("--float32", help="Store weights whole rather than as float16.")] = False,
) -> None:
    """Turn a checkpoint into a bundle that describes photos, or matches them with sentences, without PyTorch.

    --calibrate teaches a captioner how sure it is, and a matcher from which probability on a photo fits a sentence,
    so that watchword search can say that nothing does; --foreign gives it sentences about other things. --boxes has
    it draw boxes of its own for words, where it has but a few fixed ones to choose from: it learns from the training
    photos of a data set with a regions.json beside it. --querybank has it know what a sentence scores with the
    training photos of a data set, and a photo with their sentences, so that what fits everything is not taken for
    what fits best. --worn has a captioner know the phrases that people say of the most photos, as "in front of a
    crowd", so that they can cost a sentence something (`describe --worn-cost 2`).

    Example: watchword export runs/mine/best mine.zip --calibrate flickr8k
    """
    import tempfile

    from watchword.cli.bundling import (
        calibrated,
        pack,
        share_encoder,
        to_folder,
        worn_in,
        written_card,
    )
    from watchword.cli.opening import kind_of
    from watchword.cli.options import named_as_options
    from watchword.cli.whole_files import refuse_to_overwrite
    from watchword.core.errors import BundleError
    from watchword.generation.search import SearchOptions

    if foreign and not calibrate:
        raise typer.BadParameter(
            "it goes with --calibrate, whose photos these sentences are not of", param_hint="--foreign"
        )
    if phrases and not boxes:
        raise typer.BadParameter("it goes with --boxes, the data set with their sentences", param_hint="--phrases")
    refuse_to_overwrite(bundle, BundleError)
    if worn_cost and not worn:
        raise typer.BadParameter("it goes with --worn, whose phrases cost it", param_hint="--worn-cost")
    with named_as_options():
        SearchOptions(length_normalization=length_normalization)  # refuses what no search takes
    given = {"length_normalization": length_normalization or None, "beam": beam, "once": once or None}
    search: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    if worn:
        search |= {"worn": worn_in(worn), "worn_cost": worn_cost}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "bundle"
        to_folder(
            checkpoint,
            folder,
            card=written_card(card) if card else None,
            search=search,
            licence=licence,
            half=not float32,
        )
        if encoder_of:
            share_encoder(folder, encoder_of)
        kind = kind_of(str(folder))
        if boxes and kind != "matcher":
            raise BundleError(f"{checkpoint} is a {kind}, which draws no boxes for words: leave out --boxes")
        if querybank and kind != "matcher":
            raise BundleError(f"{checkpoint} is a {kind}, which ranks no sentences: leave out --querybank")
        if boxes:
            from watchword.cli.box_fitting import fit_boxes

            print(fit_boxes(folder, boxes, images, split, phrases=phrases, half=not float32))
        if querybank:
            from watchword.cli.querybank_fitting import fit_querybank

            print(fit_querybank(folder, querybank, images, split, half=not float32))
        if calibrate:
            print(calibrated(folder, calibrate, images, split, foreign))
        pack(folder, bundle)
    uses = {
        "matcher": f"search with  watchword index --model {bundle} FOLDER",
        "labeller": f"label with  watchword label --model {bundle} CLIP",
    }
    print(f"{bundle}: {uses.get(kind or '', f'describe with  watchword describe --model {bundle} PHOTO')}")
