"""PHP's `json_encode($value, JSON_PRETTY_PRINT)`, byte for byte."""

import json
from typing import Any


def encode(value: Any) -> bytes:
    """The bytes PHP writes: 4 spaces, `": "`, `\\/`, lower-case `\\uXXXX` (surrogate pairs too), no final newline.

    Keys keep their order. DEL (U+007F) is the one character that Python escapes and PHP does not.
    """
    text = json.dumps(value, indent=4, ensure_ascii=True)
    return _literal_del(text.replace("/", "\\/")).encode("ascii")


def _literal_del(text: str) -> str:
    """The JSON with DEL itself in place of its escape."""
    # After an even number of backslashes `\u007f` is DEL. After an odd number its own backslash is escaped.
    parts = text.split("\\u007f")
    out = parts[0]
    for part in parts[1:]:
        backslashes = len(out) - len(out.rstrip("\\"))
        out += ("\\u007f" if backslashes % 2 else "\x7f") + part
    return out
