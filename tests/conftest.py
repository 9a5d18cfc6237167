"""Settings of every test."""

import os
from pathlib import Path

import pytest


def pytest_runtest_setup(item):
    """Skip what is marked `data` where WATCHWORD_DATA names no folder."""
    named = os.environ.get("WATCHWORD_DATA")
    if item.get_closest_marker("data") and not (named and Path(named).is_dir()):
        pytest.skip("WATCHWORD_DATA names no data folder")


@pytest.fixture(autouse=True, scope="session")
def one_thread():
    """Small matrices gain nothing from threads, and on a busy machine wait for each other."""
    try:
        import torch
    except ImportError:
        return
    torch.set_num_threads(1)
