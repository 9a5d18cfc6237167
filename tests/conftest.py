"""Settings of every test."""

import os
from pathlib import Path

import pytest

# Small matrices gain nothing from threads, and tests run beside each other; commands that they start inherit it.
os.environ.setdefault("OMP_NUM_THREADS", "1")


def pytest_runtest_setup(item):
    """Skip what is marked `data` where WATCHWORD_DATA names no folder."""
    named = os.environ.get("WATCHWORD_DATA")
    if item.get_closest_marker("data") and not (named and Path(named).is_dir()):
        pytest.skip("WATCHWORD_DATA names no data folder")
