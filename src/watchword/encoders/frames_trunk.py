"""Rows of `Frames` encoders, to be kept: a clip is played, and a graph looks at its frames."""

from collections.abc import Callable, Sequence

import numpy as np

from watchword.data.clip_rows import Kept, fill_clips
from watchword.data.clips.flow_store import FlowStore
from watchword.data.store import FeatureStore
from watchword.encoders.frames import Frames

Look = Callable[[np.ndarray], np.ndarray]


class FramesTrunk:
    """A function from the frames of a clip to its row.

    look: runs the trunk of `encoder.looking`: pictures (B, size, size, 3) uint8 -> (B, ...) float32.
    batch: frames that it is given at a time. size: of the pictures, in pixels. shape: of one clip's row, (T, ...).
    """

    def __init__(self, encoder: Frames, look: Look, *, batch: int = 16) -> None:
        """Look at a blank picture, for the shape of a row."""
        self.encoder, self.look, self.batch, self.size = encoder, look, batch, encoder.size
        blank = look(np.zeros((1, self.size, self.size, 3), np.uint8))
        self.shape: tuple[int, ...] = (encoder.grid[1], *blank.shape[1:])

    def __call__(self, frames: np.ndarray) -> np.ndarray:
        """Return the row (T, ...) float32 of frames (T, size, size, 3) uint8."""
        parts = [self.look(frames[start : start + self.batch]) for start in range(0, len(frames), self.batch)]
        return np.concatenate(parts)

    def fill(
        self,
        store: FeatureStore,
        sources: Sequence[Kept],
        number: int = 0,
        *,
        progress: Callable[[int, int], None] | None = None,
    ) -> list[str]:
        """Return the key of every clip, or photo played as one, having stored the rows of view `number` that lacked.

        Flow pictures are kept beside the store, for other encoders that look at them.
        """
        playing = self.encoder.playing
        kept = store.folder.parent / "flow"
        flows = FlowStore(kept, size=self.size, method=playing.method) if playing.stream == "flow" else None
        return fill_clips(
            store,
            sources,
            lambda source: playing(source, self.size, number, flows),
            self,
            progress=progress,
        )
