"""Settings of every test."""

import pytest


@pytest.fixture(autouse=True, scope="session")
def one_thread():
    """Small matrices gain nothing from threads, and on a busy machine wait for each other."""
    try:
        import torch
    except ImportError:
        return
    torch.set_num_threads(1)
