"""Phrases with boxes, as what a matcher learns to point at."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from watchword.cli.phrases_asked import Asked
from watchword.core.errors import SettingsError
from watchword.core.types import Example
from watchword.data.phrase_targets import PhraseTargets, Spoken
from watchword.data.pictures import open_picture
from watchword.data.views import Shown, shown
from watchword.encoders.proposed_regions import Proposed
from watchword.training.export_matcher import region_boxes


def targets_of(asked: Sequence[Asked], learn: Sequence[Example], encoder: Any, views: int) -> PhraseTargets:
    """Return what the phrases of the examples to learn from point at, in each of so many views.

    Raises `SettingsError` where regions differ from photo to photo, and `DataError` where no example to learn from
    has a phrase.
    """
    if isinstance(encoder, Proposed) or not encoder.looks:
        raise SettingsError(
            "pointing is learnt where all photos have the same regions, which this encoder's have not: have it look "
            "at the same ones everywhere, as in --set encoder=regions:of=efficientnet_lite0"
        )
    whole = [(i, row) for i, row in enumerate(learn) if row.box is None]  # boxes are those of whole photos
    places = {(row.path, text): (i, k) for i, row in whole for k, text in enumerate(row.sentences)}
    found = [(*places[each.photo, each.sentence], each) for each in asked if (each.photo, each.sentence) in places]
    spoken = [Spoken(photo, sentence, each.words, each.boxes) for photo, sentence, each in found]

    def viewed(photo: int) -> list[Shown]:
        path: Path | None = learn[photo].path
        assert path
        pixels = open_picture(path, encoder.size) if views > 2 else np.empty((0, 0, 3), np.uint8)
        return [shown(pixels, number) for number in range(views)]

    return PhraseTargets(spoken, region_boxes(encoder), viewed)
