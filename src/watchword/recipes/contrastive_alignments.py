"""Contrastive alignments: as paper 5's, with cosines for dot products, a gated reader, and all pairs of a batch
weighed against each other by a softmax; the encoder's top learns, too.

Paper: beyond 5, whose figures are what it is to pass. The score is the mean over words of the best cosine, so neither
the length of a sentence nor that of a vector counts; the loss is cross-entropy both ways with a temperature that
learns (Radford et al. 2021). Data: any with sentences.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from watchword.core.settings import Amount, Count, Needs, Range, Rate, Share
from watchword.data.vocabulary import Vocabulary
from watchword.recipes.base import recipe
from watchword.recipes.deep_alignments import PUBLISHED
from watchword.training.settings import Reading

if TYPE_CHECKING:
    from watchword.training.model import MatchingModel
    from watchword.training.objectives import Objective


@dataclass(frozen=True)
class Settings(Reading):
    """Settings of the model, besides those of learning.

    encoder: its name. frozen: units of it that never learn. score: "normalised", by regions
    and words, or "whole", by one vector each. width: of the common space. hidden: of the states, each direction.
    word_width: of the word vectors. temperature: of the softmax at first. dropout: share.
    pointing: how much it counts that words point at the boxes that people drew for their phrases (`--phrases`); 0 if
    nothing is to be learnt from them.
    """

    weight_decay: Rate = 0.05
    encoder: str = "efficientnet_lite0"
    frozen: Amount = 18
    score: Literal["normalised", "whole"] = "normalised"
    width: Count = 512
    hidden: Count = 512
    word_width: Count = 300
    temperature: Annotated[float, Range(1e-3)] = 0.05
    dropout: Share = 0.3
    pointing: Annotated[Rate, Needs("score", ("normalised",))] = 0.0


TINY = {"encoder": "plain_cnn", "frozen": 0, "width": 32, "hidden": 32, "word_width": 16, "dropout": 0.0}


def objective(settings: Settings) -> "Objective | None":
    """Return what pointing is learnt by, or None where it is not."""
    from watchword.training.pointing import Pointing

    return Pointing(settings.pointing, settings.temperature) if settings.pointing else None


@recipe("contrastive_alignments", settings=Settings, tiny=TINY, published=PUBLISHED, objective=objective)
def build(settings: Settings, vocabulary: Vocabulary) -> "MatchingModel":
    """Return the model for `vocabulary`."""
    from watchword.alignment.losses import Contrastive
    from watchword.alignment.matcher import Matcher
    from watchword.encoders import encoders
    from watchword.training.model import MatchingModel

    encoder = encoders[settings.encoder](frozen=settings.frozen)
    matcher = Matcher(
        vocabulary=len(vocabulary),
        cells=encoder.cells_width,
        whole=encoder.whole_width,
        width=settings.width,
        hidden=settings.hidden,
        word_width=settings.word_width,
        reader="gated",
        score=settings.score,
        dropout=settings.dropout,
        loss=Contrastive(temperature=settings.temperature),
    )
    return MatchingModel(encoder, matcher)
