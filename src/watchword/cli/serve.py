"""`watchword serve`: search, sentences and regions in a browser."""

from typing import Annotated

import typer

from watchword.cli.index import USUAL, Place


def serve(
    place: Place = USUAL,
    model: Annotated[
        str,
        typer.Option(help="A captioner: one that ships, a bundle, a checkpoint, or several together: first+second."),
    ] = "small",
    matcher: Annotated[
        str, typer.Option(help="The matcher that searches and aligns: the one the index was made with.")
    ] = "matcher",
    host: Annotated[str, typer.Option(help="The address to listen at; 127.0.0.1 is this machine alone.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes a free one.")] = 8080,
    browser: Annotated[bool, typer.Option("--open/--no-open", help="Whether to open the page in a browser.")] = False,
) -> None:
    """Serve pages to your own browser: search your photos, have them described, see which words name what.

    Search needs an index, which watchword index makes, and aligning needs a matcher; without them the pages say so,
    and describe. Nothing is loaded from any network, and nothing is kept of the photos that are handed in. Ctrl-C ends.

    Examples:
      watchword serve --open
      watchword serve --index /archive/photos.index --matcher runs/matcher/best --port 8000
    """
    from watchword.cli.serving import run

    run(place, model, matcher, host, port, browser=browser)
