"""What an index says of itself: the one row of its table `about`."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from watchword.core.errors import RetrievalError
from watchword.retrieval.calibration import Calibration, from_numbers
from watchword.retrieval.matching import Matcher

FORMAT = 2  # 1 had no column hubness


@dataclass(frozen=True)
class About:
    """What the vectors of an index are. model: key of the model that looked. width: D.

    tables: what the names of its tables end in, which is another each time that the index is made anew.
    """

    model: str
    width: int
    calibration: Calibration | None = None
    format: int = FORMAT
    tables: str = ""

    def to_json(self) -> str:
        """Return it as text."""
        return json.dumps(asdict(self))


def anew(place: str) -> str:
    """Say how the index at `place`, as messages quote it, is made anew."""
    return f"make it anew (watchword index FOLDER --index {place} --rebuild, or update(..., rebuild=True))"


def from_json(text: str, place: str) -> About:
    """Read it back; `RetrievalError` if it is damaged, or of a version that is not read here."""
    try:
        found: dict[str, Any] = json.loads(text)
        version = int(found["format"])
        numbers = found.get("calibration")
        calibration = from_numbers(numbers) if numbers else None
        about = About(str(found["model"]), int(found["width"]), calibration, version, str(found.get("tables", "")))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise RetrievalError(f"the index {place} does not say what it is; {anew(place)}") from None
    if version != FORMAT:
        newer = "update watchword, or " if version > FORMAT else ""
        raise RetrievalError(
            f"the index {place} has format {version}; format {FORMAT} is read here; {newer}{anew(place)}"
        )
    return about


def check_model(about: About, matcher: Matcher, place: str) -> None:
    """Raise `RetrievalError` unless an index is of this model."""
    if (about.model, about.width) != (matcher.key, matcher.width):
        raise RetrievalError(
            f"the index {place} is of the model {about.model[:12]!r} ({about.width} wide), not of {matcher.key[:12]!r} "
            f"({matcher.width} wide); take that model, or {anew(place)}"
        )
