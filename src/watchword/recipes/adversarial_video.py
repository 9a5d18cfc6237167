"""LSTM-GAN: a video captioner whose sentences a discriminator tells from people's, and which learns to pass.

Paper: 3, section 2.2, which surveys Yang et al. 2018, "Video captioning by adversarial LSTM". The generator is an
LSTM encoder-decoder (section 2.2.2.2) or another decoder of clips; the discriminator a convolutional network that
sees sentence and clip (section 2.2.2.3). Both are trained alone first, then in turns; the generator's reward is the
discriminator's probability, by policy gradient, where Yang et al. pass a softened argmax.
Data: clips with sentences. Epochs `generator_epochs` + `discriminator_epochs` are over when the turns begin. The best
checkpoint is chosen by CIDEr-D, which is not what the turns are about: what they made is in `last/`, which `evaluate`
takes, too. The learning rate stays as it is, unless told otherwise, for the discriminator begins late. It is kept in
checkpoints and left out of bundles.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from watchword.core.errors import SettingsError
from watchword.core.settings import Amount, Count, Range, Rate, Share
from watchword.data.vocabulary import Vocabulary
from watchword.recipes.base import recipe
from watchword.training.settings import Captioning

if TYPE_CHECKING:
    from watchword.decoders.base import Decoder
    from watchword.encoders.base import Encoder
    from watchword.training.model import CaptioningModel
    from watchword.training.objectives import Objective

PUBLISHED = {"Yang et al. 2018, MSVD": {"BLEU-4": 0.429, "METEOR": 0.304}}


@dataclass(frozen=True)
class Settings(Captioning):
    """Settings of the model, besides those of learning.

    encoder: its name. frozen: units of it that never learn. dropout: share.
    generator: "encoder_decoder" (the survey's: LSTMs read the frames and then speak), "s2vt" or "attentive".
    width: of LSTMs and word vectors. layers: LSTMs of the generator, of those that read where it attends.
    generator_epochs, discriminator_epochs: of each alone, in this order. turns: steps of the discriminator to one of
    the generator after that. samples: sentences drawn of a clip in a step; the mean reward of the others is the
    baseline of each. anchor: how much of people's cross-entropy is added to the reward. judge: width of the
    discriminator.
    """

    epochs: Count = 30
    patience: Count = 30
    schedule: Literal["constant", "cosine", "step"] = "constant"
    encoder: str = "frames:of=efficientnet_lite0,count=16"
    frozen: Amount = 18
    generator: Literal["encoder_decoder", "s2vt", "attentive"] = "encoder_decoder"
    width: Count = 512
    layers: Count = 2
    dropout: Share = 0.5
    generator_epochs: Amount = 15
    discriminator_epochs: Amount = 2
    turns: Amount = 1
    samples: Annotated[int, Range(2)] = 4
    anchor: Rate = 0.5
    judge: Count = 128


TINY = {"encoder": "frames:of=plain_cnn,count=4", "frozen": 0, "width": 64, "dropout": 0.0, "judge": 16}


def objective(settings: Settings) -> "Objective | None":
    """Return what is learnt in turns; `SettingsError` where something else is to be learnt."""
    from watchword.training.adversarial import Adversarial

    if settings.draws:
        raise SettingsError(
            f"draws={settings.draws} learns from CIDEr-D, and nothing from the discriminator: leave it out; samples "
            "says how many sentences are drawn of a clip"
        )
    alone = settings.generator_epochs + settings.discriminator_epochs
    if settings.epochs <= alone:
        raise SettingsError(
            f"epochs={settings.epochs}: {alone} pass before the turns begin, and none would be left for them; give "
            f"epochs={alone + 1} or more, or fewer generator_epochs or discriminator_epochs"
        )
    return Adversarial(
        settings.label_smoothing,
        generator_epochs=settings.generator_epochs,
        discriminator_epochs=settings.discriminator_epochs,
        turns=settings.turns,
        draws=settings.samples,
        anchor=settings.anchor,
        max_words=settings.max_words,
    )


@recipe("adversarial_video", settings=Settings, tiny=TINY, published=PUBLISHED, objective=objective)
def build(settings: Settings, vocabulary: Vocabulary) -> "CaptioningModel":
    """Return the model for `vocabulary`."""
    from watchword.decoders.discriminator import Discriminator
    from watchword.encoders import encoders
    from watchword.training.model import CaptioningModel
    from watchword.training.validation import rules_for

    encoder = encoders[settings.encoder](frozen=settings.frozen)
    model = CaptioningModel(encoder, _generator(settings, encoder, len(vocabulary)))
    model.decoder.discriminator = Discriminator(
        vocabulary=len(vocabulary),
        start=vocabulary.start,
        end=vocabulary.end,
        never=rules_for(vocabulary).forbidden,
        cells=encoder.cells_width,
        width=settings.judge,
        dropout=settings.dropout,
    )
    return model


def _generator(settings: Settings, encoder: "Encoder", vocabulary: int) -> "Decoder":
    """Return the decoder that learns to pass."""
    from watchword.decoders.attentive_video import AttentiveVideo
    from watchword.decoders.s2vt import S2VT
    from watchword.decoders.tuples import ReadsTuples

    cells, width, dropout = encoder.cells_width, settings.width, settings.dropout
    if settings.generator == "s2vt":
        return S2VT(vocabulary=vocabulary, cells=cells, width=width, words=width, dropout=dropout)
    if settings.generator == "attentive":
        return AttentiveVideo(
            vocabulary=vocabulary,
            cells=cells,
            width=width,
            layers=settings.layers,
            attention="additive",
            heads=1,
            dropout=dropout,
            tied=True,
        )
    return ReadsTuples(vocabulary=vocabulary, cells=cells, width=width, layers=settings.layers, dropout=dropout)
