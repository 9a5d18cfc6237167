"""When each act of a clip begins and ends."""

import numpy as np

from watchword.data.made_clips.acts import Act
from watchword.data.made_clips.world import Event

SHORTEST, LONGEST = 24, 32  # frames of a clip
_SHARES = {"appear": 0.4, "disappear": 0.4, "stay": 1.1, "pass behind": 1.4, "pass in front of": 1.4}
_UNSEEN = 5  # frames without a thing that is to appear, or has disappeared


def timed(acts: list[Act], random: np.random.Generator) -> tuple[int, tuple[Event, ...]]:
    """Return how many frames a clip has, and its events: one after the other, with a frame or two between them.

    A thing that follows sets out four or five frames after the one that it follows, and arrives as much later.
    What happens fills the clip, so that only a thing that stays is seen to stay.
    """
    frames = int(random.integers(SHORTEST, LONGEST + 1))
    first = _UNSEEN if acts[0].verb == "appear" else int(random.integers(1, 3))
    last = frames - 1 - (_UNSEEN if acts[-1].verb == "disappear" else int(random.integers(1, 3)))
    if acts[-1].verb == "follow":
        late = int(random.integers(4, 6))
        spans = [(first, last - late), (first + late, last)]
    else:
        shares = np.array([_SHARES.get(each.verb, 1.0) * random.uniform(0.85, 1.15) for each in acts])
        gaps = random.integers(1, 3, len(acts) - 1)
        lengths = shares / shares.sum() * (last - first - gaps.sum())
        ends = first + np.cumsum(lengths) + np.concatenate([[0], np.cumsum(gaps)])
        spans = [(round(end - length), round(end)) for end, length in zip(ends, lengths, strict=True)]
    return frames, tuple(
        Event(each.verb, each.actor, each.target, start, end, each.way)
        for each, (start, end) in zip(acts, spans, strict=True)
    )
