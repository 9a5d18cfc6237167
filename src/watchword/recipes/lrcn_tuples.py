"""LRCN's video description: LSTMs that say what a tuple of subject, verb and object says, in three forms.

Paper: 2 (Donahue et al. 2015), section 6, figure 10 and table 5. (a) `encoder_decoder`: a stack of LSTMs reads the
words of the likeliest tuple and then says the sentence; (b) `maxima`: it is shown that tuple, as 0 and 1, at every
step; (c) `probabilities`: it is shown the probabilities of all words at every step. The CRF is a chain over the
roles (`decoders.chain`), whose maximum and marginals these are. Two layers of LSTMs, the paper's.
Data: clips with sentences, and their tuples from one of two places: a file of them, filed by `watchword encoder
import` (`encoder=tuples:name=...,roles=...`), or a labeller that `watchword tuples learn` made (`labeller=FILE`, with
the encoder that it learnt with). The figures are TACoS Multi-Level's.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from watchword.core.errors import SettingsError, WatchwordError
from watchword.core.settings import Amount, Count, Share
from watchword.data.vocabulary import Vocabulary
from watchword.recipes.base import recipe
from watchword.training.settings import Captioning

if TYPE_CHECKING:
    from watchword.encoders.base import Encoder
    from watchword.training.model import CaptioningModel

PUBLISHED = {
    "(a) encoder-decoder, TACoS Multi-Level (table 5)": {"BLEU-4": 0.253},
    "(b) maxima, TACoS Multi-Level (table 5)": {"BLEU-4": 0.274},
    "(c) probabilities, TACoS Multi-Level (table 5)": {"BLEU-4": 0.288},
}


@dataclass(frozen=True)
class Settings(Captioning):
    """Settings of the model, besides those of learning.

    encoder: its name. frozen: units of it that never learn. labeller: a file, which has to stay where it is and
    never learns here, as in the paper; "" where the encoder gives tuples by itself. (Of frames without a labeller
    their vectors stand in the place of tuples: what is said then without any is a baseline.)
    form: "encoder_decoder" (a), "maxima" (b) or "probabilities" (c).
    width: of each LSTM and of the word vectors (the paper's: 1,000). layers: LSTMs in the stack. dropout: share.
    """

    encoder: str = "frames:of=efficientnet_lite0,count=16"
    frozen: Amount = 18
    labeller: str = ""
    form: Literal["encoder_decoder", "maxima", "probabilities"] = "probabilities"
    width: Count = 512
    layers: Count = 2
    dropout: Share = 0.5


TINY = {"encoder": "frames:of=plain_cnn,count=4", "frozen": 0, "width": 64, "dropout": 0.0}


@recipe("lrcn_tuples", settings=Settings, tiny=TINY, published=PUBLISHED)
def build(settings: Settings, vocabulary: Vocabulary) -> "CaptioningModel":
    """Return the model for `vocabulary`; `SettingsError` where the labeller learnt with another encoder."""
    from watchword.decoders.base import Decoder
    from watchword.decoders.tuple_labeller import load
    from watchword.decoders.tuples import ReadsTuples, SeesTuples
    from watchword.encoders import encoders
    from watchword.training.model import CaptioningModel

    encoder = encoders[settings.encoder](frozen=settings.frozen)
    whole, cells, labeller = encoder.whole_width, encoder.cells_width, None
    if settings.labeller:
        labeller = load(settings.labeller, cells=cells)
        _refuse_other_encoder(settings, encoder)
        whole = cells = sum(labeller.widths)
    decoder: Decoder
    if settings.form == "encoder_decoder":
        decoder = ReadsTuples(
            vocabulary=len(vocabulary),
            cells=cells,
            width=settings.width,
            layers=settings.layers,
            dropout=settings.dropout,
            labeller=labeller,
        )
    else:
        decoder = SeesTuples(
            maxima=settings.form == "maxima",
            labeller=labeller,
            vocabulary=len(vocabulary),
            features=cells if settings.form == "maxima" else whole,
            width=settings.width,
            layers=settings.layers,
            factored=False,
            dropout=settings.dropout,
        )
    return CaptioningModel(encoder, decoder)


def _refuse_other_encoder(settings: Settings, encoder: "Encoder") -> None:
    """Raise `SettingsError` unless what the labeller learnt from is what the encoder sees; its width alone may agree.

    How many frames are seen is free. Where the labeller's own encoder cannot be made any more, nothing can be said.
    """
    from watchword.decoders.tuple_labeller import encoder_of
    from watchword.encoders import encoders

    learnt = encoder_of(settings.labeller)
    try:
        other = encoders[learnt](frozen=settings.frozen)
    except WatchwordError:
        return
    if _sight(other) != _sight(encoder):
        raise SettingsError(
            f"{settings.labeller} learnt with encoder={learnt}, and {settings.encoder} sees something else: give that "
            "encoder, or learn a labeller with yours (`watchword tuples learn`)"
        )


def _sight(encoder: "Encoder") -> tuple[str, str]:
    """Return the network that looks at single frames, and what frames are of: "rgb" or "flow"."""
    from watchword.encoders.frames import frames_in

    frames = frames_in(encoder)
    return encoder.single.name, frames.playing.stream if frames else ""
