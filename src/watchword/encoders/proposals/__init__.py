"""Where regions of a photo may be: one file a way to propose boxes, one import line here to register it."""

from watchword.encoders.proposals import from_file, grid, installed, selective
from watchword.encoders.proposals.base import COUNT, Proposals
from watchword.encoders.proposals.named import proposals

__all__ = ["COUNT", "Proposals", "from_file", "grid", "installed", "proposals", "selective"]
