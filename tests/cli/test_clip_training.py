"""From clips to a bundle through the commands: train, evaluate, export, describe; and features from files."""

import json
import shutil

import numpy as np
import pytest
import torch
from PIL import Image
from typer.testing import CliRunner

from tests.cli.made_clips import frames, save_clip
from watchword.cli.main import app
from watchword.core.errors import BundleError, PictureError, SettingsError
from watchword.data.played import Clip, Playing
from watchword.encoders import encoders
from watchword.recipes.base import rebuild
from watchword.runtime.captioner import Captioner
from watchword.runtime.together import Together
from watchword.training.stepper import TorchStepper

ENCODER = "frames:of=plain_cnn,count=4"
SETTINGS = [
    argument
    for setting in ("frozen=0", "width=32", "minimum=1", "batch=8", "dropout=0", "warmup=5", "learning_rate=1e-2")
    for argument in ("--set", setting)
]


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    """24 clips of a square that goes left or right, with a sentence that says so; a third for validation."""
    folder = tmp_path_factory.mktemp("ways")
    rows = []
    for number in range(24):
        way = ("left", "right")[number % 2]
        save_clip(frames(way, number), folder / f"{number}.mp4")
        split = "val" if number >= 16 else "train"
        rows.append({"path": f"{number}.mp4", "captions": [f"a square goes {way}", f"it goes {way}"], "split": split})
    (folder / "clips.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


def run(*arguments):
    done = CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.fixture(scope="module")
def trained(dataset, tmp_path_factory):
    """A run on clips in three views, its encoder as it is, and the bundle that it became."""
    folder = tmp_path_factory.mktemp("run")
    common = ["--data", dataset / "clips.jsonl", "--features", folder / "features", *SETTINGS]
    run("train", "lrcn_captioner", *common, "--set", f"encoder={ENCODER}", "--set", "frozen=5", "--set", "epochs=3",
        "--set", "views=3", "--output", folder / "run")  # fmt: skip
    run("export", folder / "run" / "best", folder / "bundle", "--float32")
    return folder


def test_what_is_kept_of_a_clip_is_a_vector_a_frame(trained):
    stores = sorted((trained / "features").iterdir())
    assert [store.name[-6:] for store in stores] == ["-view0", "-view1", "-view2"]
    header = json.loads((stores[0] / "header.json").read_text())
    assert (header["shape"][0], header["dtype"]) == (4, "<f2")
    assert len(header["shape"]) == 2
    rows = (stores[0] / "rows.bin").stat().st_size
    assert rows == 24 * 2 * np.prod(header["shape"])


def test_an_encoder_that_learns_keeps_the_maps_of_frames(dataset, tmp_path):
    run("train", "show_attend_tell", "--data", dataset / "clips.jsonl", "--features", tmp_path / "f", *SETTINGS,
        "--set", f"encoder={ENCODER}", "--set", "epochs=1", "--output", tmp_path / "run")  # fmt: skip
    (store,) = (tmp_path / "f").iterdir()
    shape = json.loads((store / "header.json").read_text())["shape"]
    assert (shape[0], len(shape)) == (4, 4)
    assert (tmp_path / "run" / "best").is_dir()


def test_evaluate_describes_clips_from_their_files(trained, dataset):
    scores = json.loads(run("evaluate", trained / "run" / "best", "--data", dataset / "clips.jsonl", "--json"))
    assert scores["photos"] == 8
    assert scores["not_described"] == 0
    again = json.loads(run("evaluate", trained / "bundle", "--data", dataset / "clips.jsonl", "--json"))
    assert again["CIDEr-D"] == pytest.approx(scores["CIDEr-D"], abs=1e-6)


def test_the_bundle_says_what_the_checkpoint_says(trained, dataset):
    """The same clips, the same words, log-probabilities equal to 1e-4."""
    model, vocabulary, _ = rebuild(trained / "run" / "best")
    opened = Captioner.load(trained / "bundle")
    assert opened.manifest.frames == Playing(4)
    assert opened.manifest.shapes.cells[0] == 4
    pixels = np.stack([Playing(4)(dataset / f"{number}.mp4", opened.manifest.size) for number in range(3)])
    stepper, features, _ = opened.look(pixels)
    with torch.inference_mode():
        expected = model.encoder(torch.from_numpy(pixels))
    for found, wanted in zip(features, expected, strict=True):
        assert np.allclose(found, wanted.numpy(), atol=1e-4)
    torch_stepper = TorchStepper(model.decoder)
    mine, theirs = stepper.start(features), torch_stepper.start(type(features)(*(e.numpy() for e in expected)))
    words = np.full((3, 1), vocabulary.start)
    for _ in range(4):
        (said, state), (told, other) = stepper.step(words, *mine), torch_stepper.step(words, *theirs)
        assert np.allclose(said.log_probs, told.log_probs, atol=1e-4)
        mine, theirs = (mine[0], state), (theirs[0], other)
        words = said.log_probs.argmax(-1)


def test_a_model_of_clips_takes_clips_in_every_form(trained, dataset):
    opened = Captioner.load(trained / "bundle")
    path = dataset / "0.mp4"
    (sentence,) = opened.describe([path])
    assert opened.describe([str(path), Clip(path)]) == [sentence, sentence]
    part = opened.describe([Clip(path, (0.0, 0.5))], batch=1)
    assert len(part) == 1
    photo = Image.new("RGB", (40, 40), "red")
    stills = opened.describe([photo, [photo] * 3, np.stack([np.asarray(photo)] * 5)])
    assert stills[0] == stills[1] == stills[2]
    ((_, gone),) = opened.describe_many([dataset / "gone.mp4"])
    assert isinstance(gone, PictureError)
    with pytest.raises(BundleError, match="describes clips, whose cells are frames"):
        opened.describe_regions(photo)


def test_a_model_of_photos_is_shown_the_middle_frame(dataset):
    opened = Captioner.load("small")
    middle = Playing(1)(dataset / "0.mp4", opened.manifest.size)[0]
    assert opened.describe([dataset / "0.mp4"]) == opened.describe([middle])


def test_an_encoder_of_photos_refuses_clips_with_a_way_out(dataset, tmp_path):
    with pytest.raises(SettingsError, match=r"0\.mp4 is a clip, .*encoder=frames:of=efficientnet_lite0"):
        run("train", "lrcn_captioner", "--data", dataset / "clips.jsonl", "--set", "encoder=plain_cnn",
            "--set", "frozen=0", "--output", tmp_path / "run", "--features", tmp_path / "f")  # fmt: skip


def test_published_features_are_learnt_from_and_judged(dataset, tmp_path):
    """Files of (80, 16) in place of clips: trained on, evaluated as in training, refused by export."""
    random = np.random.default_rng(0)
    (tmp_path / "feat").mkdir()
    for number in range(24):
        rows = random.normal(size=(80 - number, 16)).astype(np.float32) + np.linspace(0, number % 2, 16)
        np.save(tmp_path / "feat" / f"{number}.mp4.npy", rows)
    data = ["--data", dataset / "clips.jsonl", "--images", tmp_path / "feat"]
    encoder = ["--set", "encoder=clip_features:count=20,width=16", "--set", "epochs=1", "--set", "views=2"]
    common = ["--features", tmp_path / "f", "--output", tmp_path / "run"]
    run("train", "lrcn_captioner", *data, *SETTINGS, *encoder, *common)
    scores = json.loads(run("evaluate", tmp_path / "run" / "best", *data, "--json"))
    assert scores["photos"] == 8
    with pytest.raises(BundleError, match="reads features from files"):
        run("export", tmp_path / "run" / "best", tmp_path / "bundle")
    shutil.copy(dataset / "0.mp4", tmp_path / "feat" / "1.mp4.npy")
    with pytest.raises(PictureError, match=r"1\.mp4\.npy' holds no features of a clip"):
        run("train", "lrcn_captioner", *data, *SETTINGS, *encoder, "--features", tmp_path / "g",
            "--output", tmp_path / "other")  # fmt: skip


def test_models_of_frames_and_of_what_moves_describe_together(trained, dataset, tmp_path):
    pytest.importorskip("cv2")
    shutil.copytree(trained / "bundle", tmp_path / "flow")
    manifest = json.loads((tmp_path / "flow" / "bundle.json").read_text())
    manifest["frames"]["stream"] = "flow"
    (tmp_path / "flow" / "bundle.json").write_text(json.dumps(manifest))
    frames, flow = Captioner.load(trained / "bundle"), Captioner.load(tmp_path / "flow")
    (said,) = Together([frames, flow]).describe([dataset / "0.mp4"])
    alone = [opened.describe([dataset / "0.mp4"])[0].log_prob for opened in (frames, flow)]
    assert min(alone) - 1 < said.log_prob < max(alone) + 1


@pytest.mark.parametrize(
    ("frames", "message"),
    [
        ({"count": 5}, "clips of 5 pictures have not 4 cells"),
        ({"count": 4, "stream": "sound"}, "'stream' in .* is 'sound'; this version knows rgb and flow"),
        ({"count": 0}, "count"),
    ],
)
def test_a_bundle_whose_clips_make_no_sense_is_refused(trained, tmp_path, frames, message):
    shutil.copytree(trained / "bundle", tmp_path / "odd")
    manifest = json.loads((tmp_path / "odd" / "bundle.json").read_text())
    (tmp_path / "odd" / "bundle.json").write_text(json.dumps(manifest | {"frames": frames}))
    with pytest.raises(BundleError, match=message):
        Captioner.load(tmp_path / "odd")


def test_axes_are_those_of_each_frame():
    with pytest.raises(SettingsError, match=r"of frames it is each that is projected: frames:of=vgg16:pca=axes\.npz"):
        encoders["frames:of=plain_cnn,count=2,pca=axes.npz"](frozen=5)
