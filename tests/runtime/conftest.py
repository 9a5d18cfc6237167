import pytest

from tests.runtime import tiny
from watchword.runtime.captioner import Captioner


@pytest.fixture(scope="session")
def sealed(tmp_path_factory):
    """The tiny bundle as a folder; tests that change it take a copy."""
    return tiny.write_bundle(tmp_path_factory.mktemp("bundle") / "tiny")


@pytest.fixture(scope="session")
def captioner(sealed):
    return Captioner.load(sealed, threads=1)
