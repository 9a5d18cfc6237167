"""What the interface for programs gives back, as rows for JSON."""

import math
from collections.abc import Callable
from typing import Any

from watchword.core.types import Sentence
from watchword.retrieval.hits import Hit
from watchword.web.abilities import Abilities, Aligned, Told

DOUBTFUL = 0.3  # below it, a word is pointed out as doubtful: the same bound as in runtime/confidence.py
Row = dict[str, Any]


def sentence_row(said: Sentence, grid: tuple[int, int] | None) -> Row:
    """Return a sentence, each word with its probability; looked: the weights (rows x columns) it looked with."""
    shares = [math.exp(log_prob) for log_prob in said.log_probs[: len(said.words)]]
    looked = [None] * len(said.words) if said.looked_at is None else said.looked_at.astype(float).round(4).tolist()
    cells = 0 if said.looked_at is None else said.looked_at.shape[1]
    rows, columns = grid if grid and math.prod(grid) == cells else (1, cells)
    return {
        "text": said.text,
        "words": [
            {"word": word, "probability": round(share, 4), "doubtful": share < DOUBTFUL, "looked": weights}
            for word, share, weights in zip(said.words, shares, looked, strict=True)
        ],
        "rows": rows,
        "columns": columns,
        "confidence": said.confidence,
        "labels": [{"name": name, "probability": round(share, 4)} for name, share in said.labels],
    }


def hit_row(hit: Hit, id: str, abilities: Abilities, *, alike: bool) -> Row:
    """Return a hit; the photo itself is asked for by its id. alike: whether it was searched with a photo."""
    return {
        "id": id,
        "name": abilities.shown(hit.path),
        "score": hit.score,
        "probability": hit.probability,
        "sentence": hit.sentence,
        "labels": list(hit.labels),
        "taken": hit.taken.isoformat(sep=" ") if hit.taken else None,
        "words": [] if alike or hit.state != "same" else _matches(hit, abilities.content),
        "state": hit.state,
    }


def _matches(hit: Hit, content: Callable[[str], bool]) -> list[Row]:
    return [
        {"word": match.word, "score": match.score, "box": list(match.box), "content": content(match.word)}
        for match in hit.words
    ]


def aligned_row(aligned: Aligned, beta: float) -> Row:
    """Return an alignment: words, and runs of them with their boxes."""
    return {
        "words": [{"word": word, "known": known} for word, known in zip(aligned.words, aligned.known, strict=True)],
        "runs": [
            {"first": run.first, "end": run.end, "box": list(run.box), "similarity": round(run.similarity, 4)}
            for run in aligned.runs
        ],
        "beta": beta,
        "most": aligned.most,
        "unread": list(aligned.unread),
    }


def told_row(told: Told) -> Row:
    """Return a region and its sentence."""
    return {"box": list(told.box), "text": told.text, "confidence": told.confidence}
