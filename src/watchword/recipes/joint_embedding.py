"""Joint embedding: the whole picture and the last state of an LSTM as two vectors, a sentence scored by their cosine.

Paper: 5, section 2 and table 1, "multimodal RNN"-like baselines without regions (Kiros et al. 2014), the global
baseline of the others; `hardest` holds only the nearest wrong pair against each right one (Faghri et al. 2018).
Data: any with sentences; the figures are Flickr8k's 1,000 test photos.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from watchword.core.settings import Amount, Count, Needs, Rate, Share
from watchword.data.vocabulary import Vocabulary
from watchword.recipes.base import recipe
from watchword.training.settings import Reading

if TYPE_CHECKING:
    from watchword.training.model import MatchingModel

PUBLISHED = {
    "Kiros et al. 2014 (as in paper 5), Flickr8k": {
        "i2t_r1": 0.135,
        "i2t_r5": 0.362,
        "i2t_r10": 0.457,
        "i2t_median": 13.0,
        "t2i_r1": 0.104,
        "t2i_r5": 0.31,
        "t2i_r10": 0.437,
        "t2i_median": 14.0,
    },
}


@dataclass(frozen=True)
class Settings(Reading):
    """Settings of the model, besides those of learning.

    encoder: its name. frozen: units of it that never learn. reader: the last state of an "lstm", or the last states
    of a GRU in both directions, "gated". width: of the common space. hidden: of the states. word_width: of the word
    vectors. hardest: only the nearest wrong pair counts, after the first `easy` steps.
    margin: of the loss. dropout: share.
    """

    weight_decay: Rate = 0.05
    encoder: str = "efficientnet_lite0"
    frozen: Amount = 18
    reader: Literal["lstm", "gated"] = "lstm"
    width: Count = 512
    hidden: Count = 512
    word_width: Count = 300
    hardest: bool = False
    easy: Annotated[Amount, Needs("hardest", (True,))] = 200
    margin: Rate = 0.2
    dropout: Share = 0.3


TINY = {"encoder": "plain_cnn", "frozen": 0, "width": 32, "hidden": 32, "word_width": 16, "dropout": 0.0}


@recipe("joint_embedding", settings=Settings, tiny=TINY, published=PUBLISHED)
def build(settings: Settings, vocabulary: Vocabulary) -> "MatchingModel":
    """Return the model for `vocabulary`."""
    from watchword.alignment.losses import Ranking
    from watchword.alignment.matcher import Matcher
    from watchword.encoders import encoders
    from watchword.training.model import MatchingModel

    encoder = encoders[settings.encoder](frozen=settings.frozen)
    matcher = Matcher(
        vocabulary=len(vocabulary),
        cells=encoder.cells_width,
        whole=encoder.whole_width,
        width=settings.width,
        hidden=settings.hidden,
        word_width=settings.word_width,
        reader=settings.reader,
        score="whole",
        dropout=settings.dropout,
        loss=Ranking(margin=settings.margin, hardest=settings.hardest, easy=settings.easy),
    )
    return MatchingModel(encoder, matcher)
