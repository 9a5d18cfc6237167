"""`watchword align`: which word of a sentence names which part of a photo."""

from pathlib import Path
from typing import Annotated

import typer

USUAL = 0.05  # of neighbours in one region, on the scale of cosines


def align(
    photo: Annotated[Path, typer.Argument(help="The photo.")],
    sentence: Annotated[str, typer.Argument(help="The sentence, in quotation marks.")],
    model: Annotated[str, typer.Option(help="A matcher: one that ships, a bundle, or a checkpoint.")] = "matcher",
    snippets: Annotated[
        bool, typer.Option("--snippets", help="Neighbouring words in the same region together, after smoothing.")
    ] = False,
    beta: Annotated[
        float | None,
        typer.Option(min=0, help=f"What two neighbours in one region are worth to --snippets; {USUAL} otherwise."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option(help="The PNG to write; PHOTO.aligned.png in this folder otherwise.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object, and a PNG only with --output.")] = False,
) -> None:
    """Draw which part of a photo each word of a sentence names, or each run of words.

    Every word names the region that fits it best, or the box that the matcher draws for it, if it learnt to. With
    --snippets, a word rather stays where the word before is, as far as --beta outweighs what it loses (section 3.1.4
    of paper 5), and neighbours in one region are one snippet.
    Words that the model does not know are matched as the unknown word, and words beyond those that it takes (20 for
    the one that ships) not at all; standard error names them.

    Examples:
      watchword align dog.jpg "a dog jumps over a fence" --model runs/mine/best
      watchword align dog.jpg "a dog jumps over a fence" --model mine.zip --snippets --beta 0.2 --json
    """
    from watchword.cli.boxes_drawn import drawn
    from watchword.cli.json_text import json_text
    from watchword.cli.opening import matcher
    from watchword.cli.printable import printable
    from watchword.cli.replacing import PNG, refuse_to_replace
    from watchword.cli.tiles import save_png
    from watchword.cli.words_missed import tell_missed
    from watchword.runtime.aligning import read_one, snippets_in

    if beta is not None and not snippets:
        raise typer.BadParameter("each word is on its own unless --snippets is given too", param_hint="--beta")
    place = output or (None if as_json else Path(f"{photo.stem}.aligned.png"))
    if place:
        refuse_to_replace(place, "--output", PNG, [photo])
    if snippets and beta is None:
        beta = USUAL
    opened = matcher(model)
    read = read_one(opened, sentence)
    unknown = [word for word in dict.fromkeys(read.words) if word not in opened.vocabulary]
    found = snippets_in(opened, photo, read, beta)
    tell_missed(unknown, read)
    if place:
        save_png(drawn(photo, found), place)
    if as_json:
        rows = [{"words": part.text, "box": list(part.box), "similarity": part.similarity} for part in found]
        about = {"path": str(photo), "sentence": sentence, "model": model, "beta": beta}
        print(json_text(about | {"snippets": rows, "unknown": unknown, "unread": list(read.unread)}))
        return
    for part in found:
        x0, y0, x1, y1 = (f"{share:.0%}" for share in part.box)
        print(f"{part.similarity:7.3f}  {printable(part.text)}  (from {x0} {y0} to {x1} {y1})")
    print(printable(str(place)))
