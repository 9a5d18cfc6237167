"""Mean pooling: the mean of a clip's frames, shown to a stack of LSTMs at every step. The baseline of all clips.

Paper: Venugopalan et al. 2015a ("Translating Videos to Natural Language Using Deep Recurrent Neural Networks"),
which paper 3's survey measures S2VT by (section 2.3.3). The stack is paper 2's, section 5, unfactored; its LSTM is
paper 1's (3)-(9). Nothing of the order of frames is left: shuffled, they give the same sentence.
Data: clips with sentences; the figures are MSVD's test split, METEOR.
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
    "Venugopalan et al. 2015a, AlexNet, MSVD": {"METEOR": 0.269},
    "Venugopalan et al. 2015b, mean pool, VGG, MSVD": {"METEOR": 0.277},
}


@dataclass(frozen=True)
class Settings(Captioning):
    """Settings of the model, besides those of learning.

    encoder: its name. frozen: units of it that never learn. dropout: share.
    width: of each LSTM and of the word vectors (the paper's: 1,000). layers: LSTMs in the stack.
    """

    encoder: str = "frames:of=efficientnet_lite0,count=16"
    frozen: Amount = 18
    width: Count = 512
    layers: Count = 2
    dropout: Share = 0.5


TINY = {"encoder": "frames:of=plain_cnn,count=4", "frozen": 0, "width": 64, "dropout": 0.0}


@recipe("mean_pooling", settings=Settings, tiny=TINY, published=PUBLISHED)
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
        factored=False,
        dropout=settings.dropout,
    )
    return CaptioningModel(encoder, decoder)
