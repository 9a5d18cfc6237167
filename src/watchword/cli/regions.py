"""`watchword regions`: a sentence for each part of a photo."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from watchword.cli.search_options import Beam, LengthNormalization, MaxWords, MeanOf, WayOf, refuse_what_is_not_read

if TYPE_CHECKING:
    from watchword.runtime.regions import Region


def regions(
    photo: Annotated[Path, typer.Argument(help="The photo.")],
    box: Annotated[
        list[str] | None,
        typer.Option(
            metavar="X0,Y0,X1,Y1",
            help="A part of the photo, as fractions of width and height; repeatable. Else a grid.",
        ),
    ] = None,
    model: Annotated[
        str, typer.Option(help="A model that ships, a bundle, a checkpoint, or several together: first+second.")
    ] = "small",
    way: WayOf = None,
    count: Annotated[int | None, typer.Option(min=1, help="Keep at most so many, the surest.")] = None,
    every: Annotated[
        bool, typer.Option("--every", help="Keep those, too, of which another says the same of the same place.")
    ] = False,
    mean: MeanOf = None,
    beam: Beam = None,
    length_normalization: LengthNormalization = None,
    max_words: MaxWords = None,
    output: Annotated[
        Path | None, typer.Option(help="The PNG to write; PHOTO.regions.png in this folder otherwise.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object, and a PNG only with --output.")] = False,
) -> None:
    """Say in a sentence what is on each part of a photo, and draw the parts with their sentences.

    The surest sentence comes first. Where the same is said of two parts that overlap, the surer one stays. Models that
    learnt from regions look as they learnt to (--way), others at each part by itself.

    Examples:
      watchword regions dog.jpg
      watchword regions dog.jpg --box 0,0,0.5,1 --box 0.5,0,1,1 --json
      watchword regions dog.jpg --model runs/regions/best --count 5 --output parts.png
    """
    from watchword.cli.json_text import json_text
    from watchword.cli.opening import captioner
    from watchword.cli.options import named_as_options
    from watchword.cli.printable import printable
    from watchword.cli.regions_drawn import drawn
    from watchword.cli.replacing import PNG, refuse_to_replace
    from watchword.cli.tiles import save_png
    from watchword.runtime.asking import Asked
    from watchword.runtime.regions import SAME_PLACE, checked, telling

    asked = Asked(beam=beam, length_normalization=length_normalization, max_words=max_words)
    nothing = dict.fromkeys(Asked.__annotations__)
    refuse_what_is_not_read({**nothing, **asked}, model, mean)
    boxes = checked([_parsed(text) for text in box]) if box else None
    place = output or (None if as_json else Path(f"{photo.stem}.regions.png"))
    if place:
        refuse_to_replace(place, "--output", PNG, [photo])
    opened = captioner(model, mean or "probabilities")
    with named_as_options():
        said = opened.describe_regions(photo, boxes, way=way, **asked)
    found = telling(said, 1 if every else SAME_PLACE)[:count]
    if place:
        save_png(drawn(photo, found), place)
    if as_json:
        print(json_text({"path": str(photo), "model": model, "regions": [_row(region) for region in found]}))
        return
    for number, region in enumerate(found, 1):
        x0, y0, x1, y1 = (f"{share:.0%}" for share in region.box)
        sure = region.sentence.confidence
        shown = "" if sure is None else f"{sure:.0%}"
        print(f"{number:3} {shown:>4}  {printable(region.sentence.text)}  (from {x0} {y0} to {x1} {y1})")
    print(printable(str(place)))


def _parsed(text: str) -> list[float]:
    """Return the numbers of a box as it was given; whether they make one is seen later."""
    try:
        numbers = [float(part) for part in text.split(",")]
        if len(numbers) == 4:
            return numbers
    except ValueError:
        pass
    raise typer.BadParameter(
        f"{text!r}: four numbers, x0,y0,x1,y1, fractions of width and height, as in 0.1,0.2,0.5,0.9", param_hint="--box"
    )


def _row(region: "Region") -> dict[str, object]:
    """Return a region as JSON will have it."""
    sentence = region.sentence
    return {
        "box": [round(side, 4) for side in region.box],
        "sentence": sentence.text,
        "confidence": None if sentence.confidence is None else round(sentence.confidence, 4),
        "log_prob": round(sentence.log_prob, 4),
    }
