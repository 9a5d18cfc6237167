"""What decoding a clip may cost: a hostile file must not take the machine with it."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Limits:
    """Bounds of the process that decodes; whoever reaches one gets a `ClipError` that says which."""

    memory: int = 2 * 1024**3  # bytes; 8K H.264 with all its reference frames takes about half
    pixels: int = 36_000_000  # of one frame; 8,192 x 4,320 is allowed
    silence: float = 60.0  # seconds without a sign of life: a decoder that hangs
    wall: float = 12 * 3600.0  # seconds spent waiting for one clip, the caller's own work not counted
    threads: int = 2  # of the decoder; each holds frames of its own. 0: as many as there are cores

    def as_dict(self) -> dict[str, float]:
        """Return the bounds by name, as they are sent to the process."""
        return asdict(self)


LIMITS = Limits()
