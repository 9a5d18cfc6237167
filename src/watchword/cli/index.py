"""`watchword index`: photos made findable."""

from typing import Annotated

import typer

Place = Annotated[
    str, typer.Option("--index", metavar="PLACE", help="The index: a folder, or the URL of an s3:// one.")
]
MatcherOf = Annotated[str, typer.Option(help="A matcher: one that ships, a bundle, or a checkpoint.")]
USUAL = "photos.index"
CAPTIONER = "small"


def index(
    folders: Annotated[list[str], typer.Argument(help="Photos, folders, patterns.")],
    place: Place = USUAL,
    model: MatcherOf = "matcher",
    describe: Annotated[
        str | None,
        typer.Option(
            metavar="MODEL", help="The captioner that gives each photo a sentence and labels.", show_default=CAPTIONER
        ),
    ] = None,
    no_describe: Annotated[
        bool, typer.Option("--no-describe", help="No sentences and labels, in half the time.")
    ] = False,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Make it anew of FOLDERS alone, as for another matcher.")
    ] = False,
    remove: Annotated[
        bool,
        typer.Option(
            "--remove", help="Take photos, what is below folders, and what fits patterns, out of the index; files stay."
        ),
    ] = False,
    wait: Annotated[
        bool, typer.Option("--wait", help="If another process is updating the index, wait rather than give up.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a line.")] = False,
) -> None:
    """Make photos findable by a sentence, or bring their index up to date.

    What is new, changed, moved or deleted in the folders is noticed, and only that costs time; photos elsewhere in
    the index stay. Of a folder, the files are taken whose names end as photos' do; others can be named themselves.
    The index is the folder photos.index where the command is run, unless --index names another.
    A run that is stopped keeps what it did, and the next one goes on from there; not so with --rebuild, which leaves
    the old index as it is until the new one is whole.

    With each photo goes a sentence, and the captioner's labels that are at least 10 % probable, for
    search --by sentences and search --label; --no-describe leaves both out. Photos that are in the index are not
    described again: to add or leave out sentences later, --rebuild.

    Exit status: 0, all photos are in the index; 1, some cannot be; 2, it could not begin or go on; 130, stopped.

    Examples:
      watchword index holiday/ --model runs/matcher/best
      watchword index /archive --index /archive/photos.index --model matcher.zip --no-describe
      watchword index holiday/2019 --remove
    """
    from watchword.cli.indexing import Making, take_out, update

    if remove:
        if rebuild:
            raise typer.BadParameter("one takes photos out, the other begins anew; give one", param_hint="--remove")
        raise typer.Exit(take_out(folders, place, wait=wait, as_json=as_json))
    if no_describe and describe is not None:
        raise typer.BadParameter("a captioner is named to describe with, too; give one", param_hint="--no-describe")
    making = Making(model, None if no_describe else describe or CAPTIONER, rebuild, wait)
    raise typer.Exit(update(folders, place, making, as_json=as_json))
