"""Consistent attention (aLSTMs): attention over frames, and a sentence that has to lie near its clip.

Paper: Gao et al. 2017, "Video Captioning with Attention-Based LSTM and Semantic Consistency" (paper 3, section
2.4): an LSTM of one layer reads the frames and begins the one that speaks and attends (section 2.4.2.2); what falls
is the loss of the words and the distance between sentence and clip in a space of both (sections 2.4.1 and 2.4.2.3).
Attention, output layer and tied word vectors are as in `show_attend_tell`.
Data: clips with sentences; the figures are test splits.
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
    "Gao et al. 2017, Inception-v3, MSVD": {"BLEU-4": 0.508, "METEOR": 0.333, "CIDEr-D": 0.748},
    "Gao et al. 2017, Inception-v3, MSR-VTT": {"BLEU-4": 0.38, "METEOR": 0.261},
}


@dataclass(frozen=True)
class Settings(Captioning):
    """Settings of the model, besides those of learning.

    encoder: its name. frozen: units of it that never learn. width: of LSTMs, word vectors and context.
    consistency: weight of the distance between sentence and clip; 0 leaves it out.
    attention: "additive" (the paper's) or "dot", with `heads`. dropout: share. tied: output = word vectors.
    """

    encoder: str = "frames:of=efficientnet_lite0,count=16"
    frozen: Amount = 18
    width: Count = 512
    consistency: Annotated[Rate, Needs("draws", (0,))] = 1.0
    attention: Literal["additive", "dot"] = "additive"
    heads: Annotated[Count, Needs("attention", ("dot",))] = 8
    dropout: Share = 0.5
    tied: bool = True


TINY = {"encoder": "frames:of=plain_cnn,count=4", "frozen": 0, "width": 64, "dropout": 0.0}


def objective(settings: Settings) -> "Objective | None":
    """Return both losses together, or None where sentences may lie anywhere."""
    from watchword.training.consistency import Consistent

    return Consistent(settings.label_smoothing, weight=settings.consistency) if settings.consistency else None


@recipe("consistent_attention", settings=Settings, tiny=TINY, published=PUBLISHED, objective=objective)
def build(settings: Settings, vocabulary: Vocabulary) -> "CaptioningModel":
    """Return the model for `vocabulary`."""
    from watchword.decoders.consistent_attending import ConsistentAttending
    from watchword.encoders import encoders
    from watchword.training.model import CaptioningModel

    encoder = encoders[settings.encoder](frozen=settings.frozen)
    decoder = ConsistentAttending(
        vocabulary=len(vocabulary),
        cells=encoder.cells_width,
        width=settings.width,
        attention=settings.attention,
        heads=settings.heads,
        dropout=settings.dropout,
        tied=settings.tied,
    )
    return CaptioningModel(encoder, decoder)
