"""Texts that the contracts send or look for: odd names of devices, and the tokens in an answer."""

from typing import Any, Final

from werkzeug.test import TestResponse

ODD_TEXTS: Final = [
    *("x" * 200, "x" * 201, "x" * 256, "x" * 8000, "📱" * 200, "📱" * 201, "é" * 201, "\u202e\u200d\ufffe" * 100),
    *("", " ", "0", "<script>", "%s %(now)s", "';--", "a\tb", "\U000e0067", "e\u0301" * 101),
]
"""Names of devices and User-Agents: too long, or odd."""


def possible_tokens(answer: TestResponse) -> list[str]:
    """Every text of an answer that could be a token: long, and without the spaces of words for people."""
    found = strings(answer.get_json(silent=True) or answer.text.strip())
    return [text for text in found if is_long(text)]


def is_long(text: str) -> bool:
    return len(text) >= 16 and " " not in text


def strings(value: Any) -> list[str]:
    """Every string in a JSON value."""
    if isinstance(value, dict):
        return [text for each in value.values() for text in strings(each)]
    if isinstance(value, list):
        return [text for each in value for text in strings(each)]
    return [value] if isinstance(value, str) else []
