"""What is said of a clip: segments of its time, each with a sentence."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from watchword.core.types import Sentence
from watchword.runtime.agreement import content


@dataclass(frozen=True)
class Segment:
    """A stretch of a clip and what is said of it.

    start, end: in seconds from the clip's start; the next segment begins where this one ends.
    sentence: what is said; at: time of the frame that stands for it, in seconds.
    confidence: of that sentence, as `Sentence` has it. label: what is done there, where a labeller was given;
    label_probability: how likely that is.
    frame: the picture at `at`, squashed, (S, S, 3) uint8; None where it was not kept.
    """

    start: float
    end: float
    sentence: Sentence
    at: float
    confidence: float | None = None
    label: str | None = None
    label_probability: float | None = None
    frame: np.ndarray | None = field(default=None, compare=False, repr=False)


def merged(segments: Iterable[Segment]) -> Iterator[Segment]:
    """Yield segments, neighbours that say the same as one; each as soon as the next one is known to differ.

    Of those that become one, the surest gives the sentence, its frame and its label.
    """
    held: Segment | None = None
    for segment in segments:
        if held is None:
            held = segment
        elif _same(held, segment):
            surer = max(held, segment, key=lambda one: -1.0 if one.confidence is None else one.confidence)
            held = replace(surer, start=held.start, end=segment.end)
        else:
            yield held
            held = segment
    if held is not None:
        yield held


def _same(one: Segment, other: Segment) -> bool:
    """Tell whether two segments say the same: the same content words, or the same words, and the same label."""
    if one.label != other.label:
        return False
    mine, theirs = content(one.sentence), content(other.sentence)
    return mine == theirs if mine and theirs else one.sentence.words == other.sentence.words
