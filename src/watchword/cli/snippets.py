"""`watchword snippets`: a data set of parts of photos, each with the words that a matcher says are about it."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from watchword.cli.matching_options import Data, Images, Model


def snippets(
    model: Model,
    data: Data,
    output: Annotated[Path, typer.Option(help="The rows to write, as JSON Lines; see docs/formats.md.")],
    beta: Annotated[
        float, typer.Option(min=0, help="What two neighbouring words in the same region are worth; 0 for none.")
    ],
    images: Images = None,
    split: Annotated[
        list[str] | None, typer.Option(help="Only this split; may be given several times; all otherwise.")
    ] = None,
    least_words: Annotated[int, typer.Option(min=1, help="Leave out what has fewer words.")] = 1,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with --output: skip the photos it has.")] = False,
) -> None:
    """Align every sentence of a data set with its photo, and write each run of words with its box.

    That is the data that paper 5 trains its model of regions with (sections 3.1.4 and 3.2). Find a --beta for your
    matcher with `watchword analyse pointing`, which tells how long snippets become.

    Example: watchword snippets runs/matcher/best --data flickr8k --beta 0.05 --least-words 2 --output snippets.jsonl
    """
    from watchword.cli.failures import report
    from watchword.cli.opening import matcher
    from watchword.cli.printable import printable
    from watchword.cli.snippet_file import SnippetFile, refuse_if_there
    from watchword.cli.snippet_rows import Snipper, photos_of

    photos = photos_of(data, images, split)
    refuse_if_there(output, resume, [model, *data, *photos])
    opened = matcher(model)
    snipper = Snipper(opened, output, beta, least_words)
    with SnippetFile(output, resume) as file:
        file.go_on(
            photos, lambda photo: next(Snipper(opened, output, beta, least_words).rows({photo: photos[photo]}), None)
        )
        left = {photo: said for photo, said in photos.items() if photo not in file.done}
        try:
            for rows in snipper.rows(left):
                file.write(rows)
        except KeyboardInterrupt:
            print("watchword: stopped; what was written until here is kept: go on with --resume", file=sys.stderr)
            raise typer.Exit(130) from None
        finally:
            report(snipper.failures)
    already = f"; photos that were there already: {len(file.done)}" if file.done else ""
    print(printable(f"{snipper.tally.line}, in {str(output)!r}{already}"))
    if snipper.failures:
        raise typer.Exit(1)
