"""Clips that are told apart by which way a square moves, which no single frame shows."""

import json

import numpy as np
import pytest

SIZE, FRAMES = 32, 8


def frames(way, seed):
    """Return (FRAMES, SIZE, SIZE, 3) uint8: a bright square going left or right over a dark ground."""
    random = np.random.default_rng(seed)
    places = np.linspace(0, SIZE - 10, FRAMES).astype(int)
    top, shade = random.integers(0, SIZE - 10), random.integers(180, 255)
    pictures = random.integers(0, 40, (FRAMES, SIZE, SIZE, 3)).astype(np.uint8)
    for picture, left in zip(pictures, places if way == "right" else places[::-1], strict=True):
        picture[top : top + 10, left : left + 10] = shade
    return pictures


def save_clip(pictures, path):
    """Write a clip of 8 frames a second."""
    av = pytest.importorskip("av")
    with av.open(str(path), "w") as file:
        stream = file.add_stream("mpeg4", rate=8)
        stream.width, stream.height, stream.pix_fmt, stream.bit_rate = SIZE, SIZE, "yuv420p", 400_000
        for picture in pictures:
            for packet in stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")):
                file.mux(packet)
        for packet in stream.encode():
            file.mux(packet)


def save_dataset(folder, count=32, folds=2):
    """Write `clips.jsonl` and its clips, every second one of each way, in folds; two clips are one scene."""
    (folder / "clips").mkdir(parents=True)
    rows = []
    for number in range(count):
        way = ("left", "right")[number % 2]
        name = f"clips/{way} {number}.mp4"
        save_clip(frames(way, number), folder / name)
        rows.append({"file": name, "label": way, "fold": 1 + number // 2 % folds, "group": f"scene {number // 2}"})
    (folder / "clips.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder / "clips.jsonl"
