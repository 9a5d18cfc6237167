"""From checkpoint to bundle: the card, the confidence, the folder or file."""

import json
import shutil
import zipfile

import numpy as np
import pytest
from PIL import Image

from tests.runtime import tiny
from watchword.cli.bundling import calibrated, pack, written_card
from watchword.core.errors import BundleError
from watchword.runtime.captioner import Captioner


@pytest.fixture
def bundle(tmp_path):
    return tiny.write_bundle(tmp_path / "bundle")


@pytest.fixture
def table(tmp_path):
    """Twelve photos, of which people call `wrong` by another name."""

    def write(wrong):
        lines = ["path,sentence,split"]
        for number in range(12):
            colour = tiny.COLOURS[number % 3]
            pixels = tiny.picture(colour) + np.uint8(number)
            Image.fromarray(pixels).save(tmp_path / f"{number}.png")
            lines.append(f"{number}.png,{'an odd thing' if number in wrong else f'a {colour} picture'},val")
        (tmp_path / "captions.csv").write_text("\n".join(lines))
        return str(tmp_path / "captions.csv")

    return write


def test_a_confidence_is_learnt_and_written_into_the_bundle(bundle, table):
    said = calibrated(bundle, table({0, 3, 5, 7, 8}), None, "val")
    assert said.startswith("confidence: 58.3% of 12 sentences right, expected calibration error")
    manifest = json.loads((bundle / "bundle.json").read_text())
    assert manifest["calibration"]["features"]
    assert {"CIDEr-D", "expected_calibration_error"} <= set(manifest["scores"])
    (sentence,) = Captioner.load(str(bundle)).describe([tiny.picture("red")])
    assert 0 < sentence.confidence < 1


@pytest.mark.parametrize(("wrong", "right"), [(set(), 12), (set(range(12)), 0)])
def test_all_right_or_all_wrong_teaches_no_confidence(bundle, table, wrong, right):
    before = (bundle / "bundle.json").read_text()
    with pytest.raises(
        BundleError, match=f"{right} of 12 sentences .* calibrate on more photos, or leave out --calibrate"
    ):
        calibrated(bundle, table(wrong), None, "val")
    assert (bundle / "bundle.json").read_text() == before


def test_without_val_it_is_calibrated_on_what_training_holds_out(bundle, table, capsys):
    path = table(set())
    with open(path, "r+") as file:
        text = file.read().replace(",val", ",train")
        file.seek(0)
        file.write(text)
    with pytest.raises(BundleError, match="2 of 2 sentences are right"):
        calibrated(bundle, path, None, "val")
    assert "every 10th photo instead, 2 in all" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["deep/packed", "deep/packed.zip"])
def test_a_packed_bundle_is_the_same_bundle(bundle, tmp_path, name):
    pack(bundle, tmp_path / name)
    if name.endswith(".zip"):
        with zipfile.ZipFile(tmp_path / name) as archive:
            assert sorted(archive.namelist()) == sorted(path.name for path in bundle.iterdir())
    assert Captioner.load(str(tmp_path / name)).describe([tiny.picture("blue")])[0].text
    with pytest.raises(BundleError, match="is there already: name another, or remove it"):
        pack(bundle, tmp_path / name)


@pytest.mark.parametrize("name", ["packed", "packed.zip"])
def test_a_bundle_is_packed_whole_or_not_at_all(bundle, tmp_path, monkeypatch, name):
    copied = []

    def full(*arguments, **options):
        copied.append(arguments)
        if len(copied) > 2:
            raise OSError(28, "No space left on device")
        return copy(*arguments, **options)

    copy = shutil.copyfile if name == "packed" else zipfile.ZipFile.write
    monkeypatch.setattr(*((shutil, "copyfile") if name == "packed" else (zipfile.ZipFile, "write")), full)
    with pytest.raises(OSError, match="No space left"):
        pack(bundle, tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == ["bundle"]


def test_a_card_is_text(tmp_path):
    (tmp_path / "card.md").write_text("# Größe\n", encoding="utf-8")
    assert written_card(tmp_path / "card.md") == "# Größe\n"
    (tmp_path / "card.md").write_bytes(b"%PDF\xff")
    with pytest.raises(BundleError, match="is not UTF-8 text: a model card is Markdown"):
        written_card(tmp_path / "card.md")
    (tmp_path / "card.md").write_text(" \n")
    with pytest.raises(BundleError, match=r"card\.md' is empty; give a Markdown file, or leave out --card"):
        written_card(tmp_path / "card.md")
    with pytest.raises(BundleError, match=r"nosuch\.md' cannot be read: No such file or directory; give a Markdown"):
        written_card(tmp_path / "nosuch.md")
