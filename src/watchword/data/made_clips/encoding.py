"""Pictures as an MP4 file."""

import contextlib
from pathlib import Path
from types import ModuleType

import numpy as np

from watchword.core.errors import DataError, SettingsError
from watchword.data.made_clips.world import RATE

# H.264 where this FFmpeg can write it, else MPEG-4 part 2, at about the same quality.
_CODECS = (("libx264", {"crf": "20", "preset": "veryfast"}), ("mpeg4", {"qmin": "3", "qmax": "6"}))


def write_clip(path: Path, frames: np.ndarray) -> None:
    """Write frames (T, H, L, 3) uint8, `RATE` a second, as an MP4 file, whole or not at all.

    H and L are even. Raises `SettingsError` without the package `av`, `DataError` where the file cannot be written.
    """
    av = library()
    draft = path.with_suffix(".new")
    try:
        with av.open(str(draft), "w", format="mp4") as container:
            name, options = _codec(av)
            stream = container.add_stream(name, rate=RATE, options=options)
            stream.height, stream.width = frames.shape[1:3]
            stream.pix_fmt = "yuv420p"
            stream.codec_context.thread_count = 1
            for pixels in frames:
                container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
            container.mux(stream.encode())
        draft.replace(path)
    except (OSError, av.FFmpegError) as error:
        raise DataError(f"{str(path)!r} cannot be written: {error}; check its folder and the disk") from error
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)


def library() -> ModuleType:
    """Return PyAV; `SettingsError` where it is not installed."""
    try:
        import av
    except ModuleNotFoundError:
        raise SettingsError("writing clips needs PyAV: pip install '.[video]' in the checkout of watchword") from None
    return av


def _codec(av: ModuleType) -> tuple[str, dict[str, str]]:
    return next((each for each in _CODECS if each[0] in av.codecs_available), _CODECS[-1])
