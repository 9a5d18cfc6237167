import json
from dataclasses import replace

import numpy as np
import pytest
import torch

from watchword.core.errors import CheckpointError, SettingsError
from watchword.data.batches import Batch
from watchword.data.vocabulary import Vocabulary
from watchword.decoders.attending import Attending
from watchword.encoders import encoders
from watchword.training import checkpoints
from watchword.training.loop import Run, fit
from watchword.training.model import CaptioningModel
from watchword.training.objectives import CrossEntropy
from watchword.training.scheduled import Scheduled
from watchword.training.settings import Learning

VOCABULARY = Vocabulary.build([list("abcdefgh")], minimum=1)
LEARNING = Learning(
    epochs=3, batch=4, average=0.5, warmup=2, dtype="float32", encoder_rate=1e-3, encoder_start=1, views=2
)
STEPS = 3


def batches(epoch):
    """Three batches of four photos with two sentences each, other ones in each epoch."""
    random = np.random.default_rng(epoch)
    made = []
    for _ in range(STEPS):
        targets = random.integers(4, len(VOCABULARY), (4, 2, 5))
        words = np.concatenate([np.full((4, 2, 1), VOCABULARY.start), targets[:, :, :-1]], 2)
        mask = np.arange(5) < random.integers(1, 6, (4, 2, 1))
        rows, numbers = random.integers(0, 6, 4), np.tile(np.arange(2), (4, 1))
        made.append(Batch([], rows, words, targets, mask, np.ones(4, np.float32), numbers, np.zeros(4, np.int64)))
    return made


PICTURES = np.random.default_rng(1).integers(0, 255, (6, 32, 32, 3)).astype(np.uint8)


def seen(rows, views):
    """What a trunk without layers saw; the second view is a little brighter."""
    return ((PICTURES[rows].transpose(0, 3, 1, 2) + views[:, None, None, None]) / 127.5 - 1).astype(np.float32)


def make_run(folder, losses, figures=None, **changes):
    torch.manual_seed(0)
    encoder = encoders["plain_cnn"](channels=4, width=16)
    decoder = Attending(
        vocabulary=len(VOCABULARY), whole=16, cells=32, width=16, attention="dot", heads=2, dropout=0.3, tied=True
    )
    given = iter(figures or [0.1, 0.2, 0.3])
    return Run(
        model=CaptioningModel(encoder, decoder),
        learning=replace(LEARNING, **changes),
        folder=folder,
        vocabulary=VOCABULARY,
        batches=batches,
        seen=seen,
        validate=lambda: {"CIDEr-D": next(given)},
        objective=CrossEntropy(0.0),
        description={"recipe": "none", "settings": {}},
        on_step=lambda step, steps, loss: losses.append(loss),
    )


class Killed(Exception):
    pass


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_a_resumed_run_has_the_same_losses_bit_for_bit(tmp_path, monkeypatch, share):
    def scheduled(run):
        run.objective = Scheduled(run.objective, share, run.learning.epochs, (0, 1, 2))
        run.on_start = run.objective.begin
        return run

    monkeypatch.setattr("watchword.training.loop.SAVE_EVERY", -1)  # a checkpoint after each step
    straight: list[float] = []
    whole = scheduled(make_run(tmp_path / "a", straight))
    fit(whole)
    for stop in (2, 3, 5, 7):
        losses: list[float] = []

        def until(step, steps, loss, losses=losses, stop=stop):
            if len(losses) == stop:
                raise Killed
            losses.append(loss)

        killed = scheduled(make_run(tmp_path / str(stop), losses))
        killed.on_step = until
        with pytest.raises(Killed):
            fit(killed)
        resumed = scheduled(make_run(tmp_path / str(stop), losses, figures=[0.1, 0.2, 0.3][stop // STEPS :]))
        torch.manual_seed(99)
        fit(resumed, resume=True)
        assert losses == straight
        for mine, other in zip(resumed.model.parameters(), whole.model.parameters(), strict=True):
            assert torch.equal(mine, other)
    assert len(straight) == 9


def test_the_best_is_kept_and_patience_ends_the_run(tmp_path):
    losses: list[float] = []
    progress = fit(make_run(tmp_path, losses, figures=[0.2, 0.5, 0.4, 0.3, 0.9], epochs=5, patience=2))
    assert [row["CIDEr-D"] for row in progress.history] == [0.2, 0.5, 0.4, 0.3]
    assert checkpoints.read_description(tmp_path / "best")["scores"] == {"CIDEr-D": 0.5}
    assert len(losses) == 4 * STEPS


def test_the_encoder_stays_until_its_epoch(tmp_path):
    for epochs, moves in ((1, False), (2, True)):
        run = make_run(tmp_path / str(epochs), [], epochs=epochs)
        before = run.model.encoder.convolutions[0].weight.detach().clone()
        fit(run)
        assert torch.equal(run.model.encoder.convolutions[0].weight, before) != moves


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_keeping_labels_keeps_them(tmp_path, dtype):
    drift = {}
    for weight in (0.0, 100.0):
        figures = [0.1] * 15
        run = make_run(
            tmp_path / str(weight),
            [],
            figures,
            encoder_start=0,
            keep_labels=weight,
            encoder_rate=3e-4,
            epochs=15,
            patience=99,
            dtype=dtype,
        )
        pixels = torch.from_numpy(PICTURES)
        run.model.encoder.classifier.requires_grad_(False)
        before = run.model.encoder.classify(run.model.encoder(pixels)).detach()
        fit(run)
        drift[weight] = float((run.model.encoder.classify(run.model.encoder(pixels)).detach() - before).abs().max())
    assert 0 < drift[100.0] < drift[0.0] / 2


def test_labels_to_keep_are_the_first_encoders_after_resuming_too(tmp_path):
    changes = {"encoder_start": 0, "keep_labels": 50.0, "encoder_rate": 1e-2, "schedule": "constant", "warmup": 0}
    whole, resumed = (
        make_run(tmp_path / "a", [], epochs=2, **changes),
        make_run(tmp_path / "b", [], epochs=2, **changes),
    )
    fit(whole)
    fit(make_run(tmp_path / "b", [], epochs=1, **changes))
    fit(resumed, resume=True)
    for mine, other in zip(resumed.model.parameters(), whole.model.parameters(), strict=True):
        assert torch.equal(mine, other)


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_the_loss_falls(tmp_path, dtype):
    losses: list[float] = []
    run = make_run(tmp_path, losses, figures=[0.1] * 30, epochs=30, patience=99, dtype=dtype, learning_rate=1e-2)
    run.batches = lambda epoch: batches(0)
    fit(run)
    assert np.mean(losses[-3:]) < np.mean(losses[:3]) * 0.8


def test_a_loss_that_is_no_number_ends_the_run_before_it_is_saved(tmp_path):
    fit(make_run(tmp_path, [], epochs=1))
    good = (tmp_path / "last" / "weights.safetensors").read_bytes()
    run = make_run(tmp_path, [], epochs=2)
    run.objective = lambda decoder, features, batch: (features.whole.sum() * float("nan"), 1)
    with pytest.raises(
        SettingsError, match=r"the loss is nan at step 1 of epoch 2, .*: training diverged.*last is from before"
    ):
        fit(run, resume=True)
    assert (tmp_path / "last" / "weights.safetensors").read_bytes() == good


def test_a_gradient_that_is_no_number_never_reaches_the_weights(tmp_path):
    """A finite loss, as of a square root at 0, may have no finite gradient."""
    run = make_run(tmp_path, [], epochs=1)
    before = [parameter.detach().clone() for parameter in run.model.decoder.parameters()]
    run.objective = lambda decoder, features, batch: ((decoder.output.weight * 0).square().sum().sqrt(), 1)
    with pytest.raises(SettingsError, match=r"its gradient nan long: training diverged\. Lower learning_rate"):
        fit(run)
    for old, new in zip(before, run.model.decoder.parameters(), strict=True):
        assert torch.equal(old, new)
    assert not (tmp_path / "last").exists()


def test_a_clip_of_nothing_clips_nothing(tmp_path):
    losses: dict[float, list[float]] = {0.0: [], 1e12: [], 1e-3: []}
    for clip, seen_losses in losses.items():
        fit(make_run(tmp_path / str(clip), seen_losses, epochs=1, clip=clip, optimizer="sgd", momentum=0.0))
    assert losses[0.0] == losses[1e12] != losses[1e-3]


def test_each_number_of_the_gradient_is_clipped(tmp_path):
    """By plain descent at a rate of 1, no weight moves by more than that in a step; without it some do."""
    furthest = {}
    for size in (0.0, 1e-3):
        torch.manual_seed(0)
        plain = {"optimizer": "sgd", "momentum": 0.0, "weight_decay": 0.0, "schedule": "constant", "warmup": 0}
        run = make_run(
            tmp_path / str(size), [], epochs=1, average=0.0, clip=0.0, clip_each=size, learning_rate=1.0, **plain
        )
        before = {name: value.detach().clone() for name, value in run.model.head.named_parameters()}
        fit(run)
        moved = [(value.detach() - before[name]).abs().max() for name, value in run.model.head.named_parameters()]
        furthest[size] = float(max(moved))
    assert furthest[0.0] > 0.01
    assert 0.0005 < furthest[1e-3] <= STEPS * 1e-3 * 1.001


def test_nothing_is_pickled_and_everything_is_named(tmp_path):
    fit(make_run(tmp_path, [], epochs=1))
    for kind in ("last", "best"):
        names = {path.name for path in (tmp_path / kind).iterdir()}
        learning = {"learning.safetensors", "average.safetensors", "progress.json"} if kind == "last" else set()
        assert names == {"weights.safetensors", "checkpoint.json", "vocabulary.txt"} | learning
    assert json.loads((tmp_path / "last" / "progress.json").read_text())["epoch"] == 1


def test_a_kill_between_the_renames_is_mended(tmp_path):
    fit(make_run(tmp_path, [], epochs=1))
    (tmp_path / "last").rename(tmp_path / "last.old")
    losses: list[float] = []
    fit(make_run(tmp_path, losses, figures=[0.2], epochs=2), resume=True)
    assert len(losses) == STEPS


def test_the_best_is_mended_too(tmp_path):
    fit(make_run(tmp_path, [], epochs=1))
    (tmp_path / "best").rename(tmp_path / "best.old")
    fit(make_run(tmp_path, [], epochs=1), resume=True)
    assert (tmp_path / "best" / "weights.safetensors").is_file()


def test_the_folder_of_a_run_is_no_checkpoint(tmp_path):
    fit(make_run(tmp_path, [], epochs=1))
    with pytest.raises(CheckpointError, match=r"it has no checkpoint\.json; give .*best"):
        checkpoints.read_description(tmp_path)
    with pytest.raises(CheckpointError, match=r"it has no checkpoint\.json$"):
        checkpoints.read_description(tmp_path / "history.zip")


def test_a_file_that_cannot_be_written_is_named(tmp_path):
    with pytest.raises(CheckpointError, match=r"weights\.safetensors could not be written .* make room"):
        checkpoints.write_tensors({"a": torch.zeros(1)}, tmp_path / "gone" / "weights.safetensors")


def test_an_average_of_other_weights_is_refused(tmp_path):
    fit(make_run(tmp_path, [], epochs=1))
    other = make_run(tmp_path, [], epochs=2)
    other.model.encoder.convolutions[0].requires_grad_(False)
    with pytest.raises(CheckpointError, match="average is of other weights"):
        fit(other, resume=True)


def test_damage_is_named(tmp_path):
    fit(make_run(tmp_path, [], epochs=1))
    with pytest.raises(CheckpointError, match=r"elsewhere is not a checkpoint: it has no checkpoint\.json"):
        checkpoints.read_description(tmp_path / "elsewhere")
    (tmp_path / "best" / "weights.safetensors").write_bytes(b"short")
    with pytest.raises(CheckpointError, match=r"weights\.safetensors is damaged"):
        checkpoints.load_weights(tmp_path / "best", make_run(tmp_path, []).model)
    (tmp_path / "best" / "checkpoint.json").write_text("{")
    with pytest.raises(CheckpointError, match=r"checkpoint\.json is damaged"):
        checkpoints.read_description(tmp_path / "best")
    (tmp_path / "best" / "checkpoint.json").write_text('{"format": 9}')
    with pytest.raises(CheckpointError, match="reads checkpoints of format 1"):
        checkpoints.read_description(tmp_path / "best")


def test_weights_of_another_model_are_refused(tmp_path):
    fit(make_run(tmp_path, [], epochs=1))
    other = make_run(tmp_path, []).model
    other.decoder = Attending(
        vocabulary=len(VOCABULARY), whole=16, cells=32, width=8, attention="dot", heads=2, dropout=0.3, tied=True
    )
    with pytest.raises(CheckpointError, match="are not of this model"):
        checkpoints.load_weights(tmp_path / "best", other)
