"""Small photos, instances and cut-outs, made for these tests."""

import json

import numpy as np
from PIL import Image, ImageDraw

COLOURS = {"dog": (200, 60, 40), "cat": (40, 60, 200), "cow": (240, 240, 90), "cup": (180, 40, 200)}


def photo_with(colour, seed, side=160):
    """A green, slightly noisy photo with an ellipse of a colour in the middle of its box 40..120."""
    image = Image.new("RGB", (side, side), (60, 140, 70))
    ImageDraw.Draw(image).ellipse((44, 44, 116, 116), colour)
    noise = np.random.default_rng(seed).normal(0, 6, (side, side, 3))
    return Image.fromarray(np.clip(np.asarray(image) + noise, 0, 255).astype(np.uint8))


def write_instances(folder, outline=False, each=3):
    """COCO instances of four names and their photos; returns file and folder of photos."""
    (folder / "photos").mkdir()
    images, rows = [], []
    for kind, colour in enumerate(COLOURS.values()):
        for place in range(each):
            number = 10 * kind + place
            photo_with(colour, number).save(folder / "photos" / f"{number:012d}.jpg", quality=95)
            images.append({"id": number, "file_name": f"{number:012d}.jpg", "width": 160, "height": 160})
            row = {"image_id": number, "bbox": [40, 40, 80, 80], "category_id": kind}
            rows.append(row | ({"segmentation": [[80, 44, 116, 116, 44, 116]]} if outline else {}))
    names = [{"id": kind, "name": name} for kind, name in enumerate(COLOURS)]
    (folder / "instances.json").write_text(
        json.dumps({"images": images, "annotations": rows, "categories": names}), encoding="utf-8"
    )
    return folder / "instances.json", folder / "photos"


def write_pictures(folder):
    """Pictures with transparency: two of a dog in a folder of its own, one each of three other things."""
    for name in ("dog/1.png", "dog/2.png", "red car_07.png", "cup.png", "Tree-1.png"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        image = Image.new("RGBA", (60, 40))
        ImageDraw.Draw(image).rectangle((10, 5, 49, 34), (200, 30, 30, 255))
        image.save(path)
    return folder
