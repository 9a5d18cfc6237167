"""What the analyses of a matcher are asked with, the same for each."""

from pathlib import Path
from typing import Annotated

import typer

Model = Annotated[str, typer.Argument(help="A matcher: one that ships, a bundle, or a checkpoint.")]
Data = Annotated[list[str], typer.Option(help="A data set; may be given several times.")]
Images = Annotated[
    list[str] | None, typer.Option(help='Where its photos are, if it does not say; "" is its own place.')
]
Split = Annotated[str, typer.Option(help="Which split to look at.")]
Sheet = Annotated[Path | None, typer.Option(help="Draw them as one sheet: a .png.")]
Page = Annotated[Path | None, typer.Option(help="Write a page that shows them.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")]
