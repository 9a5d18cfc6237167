"""`watchword data make-clips`: clips whose truth is known, with sentences in which order matters."""

from pathlib import Path
from typing import Annotated

import typer


def make_clips(
    output: Annotated[Path, typer.Argument(help="The folder to make: clips.jsonl, and clips/ with the clips.")],
    count: Annotated[int, typer.Option(min=1, help="How many clips.")] = 1000,
    seed: Annotated[int, typer.Option(min=0, help="The same seed makes the same clips.")] = 0,
    difficulty: Annotated[
        list[int] | None,
        typer.Option(min=1, max=4, help="1 to 4, taken in turn where several are given; all four if none is."),
    ] = None,
    backgrounds: Annotated[
        list[Path] | None, typer.Option(help="Folders of photos to move things over; otherwise made textures.")
    ] = None,
    objects: Annotated[
        Path | None,
        typer.Option(help="What moves: COCO instances, or a folder of pictures with transparency; otherwise shapes."),
    ] = None,
    images: Annotated[Path | None, typer.Option(help="The folder of the photos that the instances are in.")] = None,
    only: Annotated[list[str] | None, typer.Option(help="Names to take from --objects, one each time.")] = None,
    size: Annotated[int, typer.Option(min=64, max=512, help="Pixels of each side; even.")] = 160,
    twins: Annotated[
        bool, typer.Option("--twins/--no-twins", help="Each second clip is the one before it, played backwards.")
    ] = True,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a set, or make it larger.")] = False,
    sheet: Annotated[
        Path | None, typer.Option(metavar="FILE.png", help="Draw the first clips with their sentences.")
    ] = None,
    rows: Annotated[int, typer.Option(min=1, max=100, help="How many clips are on the sheet.")] = 12,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a line.")] = False,
) -> None:
    """Make a data set of short clips in which things move over photos, and sentences about it that are true.

    Difficulties: 1, one thing does one thing; 2, it does two, one after the other; 3, two things, of which one
    passes behind, approaches, leaves or follows the other, or both act in turn; 4, the same with things that only
    stand there, a camera that moves, noise, something in front, and rarer words. Twins show the same frames in
    opposite order, so whoever does not look at the order cannot tell them apart.

    Things are cut out along their outlines where the instances have some, else found in their boxes by GrabCut.
    Photos and things of one split are in no other, where there are three or more. The clips belong to whoever the
    photos belong to. Writing them needs PyAV: pip install '.[video]' in the checkout of watchword.

    Exit status: 0, all went well; 1, the set is whole, but photos that cannot be opened were passed over; 2, it
    could not begin or go on; 130, stopped: --resume goes on.

    Examples:
      watchword data make-clips made --count 200 --sheet made.png
      watchword data make-clips made --backgrounds flickr8k/images --objects instances.json --images coco/images
      watchword data make-clips made --count 2000 --resume
    """
    from watchword.cli.clip_making import Asked, make

    sources = (tuple(backgrounds or ()), objects, images, tuple(only or ()))
    asked = Asked(output, count, seed, tuple(difficulty or (1, 2, 3, 4)), *sources, size=size, twins=twins)
    raise typer.Exit(make(asked, resume=resume, sheet=sheet, rows=rows, as_json=as_json))
