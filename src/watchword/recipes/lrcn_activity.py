"""LRCN for activities: frames, one after another, through a CNN into an LSTM that says at each what is going on.

Paper 2 (Donahue et al. 2015), section 4: an LSTM of 256 units on what the CNN gives of every frame; the class is
predicted at each step, and the predictions are averaged, over the steps of a stretch of 16 frames and over
stretches that begin every 8 frames. `frames:…,count=64,rate=25` gives frames that follow each other in the clip, as
the paper has them, of its middle; without a rate they are spread over all of it. `cell=none` is its baseline: each
frame told by itself, then the mean. What comes in is RGB or flow, as the encoder has it
(`frames:of=efficientnet_lite0,count=32,stream=flow`); two models are fused by a weighted mean of their probabilities:
`watchword label --model rgb+flow --weights 1:2`.
The paper trains CNN and LSTM together (`encoder_rate`), and stands the LSTM on the first or the second fully
connected layer: `encoder=frames:of=caffenet:whole=fc6`.
Data: clips with a class each; the figures are UCF-101's, accuracy, LSTM on fc6 (table 1).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from watchword.core.settings import Amount, Count, Needs, Share
from watchword.data.classes import classes_of
from watchword.data.vocabulary import Vocabulary
from watchword.recipes.base import recipe
from watchword.training.settings import Labelling

if TYPE_CHECKING:
    from watchword.training.model import LabellingModel

PUBLISHED = {
    "single frame, UCF-101, 3 splits (paper 2, table 1)": {
        "RGB": 0.677,
        "flow": 0.7219,
        "1/2, 1/2": 0.7587,
        "1/3, 2/3": 0.7884,
    },
    "single frame, UCF-101, split 1 (paper 2, table 1)": {
        "RGB": 0.69,
        "flow": 0.722,
        "1/2, 1/2": 0.7571,
        "1/3, 2/3": 0.7904,
    },
    "LRCN-fc6, UCF-101, split 1 (paper 2, table 1)": {
        "RGB": 0.7112,
        "flow": 0.7695,
        "1/2, 1/2": 0.8197,
        "1/3, 2/3": 0.8292,
    },
    "LRCN-fc7, UCF-101, split 1 (paper 2, table 1)": {
        "RGB": 0.7068,
        "flow": 0.6936,
        "1/2, 1/2": 0.7901,
        "1/3, 2/3": 0.8051,
    },
    "LRCN-fc6, UCF-101, 3 splits (paper 2, table 1)": {
        "RGB": 0.6819,
        "flow": 0.7746,
        "1/2, 1/2": 0.8062,
        "1/3, 2/3": 0.8266,
    },
}


@dataclass(frozen=True)
class Settings(Labelling):
    """encoder: its name. frozen: units of it that never learn. cell: "lstm", or "none" to tell each frame by itself.

    width: of the LSTM. length: frames of a stretch. stride: frames between the beginnings of two stretches.
    dropout: share dropped of what is seen of a frame. dropout_after: of what the LSTM hands on.
    """

    encoder: str = "frames:of=efficientnet_lite0,count=16"
    frozen: Amount = 18
    cell: Literal["lstm", "none"] = "lstm"
    width: Annotated[Count, Needs("cell", ("lstm",))] = 256
    length: Annotated[Count, Needs("cell", ("lstm",))] = 16
    stride: Annotated[Count, Needs("cell", ("lstm",))] = 8
    dropout: Share = 0.9
    dropout_after: Annotated[Share, Needs("cell", ("lstm",))] = 0.5


@recipe(
    "lrcn_activity",
    settings=Settings,
    tiny={"encoder": "frames:of=plain_cnn,count=4", "frozen": 0, "width": 32, "dropout": 0.0, "dropout_after": 0.0},
    published=PUBLISHED,
)
def build(settings: Settings, vocabulary: Vocabulary) -> "LabellingModel":
    """Return the model for the classes that `vocabulary` holds."""
    from watchword.decoders.labelling import StepClassifier
    from watchword.encoders import encoders
    from watchword.training.model import LabellingModel

    encoder = encoders[settings.encoder](frozen=settings.frozen)
    labeller = StepClassifier(
        features=encoder.cells_width,
        classes=len(classes_of(vocabulary)),
        cell=settings.cell,
        width=settings.width,
        length=settings.length,
        stride=settings.stride,
        dropout=settings.dropout,
        dropout_after=settings.dropout_after,
    )
    return LabellingModel(encoder, labeller)
