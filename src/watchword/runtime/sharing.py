"""A bundle that looks with the encoder of another model: the field `encoder` of `bundle.json`."""

from watchword.runtime.fields import Fields

Shared = tuple[str, str]
"""The model whose encoder it is, and the SHA-256 of that graph."""


def shared_in(fields: Fields) -> Shared | None:
    """Read which model's encoder is shared; None where a bundle has its own."""
    if "encoder" not in fields:
        return None
    shared = fields.inside("encoder")
    return shared.take("model", str), shared.take("sha256", str)
