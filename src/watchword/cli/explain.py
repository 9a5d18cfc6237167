"""`watchword explain`: what each word of the sentence looked at."""

from pathlib import Path
from typing import Annotated

import typer


def explain(
    model: Annotated[str, typer.Argument(help="A model that ships, a bundle, or a checkpoint.")],
    photo: Annotated[Path, typer.Argument(help="The photo.")],
    output: Annotated[
        Path | None, typer.Option(help="The PNG to write; PHOTO.explained.png in this folder otherwise.")
    ] = None,
    beam: Annotated[int | None, typer.Option(help="Width of the beam; as the model says otherwise.")] = None,
) -> None:
    """Describe a photo and draw, word by word, what the model looked at, as one PNG.

    Examples:
      watchword explain small dog.jpg
      watchword explain small dog.jpg --output why.png
    """
    from watchword.cli.opening import captioner
    from watchword.cli.options import named_as_options
    from watchword.cli.printable import printable
    from watchword.cli.replacing import PNG, refuse_to_replace
    from watchword.cli.tiles import contact_sheet, save_png

    place = output or Path(f"{photo.stem}.explained.png")
    refuse_to_replace(place, "--output", PNG, [photo])
    opened = captioner(model)
    with named_as_options():
        (sentence,) = opened.describe([photo], beam=beam)
    save_png(contact_sheet(photo, sentence, opened.manifest.shapes.grid), place)
    print(f"{sentence.text}: {printable(str(place))}")
