"""Shots: known cuts of made clips are found, and nothing else; a camera that stands still has one shot."""

import numpy as np
import pytest

from tests.data.clips.made import write
from watchword.data.clips.frames import Frame, by_rate
from watchword.data.clips.shots import Shots, difference, look, shots


def scene(seed, side=96):
    """A scene: blocks of colour, as large and as many as in a real one."""
    random = np.random.default_rng(seed)
    palette = random.integers(20, 236, (4, 3))
    small = palette[random.integers(0, 4, (8, 8))]
    return small.repeat(side // 8, 0).repeat(side // 8, 1).astype(np.uint8)


def noisy(picture, seed):
    noise = np.random.default_rng(seed).normal(0, 4, picture.shape)
    return (picture + noise).clip(0, 255).astype(np.uint8)


def found(pictures):
    """The numbers of the frames with which a shot begins."""
    finder = Shots()
    return [number for number, picture in enumerate(pictures) if finder.begins(Frame(picture, number / 2))]


def test_cuts_of_many_made_clips_are_found_and_nothing_else():
    right = wrong = missed = 0
    for seed in range(30):
        lengths = np.random.default_rng(seed).integers(1, 9, 5)
        pictures = [noisy(scene((seed, shot)), frame) for shot, many in enumerate(lengths) for frame in range(many)]
        true = set(np.cumsum(lengths)[:-1].tolist())
        told = set(found(pictures))
        right, wrong, missed = right + len(told & true), wrong + len(told - true), missed + len(true - told)
    assert right / (right + missed) > 0.95
    assert right / (right + wrong) > 0.95


def test_a_scene_that_stands_still_has_one_shot():
    still = scene(1)
    assert found([noisy(still, frame) for frame in range(40)]) == []


def test_light_that_changes_is_no_cut():
    still = scene(2)
    assert found([(still * share).astype(np.uint8) for share in (1, 1, 0.5, 0.5, 1, 0.8)]) == []


def test_something_that_passes_by_is_no_cut():
    road = np.full((96, 96, 3), 70, np.uint8)
    pictures = []
    for place in range(0, 96, 12):
        pictures.append(road.copy())
        pictures[-1][place : place + 24, 30:50] = 240
    assert found([road, *pictures, road]) == []


def test_a_camera_that_turns_is_no_cut():
    wide = np.concatenate([scene(seed) for seed in (5, 5, 5)], 1)
    assert found([wide[:, at : at + 96] for at in range(0, 192, 6)]) == []


def test_black_and_other_plain_pictures():
    black, white = np.zeros((40, 60, 3), np.uint8), np.full((40, 60, 3), 255, np.uint8)
    assert difference(look(black), look(black)) == 0
    assert found([black, black, white, black]) == []
    assert found([black, noisy(scene(3), 0)[:40, :60], black]) == [1, 2]
    assert difference(look(black[:1, :1]), look(white[:1, :1])) <= 1


def test_shots_have_starts_and_ends_and_are_told_while_the_clip_runs(tmp_path):
    pytest.importorskip("av")
    clip = write(tmp_path / "a.mp4", [scene(seed) for seed in (1, 2, 3) for _ in range(20)], 10)
    assert list(shots(by_rate(clip, 2, size=64))) == [(0.0, 2.0), (2.0, 4.0), (4.0, 5.5)]
    assert list(shots(by_rate(clip, 1000, size=64))) == [(0.0, 2.0), (2.0, 4.0), (4.0, 5.9)]
    endless = (Frame(scene(number // 10), float(number)) for number in iter(int, None) for number in range(10**9))
    assert next(shots(endless)) == (0.0, 10.0)
    assert list(shots([])) == []
