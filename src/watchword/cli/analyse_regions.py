"""`watchword analyse regions`: which parts of photos weigh most in the score of a matcher."""

from typing import TYPE_CHECKING, Annotated

import typer

from watchword.cli.matching_options import AsJson, Data, Images, Model, Page, Sheet, Split

if TYPE_CHECKING:
    from collections.abc import Sequence

    from watchword.cli.failures import Failure
    from watchword.cli.region_lengths import Weighed
    from watchword.cli.region_tiles import Tile


def regions(
    model: Model,
    data: Data,
    images: Images = None,
    split: Split = "val",
    top: Annotated[int, typer.Option(min=1, help="How many regions of each end, one of a photo.")] = 24,
    output: Sheet = None,
    html: Page = None,
    as_json: AsJson = False,
) -> None:
    """Find the regions with the longest vectors over a split, and those with the shortest (paper 5, figure 6).

    A long vector makes large scores: what is often spoken of and easily told. Of each photo one region is taken.

    Example: watchword analyse regions runs/deep/best --data flickr8k --output regions.png
    """
    from watchword.cli.failures import report
    from watchword.cli.json_text import json_text
    from watchword.cli.opening import matcher
    from watchword.cli.region_lengths import ends
    from watchword.cli.region_outputs import check_outputs, photos_of, write_outputs
    from watchword.cli.region_tiles import Group

    photos = photos_of(data, images, split)
    check_outputs(output, html, [model, *data, *photos])
    failures: list[Failure] = []
    found = ends(matcher(model), photos, top, failures)
    if found.photos:
        if as_json:
            about = {"model": model, "split": split, "photos": found.photos, "regions": found.regions}
            rows = {"longest": as_rows(found.longest), "shortest": as_rows(found.shortest)}
            print(json_text(about | rows))
        else:
            show(found.longest, found.shortest)
            print(f"{found.regions} regions of {found.photos} photos")
        groups = [Group("longest", tiles(found.longest)), Group("shortest", tiles(found.shortest))]
        about_page = f"Of {found.regions} regions of {found.photos} photos those with the longest vectors, by {model}."
        write_outputs(output, html, "Parts of photos that weigh most", about_page, groups)
    report(failures)
    if failures:
        raise typer.Exit(1)


def as_rows(found: "Sequence[Weighed]") -> list[dict[str, object]]:
    """Return regions as JSON holds them."""
    return [{"path": str(each.photo), "box": list(each.box), "length": each.length} for each in found]


def tiles(found: "Sequence[Weighed]") -> "list[Tile]":
    """Return regions as they are drawn."""
    from watchword.cli.region_tiles import Tile

    return [Tile(each.photo, each.box, f"{each.length:.2f}") for each in found]


def show(longest: "Sequence[Weighed]", shortest: "Sequence[Weighed]") -> None:
    """Print both ends, one below the other."""
    from watchword.cli.region_outputs import shown

    shown("length", [("longest", each.photo, each.box, each.length) for each in longest])
    shown("length", [("shortest", each.photo, each.box, each.length) for each in shortest])
