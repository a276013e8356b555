"""Strict JSON: what is read is JSON for PHP too, and comes back as it was; what is refused has one of a few reasons."""

import json
import re
from typing import Any

from tests.fuzzing import php
from v1.errors import MalformedRequest
from v1.wire import strict_json

SEEDS = (
    b'{"jsonrpc": "2.0", "method": "Auth.CreateApiToken", "params": {"a": [1, 2.5e3, null]}, "id": "x"}',
    b'{"login": "admin", "password": "\\ud83d\\udcf1"}',
    b'{"a": 1, "a": 2}',
    b"[" * 30 + b"]" * 30,
    b"NaN",
    b"1e400",
    b'\xef\xbb\xbf"x"',
)
WORDS = (b"NaN", b"Infinity", b"-0", b"1e999", b"\\ud800", b"\\u0000", b"\xef\xbb\xbf", b'"a":', b"true", b"null")
UTF16 = b"10"
"""PHP's JSON_ERROR_UTF16: half of a surrogate pair, which Python reads."""


def check(data: bytes) -> None:
    try:
        value = strict_json.loads(data)
    except MalformedRequest:
        refused(data)
        return
    text = strict_json.dumps(value)
    assert text.isascii() and repr(strict_json.loads(text.encode())) == repr(value)
    said = php.ask("d", data)
    assert said in (None, b"0", UTF16), said


def refused(data: bytes) -> None:
    """It is no JSON for PHP either; or has a name twice, a number that is too large, or too many levels."""
    if php.ask("d", data) != b"0":
        return
    names: list[list[str]] = []
    try:
        value = json.loads(data, object_pairs_hook=lambda pairs: names.append([name for name, _ in pairs]))
    except (ValueError, RecursionError):
        assert re.search(rb"[0-9]{4300}", data) or data.count(b"[") + data.count(b"{") > 200, "why is it refused?"
        return
    assert any(len(set(each)) < len(each) for each in names) or "inf" in repr(value) or too_large(data)


def too_large(data: bytes) -> Any:
    return re.search(rb"[0-9.]+[eE]\+?[0-9]{3,}|[0-9]{300}", data)
