"""Attention on attention: an LSTM asks the picture's cells, and a gate asks whether the answer bears on the question.

Paper: none of the five; Huang et al. 2019, "Attention on Attention for Image Captioning", section 3, with 7 x 7 cells
in place of regions; what else is otherwise says `decoders.attention_on_attention.AttentionOnAttention`.
Data: any with sentences; the figures are COCO's test photos of Karpathy's split, learnt from people's sentences.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from watchword.core.settings import Amount, Count, Needs, Share
from watchword.data.vocabulary import Vocabulary
from watchword.recipes.base import recipe
from watchword.training.settings import Captioning

if TYPE_CHECKING:
    from watchword.training.model import CaptioningModel

PUBLISHED = {
    "Huang et al. 2019, COCO, regions (table 1)": {
        "BLEU-1": 0.774,
        "BLEU-4": 0.372,
        "METEOR": 0.284,
        "ROUGE-L": 0.575,
        "CIDEr-D": 1.198,
    },
}


@dataclass(frozen=True)
class Settings(Captioning):
    """Settings of the model, besides those of learning.

    encoder: its name. frozen: units of it that never learn. width: of LSTM, word vectors, cells and answer.
    heads: of every attention. layers: how many times the cells look at each other first (6 in the paper).
    dropout: share. tied: output = word vectors.
    """

    label_smoothing: Annotated[Share, Needs("draws", (0,))] = 0.1
    encoder: str = "efficientnet_lite0"
    frozen: Amount = 13
    width: Count = 512
    heads: Count = 8
    layers: Amount = 2
    dropout: Share = 0.5
    tied: bool = True


TINY = {"encoder": "plain_cnn", "frozen": 0, "width": 64, "layers": 1, "dropout": 0.0, "label_smoothing": 0.0}


@recipe("attention_on_attention", settings=Settings, tiny=TINY, published=PUBLISHED)
def build(settings: Settings, vocabulary: Vocabulary) -> "CaptioningModel":
    """Return the model for `vocabulary`."""
    from watchword.decoders.attention_on_attention import AttentionOnAttention
    from watchword.encoders import encoders
    from watchword.training.model import CaptioningModel

    encoder = encoders[settings.encoder](frozen=settings.frozen)
    decoder = AttentionOnAttention(
        vocabulary=len(vocabulary),
        whole=encoder.whole_width,
        cells=encoder.cells_width,
        width=settings.width,
        heads=settings.heads,
        layers=settings.layers,
        dropout=settings.dropout,
        tied=settings.tied,
    )
    return CaptioningModel(encoder, decoder)
