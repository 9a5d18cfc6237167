"""`watchword blend`: a checkpoint between two."""

from pathlib import Path
from typing import Annotated

import typer


def blend(
    first: Annotated[Path, typer.Argument(help="A checkpoint.")],
    second: Annotated[Path, typer.Argument(help="One that was trained on from it, by --start-from.")],
    output: Annotated[Path, typer.Argument(help="The checkpoint to write.")],
    share: Annotated[float, typer.Option(help="How far to go from the first (0) to the second (1).")] = 0.5,
) -> None:
    """Write a checkpoint whose weights lie between two: often better than either.

    Example: watchword blend runs/mine/best runs/tuned/best runs/between
    """
    from watchword.cli.whole_files import made_whole, refuse_to_overwrite
    from watchword.core.errors import CheckpointError
    from watchword.recipes.base import rebuild
    from watchword.training import checkpoints
    from watchword.training.blending import blend_into

    (model, vocabulary, about), (other, words, _) = rebuild(first), rebuild(second)
    if vocabulary != words:
        raise CheckpointError(f"{second} has other words than {first}: train it with --start-from {first}")
    refuse_to_overwrite(output, CheckpointError)
    blend_into(model, other, share)
    description = {"recipe": about["recipe"], "settings": about["settings"], "blended": share}
    with made_whole(output) as fresh:
        checkpoints.save(fresh, model, description, vocabulary)
    print(f"{output}: try  watchword evaluate {output} --data DATASET")
