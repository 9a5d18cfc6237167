"""How far our figures are from `pycocoevalcap`'s: `python bench/agreement.py flickr8k predictions.json …`.

Needs Java. Each file of predictions is scored on the validation split; without any, the first sentence of each
photo is the candidate and the others are its references. Printed is the largest difference of any image, and of
the whole set.
"""

import contextlib
import io
import sys
from pathlib import Path
from typing import Any

import numpy as np
from pycocoevalcap.bleu.bleu import Bleu
from pycocoevalcap.cider.cider import Cider
from pycocoevalcap.meteor.meteor import Meteor
from pycocoevalcap.rouge.rouge import Rouge
from pycocoevalcap.tokenizer.ptbtokenizer import PTBTokenizer
from rich.console import Console
from rich.table import Table

from watchword.data.captions import pair, read_captions
from watchword.data.readers.open import read_dataset
from watchword.metrics.figures import BLEUS
from watchword.metrics.scorer import Scorer
from watchword.metrics.treebank.batch import tokenize_photos

METRICS = (*BLEUS, "METEOR", "ROUGE-L", "CIDEr-D")


def sets(data, predictions):
    """Yield a name, candidates and references by image: of each file of predictions, or people against people."""
    for path in predictions:
        found = pair(read_captions([Path(path)]), read_captions([Path(data)]), split="val")
        yield f"{Path(path).stem} on {Path(data).name}", found.candidates, found.references
    if not predictions:
        rows = [row for row in read_dataset(data) if row.split == "val" and len(row.sentences) > 1]
        candidates = {row.id: row.sentences[0] for row in rows}
        yield f"people on {Path(data).name}", candidates, {row.id: row.sentences[1:] for row in rows}


def published(candidates, references):
    """Return the package's tokens, its figures of the set by name, and those of each image."""
    said = {image: [{"caption": text}] for image, text in candidates.items()}
    theirs = {image: [{"caption": text} for text in texts] for image, texts in references.items()}
    tokenizer = PTBTokenizer()
    whole: dict[Any, Any] = {}
    each: dict[Any, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        theirs, said = tokenizer.tokenize(theirs), tokenizer.tokenize(said)
        for scorer, names in ((Bleu(4), BLEUS), (Meteor(), "METEOR"), (Rouge(), "ROUGE-L"), (Cider(), "CIDEr-D")):
            figure, images = scorer.compute_score(theirs, said)
            several = not isinstance(names, str)
            whole |= zip(names, figure, strict=True) if several else {names: figure}
            each |= zip(names, images, strict=True) if several else {names: images}
    return (said, theirs), whole, each


def main():
    """Print the table."""
    table = Table("set", "images", "captions tokenised otherwise", *METRICS)
    for name, candidates, references in sets(sys.argv[1], sys.argv[2:]):
        ours = Scorer(references).score({image: candidates[image] for image in references})
        (said, theirs), whole, each = published({image: candidates[image] for image in references}, references)
        mine = (tokenize_photos({image: [candidates[image]] for image in references}), tokenize_photos(references))
        other = sum(
            a != b
            for side, wanted in zip(mine, (said, theirs), strict=True)
            for image in side
            for a, b in zip(side[image], wanted[image], strict=True)
        )
        far = [
            f"{max(abs(ours[m] - whole[m]), np.abs(ours.per_image[m] - np.array(each[m])).max()):.0e}" for m in METRICS
        ]
        table.add_row(name, str(len(ours.images)), str(other), *far)
    Console(width=150).print(table)


if __name__ == "__main__":
    main()
