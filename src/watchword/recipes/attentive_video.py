"""Attentive video: a stack of LSTMs reads the frames, another looks at the moments that matter for each word.

Paper: 3, its own model: the stack that encodes (sections 1.1 and 3.3), attention over time (section 3.4), soft, or
hard (`hard`, section 3.4.1; Xu et al. 2015, section 4.1). LSTM: paper 1, equations (3)-(9). What the decoder does
with what it looked at, and tied word vectors, are as in `show_attend_tell`.
Data: clips with sentences. Paper 3 gives no figures; those here are of the attention over time that it
takes up, Yao et al. 2015, on MSVD's test split.
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
    "Yao et al. 2015, GoogLeNet, attention, MSVD": {"BLEU-4": 0.4028, "METEOR": 0.29, "CIDEr-D": 0.4801},
    "Yao et al. 2015, GoogLeNet and 3-D CNN, attention, MSVD": {"BLEU-4": 0.4192, "METEOR": 0.296, "CIDEr-D": 0.5167},
}


@dataclass(frozen=True)
class Settings(Captioning):
    """Settings of the model, besides those of learning.

    encoder: its name. frozen: units of it that never learn. width: of LSTMs, word vectors and context.
    layers: LSTMs in the stack that reads. attention: "additive" (the paper's) or "dot", with `heads`.
    dropout: share. tied: output = word vectors.
    hard: one moment is looked at for a word, not all; reward, entropy: what a choice is worth by what was then said
    (lambda_r), and what keeps it open (lambda_e).
    """

    encoder: str = "frames:of=efficientnet_lite0,count=16"
    frozen: Amount = 18
    width: Count = 512
    layers: Count = 2
    attention: Literal["additive", "dot"] = "additive"
    heads: Annotated[Count, Needs("attention", ("dot",))] = 8
    dropout: Share = 0.5
    tied: bool = True
    hard: bool = False
    reward: Annotated[Rate, Needs("hard"), Needs("draws", (0,))] = 0.1
    entropy: Annotated[Rate, Needs("hard"), Needs("draws", (0,))] = 0.002


TINY = {"encoder": "frames:of=plain_cnn,count=4", "frozen": 0, "width": 64, "dropout": 0.0}


def objective(settings: Settings) -> "Objective | None":
    """Return what the choice of a moment is learnt by, or None where all are looked at."""
    from watchword.training.choosing import Choosing

    return (
        Choosing(settings.label_smoothing, reward=settings.reward, entropy=settings.entropy) if settings.hard else None
    )


@recipe("attentive_video", settings=Settings, tiny=TINY, published=PUBLISHED, objective=objective)
def build(settings: Settings, vocabulary: Vocabulary) -> "CaptioningModel":
    """Return the model for `vocabulary`."""
    from watchword.decoders.attentive_video import AttentiveVideo, HardAttentiveVideo
    from watchword.encoders import encoders
    from watchword.training.model import CaptioningModel

    encoder = encoders[settings.encoder](frozen=settings.frozen)
    decoder = (HardAttentiveVideo if settings.hard else AttentiveVideo)(
        vocabulary=len(vocabulary),
        cells=encoder.cells_width,
        width=settings.width,
        layers=settings.layers,
        attention=settings.attention,
        heads=settings.heads,
        dropout=settings.dropout,
        tied=settings.tied,
    )
    return CaptioningModel(encoder, decoder)
