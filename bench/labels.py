"""How far the labels of a model that was trained jointly are from those of the published encoder it began from.

Run: python bench/labels.py DATASET [--split val] [--model small]
"""

import argparse

import numpy as np
import torch

import watchword
from watchword.data.pictures import open_picture
from watchword.data.readers.open import read_dataset
from watchword.encoders import encoders
from watchword.training.trunks import Trunk

SURE = 0.5
BATCH = 32


def main() -> None:
    """Print how often both name the same class."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("dataset")
    arguments.add_argument("--split", default="val")
    arguments.add_argument("--model", default="small")
    given = arguments.parse_args()
    paths = [row.path for row in read_dataset(given.dataset) if row.split == given.split and row.path]
    model, published = watchword.load(given.model), encoders["efficientnet_lite0"](frozen=13)
    trunk = Trunk(published)
    same, among, sure = [], [], []
    for start in range(0, len(paths), BATCH):
        pixels = np.stack([open_picture(path, published.size) for path in paths[start : start + BATCH]])
        with torch.inference_mode():
            chances = published.classify(published.top(torch.from_numpy(trunk(pixels)).float())).numpy()
        for row, labels in zip(chances, model.encode(pixels)[1], strict=True):
            name = published.labels[row.argmax()]
            same.append(name == labels[0][0])
            among.append(name in [each for each, _ in labels])
            sure.append(row.max() > SURE)
    print(f"{len(paths)} photos: the published encoder's likeliest class is")
    print(f"the likeliest here of {np.mean(same):.1%}, among the five likeliest of {np.mean(among):.1%};")
    print(f"where it is more than half sure ({sum(sure)} photos), the likeliest of {np.mean(np.array(same)[sure]):.1%}")


if __name__ == "__main__":
    main()
