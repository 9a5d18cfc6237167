"""Show and Tell: the picture as the first word of an LSTM.

Paper: Vinyals et al. 2015, the base of paper 4 (Zhu et al. 2016), whose joint training of CNN and
LSTM is `encoder_rate` and `encoder_start` here. LSTM: paper 1, equations (3)-(9) and (12).
Data: any with sentences; the figures are Flickr8k's test split.
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
    "Vinyals et al. 2015, Flickr8k (paper 5, table 3)": {"BLEU-1": 0.63, "BLEU-2": 0.41, "BLEU-3": 0.27},
    "paper 5's own model, Flickr8k (table 3)": {
        "BLEU-1": 0.579,
        "BLEU-2": 0.383,
        "BLEU-3": 0.245,
        "BLEU-4": 0.16,
        "METEOR": 0.167,
        "CIDEr-D": 0.318,
    },
    "paper 4, frozen, ImageCLEF (table 2)": {"METEOR": 0.133},
    "paper 4, joint, all data, ImageCLEF (table 2)": {"METEOR": 0.165},
}


@dataclass(frozen=True)
class Settings(Captioning):
    """encoder: its name. frozen: units of it that never learn. width: of LSTM and word vectors. dropout: share."""

    encoder: str = "efficientnet_lite0"
    frozen: Amount = 13
    width: Count = 512
    dropout: Share = 0.5


@recipe(
    "show_tell",
    settings=Settings,
    tiny={"encoder": "plain_cnn", "frozen": 0, "width": 64, "dropout": 0.0},
    published=PUBLISHED,
)
def build(settings: Settings, vocabulary: Vocabulary) -> "CaptioningModel":
    """Return the model for `vocabulary`."""
    from watchword.decoders.picture_first import PictureFirst
    from watchword.encoders import encoders
    from watchword.training.model import CaptioningModel

    encoder = encoders[settings.encoder](frozen=settings.frozen)
    decoder = PictureFirst(
        vocabulary=len(vocabulary), features=encoder.whole_width, width=settings.width, dropout=settings.dropout
    )
    return CaptioningModel(encoder, decoder)
