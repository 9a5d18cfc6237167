"""A model as commands take it: a shipped name, a bundle, or a checkpoint."""

import dataclasses
import tempfile
from pathlib import Path

from watchword.runtime.bundle import Bundle
from watchword.runtime.captioner import Captioner


def captioner(model: str) -> Captioner:
    """Return the model, ready to describe, under the name given.

    A checkpoint goes through a bundle, so what is judged is what would ship.
    """
    if not (Path(model) / "checkpoint.json").is_file():
        return Captioner.load(model)
    from watchword.cli.bundling import to_folder

    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "bundle"
        to_folder(Path(model), folder)
        return Captioner(dataclasses.replace(Bundle.open(folder), name=model))
