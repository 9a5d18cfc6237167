"""`bundle.json` of whatever kind of model."""

from watchword.runtime.fields import Fields
from watchword.runtime.label_manifest import LabelManifest
from watchword.runtime.manifest import Manifest
from watchword.runtime.match_manifest import MatchManifest

AnyManifest = Manifest | MatchManifest | LabelManifest


def parse_any(data: bytes, where: str) -> AnyManifest:
    """Read the bytes of `bundle.json`, of a captioner's, a matcher's or a labeller's bundle. Raises `BundleError`."""
    kind = Fields.parse(data, where).take("kind", str, "captioner")
    if kind == "matcher":
        return MatchManifest.parse(data, where)
    return LabelManifest.parse(data, where) if kind == "labeller" else Manifest.parse(data, where)
