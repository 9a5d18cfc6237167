"""Show, Attend and Tell: an LSTM that looks at the picture's cells before each word, softly or at one (`hard`).

Paper: Xu et al. 2015, the attention that paper 3 takes up (sections 2.4 and 3.4); hard: its section
4.1. LSTM: paper 1, equations (3)-(9). Beyond the paper, as settings: dot-product heads, tied word vectors, label
smoothing, joint training of the encoder (paper 4). Data: any with sentences; the figures are
Flickr8k's test split.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from watchword.core.settings import Amount, Count, Needs, Rate, Share
from watchword.data.vocabulary import Vocabulary
from watchword.recipes.base import recipe
from watchword.training.settings import Captioning

if TYPE_CHECKING:
    from watchword.training.model import CaptioningModel
    from watchword.training.objectives import Objective

PUBLISHED = {
    "Xu et al. 2015, soft, Flickr8k": {
        "BLEU-1": 0.67,
        "BLEU-2": 0.448,
        "BLEU-3": 0.299,
        "BLEU-4": 0.195,
        "METEOR": 0.1893,
    },
    "Xu et al. 2015, hard, Flickr8k": {
        "BLEU-1": 0.67,
        "BLEU-2": 0.457,
        "BLEU-3": 0.314,
        "BLEU-4": 0.213,
        "METEOR": 0.203,
    },
}


@dataclass(frozen=True)
class Settings(Captioning):
    """Settings of the model, besides those of learning.

    encoder: its name. frozen: units of it that never learn. width: of LSTM, word vectors and context.
    attention: "additive" (the paper's) or "dot", with `heads`. dropout: share. tied: output = word vectors.
    hard: one cell is looked at for a word, not all; reward, entropy: what a choice is worth by what was then said
    (lambda_r), and what keeps it open (lambda_e).
    """

    label_smoothing: Annotated[Share, Needs("draws", (0,))] = 0.1
    encoder: str = "efficientnet_lite0"
    frozen: Amount = 13
    width: Count = 512
    attention: Literal["additive", "dot"] = "additive"
    heads: Annotated[Count, Needs("attention", ("dot",))] = 8
    dropout: Share = 0.5
    tied: bool = True
    hard: bool = False
    reward: Annotated[Rate, Needs("hard"), Needs("draws", (0,))] = 0.1
    entropy: Annotated[Rate, Needs("hard"), Needs("draws", (0,))] = 0.002


TINY = {"encoder": "plain_cnn", "frozen": 0, "width": 64, "dropout": 0.0, "label_smoothing": 0.0}


def objective(settings: Settings) -> "Objective | None":
    """Return what the choice of a cell is learnt by, or None where all are looked at."""
    from watchword.training.choosing import Choosing

    return (
        Choosing(settings.label_smoothing, reward=settings.reward, entropy=settings.entropy) if settings.hard else None
    )


@recipe("show_attend_tell", settings=Settings, tiny=TINY, published=PUBLISHED, objective=objective)
def build(settings: Settings, vocabulary: Vocabulary) -> "CaptioningModel":
    """Return the model for `vocabulary`."""
    from watchword.decoders.attending import Attending
    from watchword.decoders.hard_attending import HardAttending
    from watchword.encoders import encoders
    from watchword.training.model import CaptioningModel

    encoder = encoders[settings.encoder](frozen=settings.frozen)
    decoder = (HardAttending if settings.hard else Attending)(
        vocabulary=len(vocabulary),
        whole=encoder.whole_width,
        cells=encoder.cells_width,
        width=settings.width,
        attention=settings.attention,
        heads=settings.heads,
        dropout=settings.dropout,
        tied=settings.tied,
    )
    return CaptioningModel(encoder, decoder)
