"""JSON that people can read and every file can hold."""

import json
from typing import Any


def json_text(value: Any, indent: int | None = None) -> str:
    """Return JSON with letters as they are; with escapes where a name in it is not UTF-8, which no file can hold."""
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    return json.dumps(value, indent=indent) if any("\ud800" <= char <= "\udfff" for char in text) else text
