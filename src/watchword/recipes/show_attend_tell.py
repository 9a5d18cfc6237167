"""Show, Attend and Tell, soft form: an LSTM that looks at the picture's cells before each word.

Paper: Xu et al. 2015, the attention that paper 3 takes up (sections 2.4 and 3.4). LSTM: paper 1,
equations (3)-(9). Beyond the paper, as settings: dot-product heads, tied word vectors, label
smoothing, joint training of the encoder (paper 4). Data: any with sentences; the figures are
Flickr8k's test split.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from watchword.core.settings import Amount, Count, Needs, Share
from watchword.data.vocabulary import Vocabulary
from watchword.recipes.base import recipe
from watchword.training.settings import Learning

if TYPE_CHECKING:
    from watchword.training.model import CaptioningModel

PUBLISHED = {
    "Xu et al. 2015, soft, Flickr8k": {
        "BLEU-1": 0.67,
        "BLEU-2": 0.448,
        "BLEU-3": 0.299,
        "BLEU-4": 0.195,
        "METEOR": 0.1893,
    },
}


@dataclass(frozen=True)
class Settings(Learning):
    """Settings of the model, besides those of learning.

    encoder: its name. frozen: units of it that never learn. width: of LSTM, word vectors and context.
    attention: "additive" (the paper's) or "dot", with `heads`. dropout: share. tied: output = word vectors.
    """

    label_smoothing: Annotated[Share, Needs("draws", (0,))] = 0.1
    encoder: str = "efficientnet_lite0"
    frozen: Amount = 13
    width: Count = 512
    attention: Literal["additive", "dot"] = "additive"
    heads: Annotated[Count, Needs("attention", ("dot",))] = 8
    dropout: Share = 0.5
    tied: bool = True


TINY = {"encoder": "plain_cnn", "frozen": 0, "width": 64, "dropout": 0.0, "label_smoothing": 0.0}


@recipe("show_attend_tell", settings=Settings, tiny=TINY, published=PUBLISHED)
def build(settings: Settings, vocabulary: Vocabulary) -> "CaptioningModel":
    """Return the model for `vocabulary`."""
    from watchword.decoders.attending import Attending
    from watchword.encoders import encoders
    from watchword.training.model import CaptioningModel

    encoder = encoders[settings.encoder](frozen=settings.frozen)
    decoder = Attending(
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
