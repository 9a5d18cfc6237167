"""`watchword unpack`: a bundle becomes a checkpoint again, to be trained on."""

from pathlib import Path
from typing import Annotated

import typer


def unpack(
    bundle: Annotated[str, typer.Argument(help="A captioner: the name of one that ships, a folder or a .zip.")],
    checkpoint: Annotated[Path, typer.Argument(help="The folder to write, as in runs/small.")],
) -> None:
    """Turn a captioner's bundle back into a checkpoint, to train it on with photos of your own.

    The way back from watchword export: what ships can go on learning on whoever's machine. The checkpoint has the
    bundle's weights, words and settings; how it is searched, how sure it is and its licence are not taken along, but
    given anew when what was learnt is exported. A word that it does not know it will not learn.

    Examples:
      watchword unpack small runs/small
      watchword train show_attend_tell --data my_photos --start-from runs/small --output runs/mine
    """
    from watchword.cli.unpacking import unpacked
    from watchword.cli.whole_files import made_whole, refuse_to_overwrite
    from watchword.core.errors import CheckpointError

    refuse_to_overwrite(checkpoint, CheckpointError)
    with made_whole(checkpoint) as fresh:
        recipe = unpacked(bundle, fresh)
    print(f"{checkpoint}: next: watchword train {recipe.name} --data DATASET --start-from {checkpoint}")
