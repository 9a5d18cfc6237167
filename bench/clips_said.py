"""What models say of short clips, each clip as one stretch, beside what people said of them.

A model of photos is asked in three ways: of the middle frame, of every frame at 2 a second (the mean of their scores),
and of up to eight frames together, as a time line does; a model of clips is shown the clip.
Run: python bench/clips_said.py msvd/clips.jsonl [MODEL ...] [--said FILE.json]
"""

import argparse
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
from trainings import table  # the script beside this one

from watchword.cli.opening import captioner
from watchword.core.types import Example
from watchword.data.clips.frames import by_rate
from watchword.data.readers.open import read_dataset
from watchword.metrics.scorer import Scorer
from watchword.runtime.captioner import Captioner
from watchword.runtime.changes import Told
from watchword.runtime.speaking import OfFrames
from watchword.runtime.timeline import PER_SECOND

FIGURES = ("CIDEr-D", "BLEU-4", "METEOR", "ROUGE-L")
Ways = dict[str, list[list[str]]]


def said(model: Captioner, clips: list[Path]) -> Ways:
    """Return of each way the sentences of each clip, one or one for each frame."""
    if model.manifest.frames:
        return {"the clip": [[one.text] for one in model.describe(clips)]}
    found: Ways = {"the middle frame": [], "every frame, mean": [], "frames together": []}
    for clip in clips:
        frames = list(by_rate(clip, PER_SECOND, size=model.manifest.size))
        each = model.describe([frame.picture for frame in frames])
        stretch = [Told(frame.picture, frame.time, one) for frame, one in zip(frames, each, strict=True)]
        for name, texts in zip(
            found,
            (
                [each[len(each) // 2].text],
                [one.text for one in each],
                [OfFrames(model, {}).best(stretch, stretch[-1].time).sentence.text],
            ),
            strict=True,
        ):
            found[name].append(texts)
    return found


def figures(scorer: Scorer, ids: list[str], texts: list[list[str]]) -> list[str]:
    """Return the figures of what was said, the mean where there are several sentences of a clip."""
    if all(len(each) == 1 for each in texts):
        scores = scorer.score({name: one for name, (one,) in zip(ids, texts, strict=True)})
        return [f"{scores[name]:.3f}" for name in FIGURES]
    images = [name for name, each in zip(ids, texts, strict=True) for _ in each]
    scores = scorer.score_each(images, [one for each in texts for one in each])
    mean: Callable[[np.ndarray], float] = lambda values: float(  # noqa: E731
        np.mean([np.mean(values[[place for place, image in enumerate(images) if image == name]]) for name in ids])
    )
    return [f"{mean(scores.per_image[name]):.3f}" if name in scores.per_image else "" for name in FIGURES]


def main() -> None:
    """Describe the clips and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data")
    parser.add_argument("models", nargs="*", default=["small"])
    parser.add_argument("--said", type=Path, help="keep the sentences in this file")
    given = parser.parse_args()
    rows: list[Example] = [row for row in read_dataset(given.data) if row.path and row.sentences]
    ids, clips = [row.id for row in rows], [row.path for row in rows if row.path]
    scorer = Scorer({row.id: row.sentences for row in rows}, only=FIGURES)
    lines, kept = [], {}
    for name in given.models:
        for way, texts in said(captioner(name), clips).items():
            lines.append([name, way, *figures(scorer, ids, texts)])
            kept[f"{name}, {way}"] = dict(zip(ids, texts, strict=True))
    if given.said:
        given.said.write_text(json.dumps(kept, indent=1))
    print(f"{len(clips)} clips\n\n" + table(["model", "is shown", *FIGURES], lines))


if __name__ == "__main__":
    main()
