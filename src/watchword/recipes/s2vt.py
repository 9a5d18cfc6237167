"""S2VT: two LSTMs read all the frames of a clip, then the same two say the sentence.

Paper: Venugopalan et al. 2015b, "Sequence to Sequence - Video to Text" (paper 3, section 2.3; the reading of a
sequence is paper 2's, section 3). Weights are shared between reading and speaking, and the loss is that of the
words alone. RGB and flow are two models, of `stream=rgb` and `stream=flow`, whose next words are scored together
(section 2.3.2.2): p = alpha p(RGB) + (1 - alpha) p(flow), with `--model rgb+flow --weights 6:4`;
`watchword evaluate rgb+flow --weights search` chooses alpha on a split.
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
    "flow, AlexNet, MSVD (paper 3, section 2.3.3)": {"METEOR": 0.243},
    "RGB, AlexNet, MSVD": {"METEOR": 0.279},
    "RGB, VGG, frames shuffled, MSVD": {"METEOR": 0.282},
    "RGB, VGG, MSVD (paper 3, section 2.3.3)": {"METEOR": 0.292},
    "RGB, VGG, and flow, AlexNet, MSVD (paper 3, section 2.3.3)": {"METEOR": 0.298},
}


@dataclass(frozen=True)
class Settings(Captioning):
    """Settings of the model, besides those of learning.

    encoder: its name. frozen: units of it that never learn. dropout: share.
    width: of both LSTMs. word_width: of the word vectors and of the space that frames are brought to.
    """

    encoder: str = "frames:of=efficientnet_lite0,count=16"
    frozen: Amount = 18
    width: Count = 1000
    word_width: Count = 500
    dropout: Share = 0.5


TINY = {"encoder": "frames:of=plain_cnn,count=4", "frozen": 0, "width": 64, "word_width": 32, "dropout": 0.0}


@recipe("s2vt", settings=Settings, tiny=TINY, published=PUBLISHED)
def build(settings: Settings, vocabulary: Vocabulary) -> "CaptioningModel":
    """Return the model for `vocabulary`."""
    from watchword.decoders.s2vt import S2VT
    from watchword.encoders import encoders
    from watchword.training.model import CaptioningModel

    encoder = encoders[settings.encoder](frozen=settings.frozen)
    decoder = S2VT(
        vocabulary=len(vocabulary),
        cells=encoder.cells_width,
        width=settings.width,
        words=settings.word_width,
        dropout=settings.dropout,
    )
    return CaptioningModel(encoder, decoder)
