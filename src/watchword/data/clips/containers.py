"""Files to streams of video, and streams to packets, inside the process that decodes."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, TypeVar

from watchword.core.errors import ClipError
from watchword.data.clips.limits import Limits

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.packet import Packet
    from av.video.stream import VideoStream

Timed = TypeVar("Timed", "VideoStream", "AudioStream")

# What FFmpeg may take a file for. Left out on purpose: lists of other files (HLS, DASH, concat), which would have it
# open them, or ask the network; text drawn as a terminal; single pictures.
_FORMATS = (
    "aac,ac3,aiff,amr,asf,av1,avi,dhav,dv,eac3,evc,f4v,flac,flv,gxf,h261,h263,h264,hevc,ipmovie,ivf,loas,m4v,matroska,"
    "mjpeg,mov,mp3,mp4,mpeg,mpegts,mpegvideo,mxf,nsv,nut,obu,ogg,rm,vc1,vc1test,vvc,wav,webm,wtv,yuv4mpegpipe"
)
_BUFFER = 1 << 20  # bytes that are read at a time
_GIVE_UP = 100  # errors of the container one after another

# The first bytes of what people most often have in place of a clip.
_KINDS = {
    b"#EXTM3U": "it is a playlist, which only names clips; give the clips",
    b"<": "it is a web page or an XML document; perhaps a download that failed",
    b"version https://git-lfs": "it is a pointer to a file that Git LFS holds; run git lfs pull",
    b"PK\x03\x04": "it is a ZIP archive; unpack it first",
    b"\xff\xd8\xff": "it is a JPEG picture, no clip: describe it as a photo, by a name that ends in .jpg",
    b"\x89PNG": "it is a PNG picture, no clip: describe it as a photo, by a name that ends in .png",
    b"GIF8": "it is a GIF picture, no clip: describe it as a photo, by a name that ends in .gif",
}


class Opened(NamedTuple):
    """An open file."""

    file: BinaryIO
    container: "InputContainer"

    def close(self) -> None:
        """Close both."""
        self.container.close()
        self.file.close()


def open_video(path: str, limits: Limits) -> tuple[Opened, "VideoStream"]:
    """Open a file and its best stream of video, ready to decode. Raises `ClipError`, which does not name the file."""
    opened = open_file(path)
    try:
        stream = _best(opened.container)
        codec = stream.codec_context
        if codec is None:
            raise ClipError("no decoder is known for its video; save it anew as H.264")
        if codec.width * codec.height > limits.pixels:
            raise ClipError(
                f"its frames have {codec.width} x {codec.height} = {codec.width * codec.height / 1e6:,.0f} million "
                f"pixels; at most {limits.pixels / 1e6:,.0f} million are decoded; save it smaller"
            )
        codec.options = {"max_pixels": str(limits.pixels)}  # the stream itself may say something else than the header
        codec.thread_type, codec.thread_count = "AUTO", limits.threads
    except BaseException:
        opened.close()
        raise
    return opened, stream


def open_file(path: str) -> Opened:
    """Open a file of sound or video; `ClipError` if it is none."""
    import av
    from av.error import FFmpegError

    try:
        file = open(path, "rb")  # noqa: SIM115 - the container reads from it
    except OSError as error:
        raise ClipError(f"it cannot be opened: {error}; check the name and the disk") from None
    try:
        # An open file, not its name: FFmpeg takes some names for addresses or commands.
        return Opened(file, av.open(file, "r", buffer_size=_BUFFER, container_options={"format_whitelist": _FORMATS}))
    except MemoryError:
        file.close()
        raise
    except (FFmpegError, ValueError) as error:
        with file:
            file.seek(0)
            raise ClipError(_describe(file.read(64), getattr(error, "strerror", None) or str(error))) from None


def packets(
    container: "InputContainer",
    stream: Timed,
    alive: Callable[[], None],
    damaged: Callable[[], None],
) -> Iterator["Packet[Timed]"]:
    """Yield packets up to the end, the last one empty, which makes the decoder hand out what it holds back.

    alive: called at each. damaged: called at each damage between them, after which the next one may be whole.
    """
    from av.error import FFmpegError

    failures = 0
    while failures < _GIVE_UP:
        try:
            for packet in container.demux(stream):
                alive()
                failures = 0 if packet.size else failures
                yield packet
            return
        except (EOFError, IndexError):  # the second: PyAV at the end of a file in which another stream began midway
            return
        except FFmpegError as error:
            if isinstance(error, MemoryError):
                raise
            damaged()
            failures += 1


def _best(container: "InputContainer") -> "VideoStream":
    """Return the stream of moving pictures that a player would show."""
    from av.stream import Disposition

    moving = [stream for stream in container.streams.video if not stream.disposition & Disposition.attached_pic]
    if not moving:
        what = "only sound" if container.streams.audio else "neither pictures nor sound"
        raise ClipError(f"it holds {what}, no video stream; give a clip that has one")
    best = container.streams.best("video")
    return best if best in moving else moving[0]


def _describe(head: bytes, error: str) -> str:
    """Say what a file that begins with `head` seems to be, and what its owner can do."""
    for first, meaning in _KINDS.items():
        if head.startswith(first):
            return meaning
    if not head.strip(b"\0"):
        return "it is filled with zeros, as after a copy that was cut off; copy it again from where it came from"
    if head[4:8] == b"ftyp":
        return (
            "it begins as an MP4, but its index is missing or damaged, as after a recording or a copy that was cut "
            "off; copy it again from where it came from"
        )
    return f"it is no clip that FFmpeg knows, or its beginning is damaged ({error}); save it anew as MP4"
