"""LRCN: a stack of LSTMs that are shown the picture at every step.

Paper: 2 (Donahue et al. 2015), section 5 and figure 6's variants: one LSTM (`layers=1 factored=false`),
two unfactored (`factored=false`), two factored (the default) and four (`layers=4`). The LSTM is the
paper's of section 2, which is paper 1's (3)-(9).
Data: any with sentences; the figures are Flickr30k's and COCO's test photos.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from watchword.core.settings import Amount, Count, Share
from watchword.data.vocabulary import Vocabulary
from watchword.recipes.base import recipe
from watchword.training.settings import Captioning

if TYPE_CHECKING:
    from watchword.training.model import CaptioningModel

PUBLISHED = {
    "Flickr30k (table 3)": {"BLEU-1": 0.5872, "BLEU-2": 0.3906, "BLEU-3": 0.2512, "BLEU-4": 0.1646},
    "COCO (table 3)": {"BLEU-1": 0.6686, "BLEU-2": 0.4892, "BLEU-3": 0.3489, "BLEU-4": 0.2492},
}


@dataclass(frozen=True)
class Settings(Captioning):
    """Settings of the model, besides those of learning.

    encoder: its name. frozen: units of it that never learn. dropout: share.
    width: of each LSTM and of the word vectors (the paper's: 1,000). layers: LSTMs in the stack.
    factored: the lowest LSTM is left to language alone; takes two.
    """

    encoder: str = "efficientnet_lite0"
    frozen: Amount = 13
    width: Count = 512
    layers: Count = 2
    factored: bool = True
    dropout: Share = 0.5


TINY = {"encoder": "plain_cnn", "frozen": 0, "width": 64, "dropout": 0.0}


@recipe("lrcn_captioner", settings=Settings, tiny=TINY, published=PUBLISHED)
def build(settings: Settings, vocabulary: Vocabulary) -> "CaptioningModel":
    """Return the model for `vocabulary`."""
    from watchword.decoders.stacked import Stacked
    from watchword.encoders import encoders
    from watchword.training.model import CaptioningModel

    encoder = encoders[settings.encoder](frozen=settings.frozen)
    decoder = Stacked(
        vocabulary=len(vocabulary),
        features=encoder.whole_width,
        width=settings.width,
        layers=settings.layers,
        factored=settings.factored,
        dropout=settings.dropout,
    )
    return CaptioningModel(encoder, decoder)
