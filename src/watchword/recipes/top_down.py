"""Top-down attention: one LSTM asks the picture's cells, another speaks.

Paper: none of the five; Anderson et al. 2018, equations (2)-(6), with 7 x 7 cells in place of regions,
and with the gate and output layer of Xu et al. 2015. Settings are those of `show_attend_tell`.
Data: any with sentences; the figures are COCO's test photos of Karpathy's split, learnt from people's sentences.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from watchword.core.settings import Amount, Count, Needs, Share
from watchword.data.vocabulary import Vocabulary
from watchword.recipes.base import recipe
from watchword.training.settings import Captioning

if TYPE_CHECKING:
    from watchword.training.model import CaptioningModel

PUBLISHED = {
    "Anderson et al. 2018, COCO, a grid of cells (table 1)": {
        "BLEU-1": 0.745,
        "BLEU-4": 0.334,
        "METEOR": 0.261,
        "ROUGE-L": 0.544,
        "CIDEr-D": 1.054,
    },
    "Anderson et al. 2018, COCO, regions (table 1)": {
        "BLEU-1": 0.772,
        "BLEU-4": 0.362,
        "METEOR": 0.27,
        "ROUGE-L": 0.564,
        "CIDEr-D": 1.135,
    },
}


@dataclass(frozen=True)
class Settings(Captioning):
    """Settings of the model, besides those of learning.

    encoder: its name. frozen: units of it that never learn. width: of both LSTMs, word vectors and context.
    attention: "dot", with `heads`, or "additive" (the paper's). dropout: share. tied: output = word vectors.
    """

    label_smoothing: Annotated[Share, Needs("draws", (0,))] = 0.1
    encoder: str = "efficientnet_lite0"
    frozen: Amount = 13
    width: Count = 512
    attention: Literal["additive", "dot"] = "dot"
    heads: Annotated[Count, Needs("attention", ("dot",))] = 8
    dropout: Share = 0.5
    tied: bool = True


TINY = {"encoder": "plain_cnn", "frozen": 0, "width": 64, "dropout": 0.0, "label_smoothing": 0.0}


@recipe("top_down", settings=Settings, tiny=TINY, published=PUBLISHED)
def build(settings: Settings, vocabulary: Vocabulary) -> "CaptioningModel":
    """Return the model for `vocabulary`."""
    from watchword.decoders.top_down import TopDown
    from watchword.encoders import encoders
    from watchword.training.model import CaptioningModel

    encoder = encoders[settings.encoder](frozen=settings.frozen)
    decoder = TopDown(
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
