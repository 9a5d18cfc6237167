"""A matcher's bundle learns what fits everything, of the photos and sentences that it learnt from."""

from collections.abc import Sequence
from pathlib import Path

from watchword.cli.bundling import rewrite
from watchword.cli.datasets import read_all
from watchword.cli.datasets import split as split_of
from watchword.cli.failures import report
from watchword.cli.ranked import looked_and_read, ranked, similarities
from watchword.core.errors import BundleError, SettingsError
from watchword.core.evenly import evenly
from watchword.core.types import Example
from watchword.runtime.matcher import Matcher

_LEARNT = "train"
MOST, MOST_SENTENCES = 1000, 500  # evenly taken from the split
FEWEST = 200  # photos: by a hundred the ranks are no better, by twenty worse


def fit_querybank(folder: Path, data: str, images: str | None, split: str, *, half: bool = True) -> str:
    """Write both banks into the bundle folder of a matcher, of the training photos of a data set and their sentences.

    half: store weights as float16. The bundle's scores become those with the banks. Return how often what is right is
    found first in `split`, without them and with. Raises `SettingsError` for the split that is learnt from, and
    `BundleError` for too few photos.
    """
    from watchword.alignment.querybank import banks
    from watchword.training.export_matcher import write_banks

    if split == _LEARNT:
        raise SettingsError(f"the bank is of split {_LEARNT!r}: give another one to judge it by, as val")
    rows = read_all([data], [images] if images else [], [])
    judges = split_of(rows, split)
    held_back = {row.id for row in judges}  # of data without "val" every tenth photo to learn from is judged by
    matcher = Matcher(folder)
    learnt = [row for row in split_of(rows, _LEARNT) if row.id not in held_back]
    known, failures = looked_and_read(matcher, _some(learnt))
    read = [sentence.vectors for sentence in known.read if len(sentence.vectors)]
    if len(known.regions) < FEWEST or not read:
        report(failures)
        raise BundleError(
            f"{data} has {len(known.regions)} photos to learn from, with {len(read)} sentences of words: too few for a "
            f"bank; give {FEWEST} or more, or leave out --querybank"
        )
    if not matcher.manifest.averaged and max(map(len, read)) > 1:
        raise BundleError(
            f"the scores of recipe {matcher.manifest.recipe!r} are sums over words, and grow with the sentence: a bank "
            "is for those that are means over words, as contrastive_alignments has them; leave out --querybank"
        )
    found = banks(known.regions, read, similarities(known.regions, read), MOST_SENTENCES)
    write_banks(*found, len(matcher.boxes), matcher.width, folder, half)
    rewrite(folder, {})
    judged, wrong = ranked(Matcher(folder), _some(judges))
    report([*failures, *wrong])
    before, after = judged["without_querybank"], judged
    rewrite(folder, {"scores": {**matcher.manifest.scores, **{name: after[name] for name in before}}})
    return (
        f"querybank: of {len(known.regions)} photos to learn from; of {judged['photos']} in {split} a sentence of "
        f"their own comes first for {before['i2t_r1']:.1%} without it, {after['i2t_r1']:.1%} with it; the photo of a "
        f"sentence for {before['t2i_r1']:.1%} and {after['t2i_r1']:.1%}"
    )


def _some(rows: Sequence[Example]) -> list[Example]:
    """Return rows of photos with sentences, `MOST` at most, evenly taken."""
    told = [row for row in rows if row.path and row.sentences]
    return [told[i] for i in evenly(len(told), MOST)]
