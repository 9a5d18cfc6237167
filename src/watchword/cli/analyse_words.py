"""`watchword analyse words`: which words weigh most in the score of a matcher."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from watchword.cli.matching_options import AsJson, Data, Images, Model

if TYPE_CHECKING:
    from collections.abc import Sequence

    from watchword.alignment.magnitudes import Magnitude


def words(
    model: Model,
    data: Data,
    images: Images = None,
    split: Annotated[str, typer.Option(help="Whose sentences are read.")] = "train",
    least_count: Annotated[int, typer.Option(min=1, help="Only words that are said so many times or more.")] = 5,
    top: Annotated[int, typer.Option(min=1, help="How many words of each end.")] = 20,
    output: Annotated[Path | None, typer.Option(help="Draw them: a .png or a .svg.")] = None,
    as_json: AsJson = False,
) -> None:
    """Rank words by the lengths of their vectors: the longer, the more a word adds to the score (paper 5, table 2).

    A word's vector depends on the words around it, so its length is the mean over all sentences of the split.

    Example: watchword analyse words runs/deep/best --data flickr8k --least-count 10 --output words.png
    """
    from watchword.cli.datasets import read_all
    from watchword.cli.datasets import split as split_of
    from watchword.cli.figures import check_figure
    from watchword.cli.json_text import json_text
    from watchword.cli.opening import matcher
    from watchword.cli.word_lengths import word_lengths
    from watchword.core.errors import DataError

    examples = read_all(data, images or [], [])
    if output:
        check_figure(output, [model, *data, *(row.path for row in examples if row.path)])
    sentences = [text for row in split_of(examples, split) for text in row.sentences]
    found = word_lengths(matcher(model), sentences)
    ranked = found.ranked(least_count)
    if not ranked:
        raise DataError(f"no known word is said {least_count} times in {len(sentences)} sentences: lower --least-count")
    ends = min(top, len(ranked))
    longest, shortest = ranked[:ends], ranked[::-1][:ends]
    if as_json:
        about = {"model": model, "split": split, "sentences": len(sentences), "words": len(ranked)}
        rows = {"longest": [each._asdict() for each in longest], "shortest": [each._asdict() for each in shortest]}
        print(json_text(about | {"least_count": least_count} | rows))
    else:
        show(longest, shortest)
        print(f"{len(ranked)} words said {least_count} times or more, in {len(sentences)} sentences")
    if output:
        draw(longest, shortest, output)


def show(longest: "Sequence[Magnitude]", shortest: "Sequence[Magnitude]") -> None:
    """Print both ends side by side, as the paper's table."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table("shortest vector", "length", "said", "longest vector", "length", "said")
    for low, high in zip(shortest, longest, strict=True):
        cells = [(Text(each.word), f"{each.length:.3f}", str(each.seen)) for each in (low, high)]
        table.add_row(*cells[0], *cells[1])
    Console().print(table)


def draw(longest: "Sequence[Magnitude]", shortest: "Sequence[Magnitude]", place: Path) -> None:
    """Draw both ends as bars, the extreme ones on top, on one scale."""
    from watchword.cli.figures import COLOURS, figure, save

    made, axes = figure(2)
    made.set_figheight(1.2 + 0.22 * len(longest))
    for axis, each, colour, title in zip(axes, (shortest, longest), COLOURS, ("shortest", "longest"), strict=False):
        axis.barh(range(len(each)), [word.length for word in each], color=colour)
        axis.set_yticks(range(len(each)), [word.word for word in each], parse_math=False, fontsize=9)
        axis.tick_params(axis="y", length=0)
        axis.invert_yaxis()
        axis.grid(visible=False, axis="y")
        axis.set_xlim(0, 1.05 * longest[0].length)
        axis.set_title(title, fontsize=10)
        axis.set_xlabel("mean length of the word's vector")
    save(made, place)
