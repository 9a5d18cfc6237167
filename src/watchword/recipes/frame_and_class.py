"""Frame and class: the classes of the middle frame begin the sentence, features of the clip go along at every word.

Paper: Shetty and Laaksonen 2015, "Video captioning with recurrent networks based on frame- and video-level features
and visual content classification" (paper 3, section 2.1), in the form that it found best (section 2.1.3): scores of
a classifier as the first input x(0), features of the clip as a second input from then on. The classifier is the
encoder's own; in place of dense trajectories stand mean, deviation and change of the frames' vectors
(`clip_features=mean` leaves the last two out).
Data: clips with sentences; the figures are MSR-VTT's test split, of the same authors' system a year later.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from watchword.core.settings import Amount, Count, Share
from watchword.data.vocabulary import Vocabulary
from watchword.recipes.base import recipe
from watchword.training.settings import Captioning

if TYPE_CHECKING:
    from watchword.training.model import CaptioningModel

PUBLISHED = {
    "Shetty and Laaksonen 2016, MSR-VTT challenge": {
        "BLEU-4": 0.398,
        "METEOR": 0.269,
        "ROUGE-L": 0.598,
        "CIDEr-D": 0.457,
    },
}


@dataclass(frozen=True)
class Settings(Captioning):
    """Settings of the model, besides those of learning.

    encoder: its name; it has classes of its own unless first=frame. frozen: units of it that never learn.
    first: what begins the sentence: the scores of the middle frame's "classes", the "frame" itself, or "both".
    clip_features: what goes along: the "mean" of the frames, or "moments": also their deviation and their change.
    width: of each LSTM and of the word vectors. layers: LSTMs in the stack. dropout: share.
    """

    encoder: str = "frames:of=efficientnet_lite0,count=16"
    frozen: Amount = 18
    first: Literal["classes", "frame", "both"] = "classes"
    clip_features: Literal["mean", "moments"] = "moments"
    width: Count = 512
    layers: Count = 1
    dropout: Share = 0.5


TINY = {"encoder": "frames:of=plain_cnn,count=4", "frozen": 0, "width": 64, "dropout": 0.0}


@recipe("frame_and_class", settings=Settings, tiny=TINY, published=PUBLISHED)
def build(settings: Settings, vocabulary: Vocabulary) -> "CaptioningModel":
    """Return the model for `vocabulary`; `SettingsError` where the encoder has no classes to begin from."""
    from watchword.decoders.frame_and_class import FrameAndClass, classifier_of
    from watchword.encoders import encoders
    from watchword.encoders.frames import frames_in
    from watchword.training.model import CaptioningModel

    encoder = encoders[settings.encoder](frozen=settings.frozen)
    frames = frames_in(encoder)
    alone = frames.encoder if frames else encoder
    told = None if settings.first == "frame" else classifier_of(alone, encoder.cells_width)
    decoder = FrameAndClass(
        vocabulary=len(vocabulary),
        cells=encoder.cells_width,
        classes=told,
        first=settings.first,
        clip_features=settings.clip_features,
        width=settings.width,
        layers=settings.layers,
        dropout=settings.dropout,
    )
    return CaptioningModel(encoder, decoder)
