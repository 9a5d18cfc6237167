"""How likely it is that what a search found is what was meant, so that nothing is returned when nothing fits."""

import math
from dataclasses import dataclass
from typing import Any

from watchword.core.errors import BundleError
from watchword.runtime.fields import Fields


@dataclass(frozen=True)
class OfPhoto:
    """A logistic model of any photo that a search found whose best answers it, as plain numbers.

    logit = per_word * (score / words) + words * (how many words) + rarity * (how rare the words are)
        + hubness * (how well the sentence fits photos in general) + bias

    How many photos were searched does not matter to one of them. least: the probability below which one is not shown.
    """

    per_word: float
    words: float
    bias: float
    rarity: float = 0.0
    hubness: float = 0.0
    least: float = 0.2

    def logit(self, each: Any, words: Any, rarity: Any, hubness: Any) -> Any:
        """Return the logit of a photo, or of many, whose score is `each` as a mean over the words."""
        return self.per_word * each + self.words * words + self.rarity * rarity + self.hubness * hubness + self.bias

    @classmethod
    def parse(cls, fields: Fields) -> "OfPhoto":
        """Read it from a bundle; `BundleError` for what is no number, or a `least` that is no probability."""
        found = cls(**{name: fields.take(name, float) for name in cls.__dataclass_fields__})
        _check_least(found.least, fields)
        return found


@dataclass(frozen=True)
class Calibration:
    """A logistic model of the best photo that a search found, as plain numbers.

    logit = per_word * (score / words) + words * (how many words) + photos * log(how many photos)
        + rarity * (how rare the words are, see `runtime.rarity`)
        + hubness * (how well the sentence fits photos in general, see `alignment.querybank`) + bias

    It belongs to one matcher: scores of another one mean something else. It also depends on how many photos were
    searched, for the best of many is good by chance, and on what is in them: it was fitted on photos of one data
    set, and an album in which everything looks alike has higher scores by chance than it knows of.

    least: the probability below which nothing fits. averaged: the score is a mean over the words already.
    photo: what is known of any other photo; None in calibrations of before.
    """

    per_word: float
    words: float
    bias: float
    photos: float = 0.0
    least: float = 0.5
    averaged: bool = False
    rarity: float = 0.0
    hubness: float = 0.0
    photo: OfPhoto | None = None

    @classmethod
    def parse(cls, fields: Fields, *, averaged: bool) -> "Calibration":
        """Read it from a bundle; `BundleError` for what is no number, or a `least` that is no probability."""
        found = cls(
            **{name: fields.take(name, float) for name in ("per_word", "words", "bias", "photos", "least")},
            rarity=fields.take("rarity", float, 0.0),
            hubness=fields.take("hubness", float, 0.0),
            averaged=averaged,
            photo=OfPhoto.parse(fields.inside("photo")) if "photo" in fields else None,
        )
        _check_least(found.least, fields)
        return found

    def probability(
        self, score: float, words: int, photos: int = 1, rarity: float = 0.0, hubness: float = 0.0
    ) -> float:
        """Return the probability, 0 to 1, that the best photo, of this `score` (equation 8), fits `words` words.

        photos: how many the search was among. rarity, hubness: of the sentence, as the matcher read it.
        """
        each = score if self.averaged else score / words
        logit = self.per_word * each + self.words * words + self.photos * math.log(max(photos, 1))
        return _logistic(logit + self.rarity * rarity + self.hubness * hubness + self.bias)

    def of_photo(self, score: float, words: int, rarity: float = 0.0, hubness: float = 0.0) -> float | None:
        """Return the probability that a photo of this score fits, if the best answers the search; None if unknown."""
        if self.photo is None:
            return None
        each = score if self.averaged else score / words
        return _logistic(float(self.photo.logit(each, words, rarity, hubness)))


def _check_least(least: float, fields: Fields) -> None:
    if not 0 <= least <= 1:
        raise BundleError(f"'least' in {fields.where} is {least}; it is from 0 to 1")


def _logistic(logit: float) -> float:
    return 1 / (1 + math.exp(-logit)) if logit >= 0 else math.exp(logit) / (1 + math.exp(logit))
