"""The models that come inside the package."""

from pathlib import Path

MANIFEST_NAME = "bundle.json"
_MODELS = Path(__file__).parent.parent / "models"


def shipped() -> dict[str, Path]:
    """Return the bundles that come with the package: name to folder, by name."""
    return {path.parent.name: path.parent for path in sorted(_MODELS.glob(f"*/{MANIFEST_NAME}"))}
