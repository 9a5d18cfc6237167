"""Frames whose movement is known: a textured square that moves over a texture that stands still."""

import numpy as np


def frames(count=30, step=3, size=(160, 240), side=40, at=(60, 60), seed=0):
    """Return frames (count, H, L, 3): a square moves `step` pixels to the right a frame; 0 stands still."""
    random = np.random.default_rng(seed)
    ground, thing = (_texture(random, shape) for shape in (size, (side, side)))
    found = np.repeat(ground[None], count, 0)
    for number in range(count):
        left = at[1] + round(step * number) % (size[1] - side - at[1])
        found[number, at[0] : at[0] + side, left : left + side] = thing
    return np.repeat(found[..., None], 3, 3)


def _texture(random, shape):
    small = random.integers(40, 216, (-(-shape[0] // 4), -(-shape[1] // 4)), dtype=np.uint8)
    return small.repeat(4, 0).repeat(4, 1)[: shape[0], : shape[1]]


def write(path, pictures, fps=15):
    """Write frames as a clip, and return its path."""
    from fractions import Fraction

    import av

    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=fps)
        stream.height, stream.width = pictures.shape[1:3]
        stream.pix_fmt, stream.bit_rate = "yuv420p", 4_000_000
        for number, picture in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, fps)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path
