"""What the trunk of an encoder sees of photos, of their parts and of views of them: computed once and kept."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from rich.console import Console
from rich.progress import Progress as Bar

from watchword.cli.pooling import maps_of, refuse_unpoolable
from watchword.core.boxes import WHOLE
from watchword.core.errors import SettingsError
from watchword.core.types import Example, Way
from watchword.data.clip_rows import Kept, file_of, fill_clips
from watchword.data.clips.files import is_clip
from watchword.data.played import Clip, watched
from watchword.data.store import FeatureStore
from watchword.data.views import Shown, moved, view
from watchword.encoders.clip_features import ClipFeatures
from watchword.encoders.frames import Frames
from watchword.encoders.frames_trunk import FramesTrunk
from watchword.encoders.proposed_regions import Proposed
from watchword.encoders.proposed_trunk import ProposedTrunk
from watchword.training.trunks import Trunk


class Seen(Protocol):
    """What the trunk of an encoder saw of examples."""

    def __call__(self, places: np.ndarray, views: np.ndarray | None = None) -> np.ndarray:
        """Return what was seen of the examples at places (B,), each in its view (B,), or as it is: float16 (B, …)."""
        ...


POOLED_VIEWS = 2  # the photo and its mirror image: which crop a further view shows is known by its pixels alone


class Views:
    """What the trunk of an encoder sees of photos and their views, computed once and kept.

    way: how parts of photos are looked at: "cropped", each by itself, as paper 5 does; or "pooled", from what was
    seen of the photo, which is kept once for all its parts.
    """

    def __init__(self, encoder: Any, folder: Path, console: Console, way: Way = "cropped") -> None:
        """Keep everything under `folder`."""
        self.encoder, self.folder, self.console, self.way = encoder, folder, console, way
        self.trunk: Trunk | ProposedTrunk | FramesTrunk | None = None

    def of(self, rows: list[Example], count: int) -> Seen:
        """Return a function from places in `rows` and `count` views to what was seen.

        Raises `SettingsError` for more views, or another encoder, than regions that are pooled may have.
        """
        rows = [row for row in rows if row.path]
        if count > 1 and not self.encoder.looks:
            self.console.print(f"views={count}: of features that come from files there is one, and it is learnt from")
        if self.encoder.looks and not isinstance(self.encoder, Frames):
            refuse_clips(rows)
        if self.way == "pooled" and any(row.box for row in rows):
            return self._pooled(rows, count)
        return self._chosen([self._filled([watched(row) for row in rows], number) for number in range(count)])

    def _pooled(self, rows: list[Example], count: int) -> Seen:
        """Return the same of parts of photos, taken from what was seen of the whole photos."""
        if count > POOLED_VIEWS:
            raise SettingsError(
                f"views={count}: of regions that are pooled there are {POOLED_VIEWS}, the photo and its mirror image; "
                f"give --set views={POOLED_VIEWS}, or look at each region by itself: --way cropped"
            )
        refuse_unpoolable(self.encoder)
        photos = [self._filled([row.path for row in rows if row.path], number) for number in range(count)]
        boxes = np.array([row.box or WHOLE for row in rows], np.float32)
        return self._chosen(photos, [moved(boxes, Shown(mirrored=number == 1)) for number in range(count)])

    def _chosen(self, stores: list[tuple[FeatureStore, list[str]]], boxes: Sequence[np.ndarray] = ()) -> Seen:
        """Return what was seen in the views that are kept. boxes: of each view, to take of what was seen."""

        def seen(places: np.ndarray, views: np.ndarray | None = None) -> np.ndarray:
            chosen = np.zeros(len(places), np.int64) if views is None else views
            found = np.empty((len(places), *stores[0][0].shape), np.float16)
            for number, (store, keys) in enumerate(stores):
                mine = chosen == number
                rows = store.rows([keys[place] for place in places[mine]])
                found[mine] = maps_of(rows, boxes[number][places[mine]]) if boxes else rows
            return found

        return seen

    def _filled(self, pictures: Sequence[Kept], number: int) -> tuple[FeatureStore, list[str]]:
        """Return the store of one view with all pictures in it, and the key of each."""
        trunk = self.trunk = self.trunk or self._made()
        if not self.encoder.looks:
            number = 0  # of files there is one view, however many are asked for
        store = FeatureStore(self.folder / f"{self.encoder.key}-view{number}", trunk.shape)
        if isinstance(reader := self.encoder.looking, ClipFeatures):
            read = reader.read
            return store, fill_clips(store, pictures, lambda each: read(file_of(each)), np.asarray)
        if not self.encoder.looks:
            keys = [store.key(each) for each in pictures]
            if not store.has(keys).all():
                self.encoder.trunk(None)  # which says why there can be no row
            return store, keys
        with Bar(console=self.console, transient=True) as bar:
            what = "clips" if isinstance(trunk, FramesTrunk) else "photos"
            task = bar.add_task(f"looking at {len(pictures)} {what}, view {number}", total=len(pictures))

            def progress(done: int, total: int) -> None:
                bar.update(task, completed=done, total=total)

            if isinstance(trunk, FramesTrunk):
                return store, trunk.fill(store, pictures, number, progress=progress)
            photos = [each for each in pictures if not isinstance(each, Clip)]  # all: others were refused
            if isinstance(trunk, ProposedTrunk):
                return store, trunk.fill(store, photos, number, progress=progress)
            look = trunk
            keys = store.fill(
                photos,
                trunk.size,
                lambda pixels: look(np.stack([view(picture, number) for picture in pixels])),
                progress=progress,
            )
        return store, keys

    def _made(self) -> Trunk | ProposedTrunk | FramesTrunk:
        """Return what looks: a graph, with boxes proposed or clips played before it where the encoder has it so."""
        if isinstance(self.encoder, Frames):
            return FramesTrunk(self.encoder, Trunk(self.encoder.looking))
        if isinstance(self.encoder, Proposed):
            return ProposedTrunk(self.encoder, Trunk(self.encoder.looking))
        return Trunk(self.encoder)


def refuse_clips(rows: Sequence[Example]) -> None:
    """Raise `SettingsError` for a clip, which an encoder of photos does not see."""
    found = next((row.path for row in rows if row.path and (row.span or is_clip(row.path))), None)
    if found:
        raise SettingsError(
            f"{found} is a clip, and this encoder sees photos: have it see frames, as in "
            "--set encoder=frames:of=efficientnet_lite0,count=16 --set frozen=18"
        )
