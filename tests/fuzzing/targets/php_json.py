"""JSON is written as PHP writes it, byte for byte."""

import json
from contextlib import suppress
from typing import Any

from tests.fuzzing import made, php
from v1.errors import MalformedRequest
from v1.wire import php_json, strict_json

SEEDS = (
    b'{"success": true, "data": {"access_token": "6a93/82", "expiry": 1798508868}}',
    b'["\\\\\\u007f", "\\u007f/\\"", "\xf0\x9f\x93\xb1", [], {}, null, false, -1]',
    b'{"a": {"b": [{"c": ""}]}}',
)
WORDS = (b"\\u007f", b"\\\\", b"\x7f", b"\\/", b'"', b"\\u00e9", b"\\ud83d\\udcf1", b"{}", b"[]", b": ")
WHOLE = 2**63 - 1
"""PHP reads a larger number as a float."""


def check(data: bytes) -> None:
    with suppress(MalformedRequest):
        written(strict_json.loads(data))
    written(made.value(data))


def written(value: Any) -> None:
    """It is written as PHP writes it, and read back as it was."""
    encoded = php_json.encode(value)
    assert encoded.isascii() and same(strict_json.loads(encoded), value)
    if is_of_php(value) and (said := php.ask("j", json.dumps(value).encode())):
        assert encoded == said


def same(one: Any, other: Any) -> bool:
    return repr(one) == repr(other)


def is_of_php(value: Any) -> bool:
    """Does PHP read it as Python does? No large number, no half of a pair, and no name that begins with NUL."""
    if isinstance(value, str):
        return not any("\ud800" <= each <= "\udfff" for each in value)
    if isinstance(value, dict):
        return all(is_of_php(each) and is_of_php(name) and name[:1] != "\0" for name, each in value.items())
    if isinstance(value, list):
        return all(map(is_of_php, value))
    return value is None or isinstance(value, bool) or (isinstance(value, int) and abs(value) <= WHOLE)
