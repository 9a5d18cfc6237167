"""NeuralTalk's multimodal RNN: the picture is a bias of the first step, and never heard of again.

Paper: 5 (Karpathy and Fei-Fei 2017), section 3.2, equations (13)-(15); `cell=lstm` has an
LSTM (paper 1, equations (3)-(9)) in its place. The paper learnt with RMSprop and later with Adam
(`optimizer`), clipped each number of the gradient (here its length, `clip`) and began the output
bias at the words' frequencies, as every recipe here does.
Data: any with sentences; the figures are Flickr8k's, Flickr30k's and COCO's test splits.
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
    "Flickr8k (table 3)": {
        "BLEU-1": 0.579,
        "BLEU-2": 0.383,
        "BLEU-3": 0.245,
        "BLEU-4": 0.16,
        "METEOR": 0.167,
        "CIDEr-D": 0.318,
    },
    "Flickr30k (table 3)": {
        "BLEU-1": 0.573,
        "BLEU-2": 0.369,
        "BLEU-3": 0.24,
        "BLEU-4": 0.157,
        "METEOR": 0.153,
        "CIDEr-D": 0.247,
    },
    "COCO (table 3)": {
        "BLEU-1": 0.625,
        "BLEU-2": 0.45,
        "BLEU-3": 0.321,
        "BLEU-4": 0.23,
        "METEOR": 0.195,
        "CIDEr-D": 0.66,
    },
}


@dataclass(frozen=True)
class Settings(Captioning):
    """Settings of the model, besides those of learning.

    encoder: its name. frozen: units of it that never learn. width: of h. dropout: share.
    cell: an RNN with "relu" (the paper's) or "tanh", or "lstm". rectified: the RNN's activation over words too.
    word_width: of the word vectors.
    """

    encoder: str = "efficientnet_lite0"
    frozen: Amount = 13
    width: Count = 512
    cell: Literal["lstm", "tanh", "relu"] = "relu"
    rectified: Annotated[bool, Needs("cell", ("tanh", "relu"))] = False
    word_width: Count = 300
    dropout: Share = 0.5


TINY = {"encoder": "plain_cnn", "frozen": 0, "width": 64, "word_width": 32, "dropout": 0.0}


@recipe("neuraltalk", settings=Settings, tiny=TINY, published=PUBLISHED)
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
        rectified=settings.rectified,
        dropout=settings.dropout,
    )
    return CaptioningModel(encoder, decoder)
