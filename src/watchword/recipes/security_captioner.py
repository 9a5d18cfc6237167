"""Captions for security cameras: an LSTM or an RNN that hears of the picture at its first step.

Paper: 1, equations (1)-(12): the RNN (1)-(2), the LSTM (3)-(9), the picture as a bias (10)-(12). Its
depth study is `encoder`, its comparison of networks `cell`, its word2vec `word_vectors`. It learnt in
steps of 25 with momentum .95 (`optimizer=sgd`), and best with Adam.
Data: any with sentences; the figures are those of COCO's validation set.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from watchword.core.settings import Amount, Count, Share
from watchword.data.vocabulary import Vocabulary
from watchword.recipes.base import recipe
from watchword.training.settings import Captioning

if TYPE_CHECKING:
    from watchword.training.model import CaptioningModel

# Section 4.3 gives "METEOR 62.74 and BLEU 19.62"; every figure of this field says that they are exchanged.
PUBLISHED = {"CNN of depth 16 and LSTM, COCO (section 4.3)": {"BLEU-1": 0.6274, "METEOR": 0.1962}}


@dataclass(frozen=True)
class Settings(Captioning):
    """Settings of the model, besides those of learning.

    encoder: its name. frozen: units of it that never learn. width: of h. dropout: share.
    cell: "lstm", or an RNN with "tanh" (the paper's) or "relu".
    word_width: of the word vectors; the paper's begin as word2vec's (`word_vectors`).
    """

    encoder: str = "efficientnet_lite0"
    frozen: Amount = 13
    width: Count = 512
    cell: Literal["lstm", "tanh", "relu"] = "lstm"
    word_width: Count = 300
    dropout: Share = 0.5


TINY = {"encoder": "plain_cnn", "frozen": 0, "width": 64, "word_width": 32, "dropout": 0.0}


@recipe("security_captioner", settings=Settings, tiny=TINY, published=PUBLISHED)
def build(settings: Settings, vocabulary: Vocabulary) -> "CaptioningModel":
    """Return the model for `vocabulary`."""
    from watchword.decoders.picture_bias import PictureBias
    from watchword.encoders import encoders
    from watchword.training.model import CaptioningModel

    encoder = encoders[settings.encoder](frozen=settings.frozen)
    decoder = PictureBias(
        vocabulary=len(vocabulary),
        features=encoder.whole_width,
        words=settings.word_width,
        width=settings.width,
        cell=settings.cell,
        dropout=settings.dropout,
    )
    return CaptioningModel(encoder, decoder)
