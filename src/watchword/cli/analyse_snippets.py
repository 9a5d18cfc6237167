"""`watchword analyse snippets`: which parts of photos fit a few words best."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from watchword.cli.matching_options import AsJson, Data, Images, Model, Page, Sheet, Split

if TYPE_CHECKING:
    from collections.abc import Sequence

    from watchword.cli.failures import Failure
    from watchword.cli.region_matches import Matches


def snippets(
    model: Model,
    phrases: Annotated[list[str], typer.Argument(metavar="PHRASE...", help="A few words each, in quotation marks.")],
    data: Data,
    images: Images = None,
    split: Split = "val",
    top: Annotated[int, typer.Option(min=1, help="How many photos for each phrase.")] = 8,
    output: Sheet = None,
    html: Page = None,
    as_json: AsJson = False,
) -> None:
    """Find the parts of a split's photos that fit each phrase best, by the mean over its words (paper 5, figure 7).

    A bundle that learnt to draw boxes (as the matcher that ships) draws one for the phrase; other matchers choose
    among their regions. Either way photos are ranked by their best region.
    Words that the model does not know are matched as the unknown word; standard error names them.

    Example: watchword analyse snippets runs/matcher/best "a red bus" "a straw hat" --data flickr8k --output found.png
    """
    from watchword.cli.failures import report
    from watchword.cli.json_text import json_text
    from watchword.cli.opening import matcher
    from watchword.cli.region_matches import matches
    from watchword.cli.region_outputs import check_outputs, photos_of, write_outputs
    from watchword.cli.region_tiles import Group, Tile

    photos = photos_of(data, images, split)
    check_outputs(output, html, [model, *data, *photos])
    failures: list[Failure] = []
    found, count = matches(matcher(model), phrases, photos, top, failures)
    if count:
        warn(found)
        if as_json:
            print(json_text({"model": model, "split": split, "photos": count, "phrases": as_rows(found)}))
        else:
            show(found)
            print(f"{count} photos")
        groups = [
            Group(each.phrase, [Tile(one.photo, one.box, f"{one.similarity:.3f}") for one in each.found])
            for each in found
        ]
        about = f"Of {count} photos those with the regions that fit best, by {model}; the mean over the words."
        write_outputs(output, html, "Parts of photos for a few words", about, groups)
    report(failures)
    if failures:
        raise typer.Exit(1)


def as_rows(found: "Sequence[Matches]") -> list[dict[str, object]]:
    """Return what was found as JSON holds it."""
    return [
        {
            "phrase": each.phrase,
            "unknown": list(each.unknown),
            "regions": [
                {"path": str(one.photo), "box": list(one.box), "similarity": one.similarity} for one in each.found
            ],
        }
        for each in found
    ]


def show(found: "Sequence[Matches]") -> None:
    """Print the regions of each phrase."""
    from watchword.cli.region_outputs import shown

    for each in found:
        shown("similarity", [(each.phrase, one.photo, one.box, one.similarity) for one in each.found])


def warn(found: "Sequence[Matches]") -> None:
    """Say on standard error which words the model does not know."""
    from watchword.cli.printable import printable

    for each in found:
        if each.unknown:
            names = ", ".join(each.unknown)
            print(printable(f"watchword: {each.phrase!r}: the model does not know {names}"), file=sys.stderr)
