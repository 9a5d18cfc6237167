"""Visual-semantic alignments: words and regions as vectors of one space, a sentence scored by the best region of
each of its words.

Paper: 5, section 3.1: region embedding (1), bidirectional recurrent network (2)-(6), scores (8) or (7), loss
(9). Regions are what the encoder calls cells, and the whole picture: 19 boxes pooled or cropped with an encoder as
`regions:of=efficientnet_lite0`, or 49 places with `efficientnet_lite0` alone. Data: any with sentences; the figures
are Flickr8k's 1,000 test photos.

The paper learns from 100 pairs of a photo and one sentence a step, clips each number of the gradient at 5, and keeps
word2vec vectors as they are: `sentences=1`, `clip=0`, `clip_each=5`, `word_vectors=FILE`, `frozen_words=true`; its
learning rate is not told, and 0.01 and 0.001 are too high with that (docs/results.md). By itself a step here has all
five sentences of 100 photos, which is a pass over the data in a fifth of the steps, clips the whole gradient, and
learns its words.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from watchword.core.settings import Amount, Count, Rate, Share
from watchword.data.vocabulary import Vocabulary
from watchword.recipes.base import recipe
from watchword.training.settings import Reading

if TYPE_CHECKING:
    from watchword.training.model import MatchingModel

PUBLISHED = {
    "paper 5, Flickr8k": {
        "i2t_r1": 0.165,
        "i2t_r5": 0.406,
        "i2t_r10": 0.542,
        "i2t_median": 7.6,
        "t2i_r1": 0.118,
        "t2i_r5": 0.321,
        "t2i_r10": 0.447,
        "t2i_median": 12.4,
    },
}


@dataclass(frozen=True)
class Settings(Reading):
    """Settings of the model, besides those of learning, which are the paper's where it gives them.

    encoder: its name. frozen: units of it that never learn. score: equation (8), "best_region", or (7),
    "all_regions". width: of the common space. hidden: of the recurrences. word_width: of the word vectors.
    margin: of the loss; 40 for "all_regions", at 1 all its scores become 0.
    dropout: share, outside the recurrence.
    """

    batch: Count = 100
    sentences: Count = 5
    optimizer: Literal["sgd", "rmsprop", "adam", "adamw"] = "sgd"
    learning_rate: Rate = 0.01
    weight_decay: Rate = 1e-5
    schedule: Literal["constant", "cosine", "step"] = "cosine"
    encoder: str = "efficientnet_lite0"
    frozen: Amount = 18
    score: Literal["best_region", "all_regions"] = "best_region"
    width: Count = 512
    hidden: Count = 512
    word_width: Count = 300
    margin: Rate = 1.0
    dropout: Share = 0.2


TINY = {"encoder": "plain_cnn", "frozen": 0, "width": 32, "hidden": 32, "word_width": 16, "dropout": 0.0}


@recipe("deep_alignments", settings=Settings, tiny=TINY, published=PUBLISHED)
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
        reader="bidirectional",
        score=settings.score,
        dropout=settings.dropout,
        loss=Ranking(margin=settings.margin),
    )
    return MatchingModel(encoder, matcher)
