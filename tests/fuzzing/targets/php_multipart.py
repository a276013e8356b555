"""Multipart bodies: what a form's sender puts in comes out, and nothing that was not in the body."""

from tests.e2e.nasty_forms import FIELDS, LINES, PART
from v1.wire import php_form, php_multipart
from v1.wire.php_form import MAX_INPUT_VARS, Array

SEEDS = (
    PART % (b"username", b"admin") + PART % (b"password", b"x") + b"--B--\r\n",
    PART % (b"username[]", b"admin") + LINES[0] + LINES[18] + b"\r\nx\r\n--B--",
    b"multipart/form-data; boundary=\"B;x\"",
    b"\x00\x01\x02plain\r\n--BB\r\n--",
    *(line + b"--B--" for line in LINES),
)
WORDS = (*LINES, b"boundary=", b"--B", b'"')


def check(data: bytes) -> None:
    mark = php_multipart.boundary(data)
    assert mark is None or mark in data
    form = php_multipart.parse(data, b"B")
    assert len(form) <= MAX_INPUT_VARS
    for name, value in form.items():
        assert name and b"\0" not in name
        assert isinstance(value, Array) or value in data, "a value that nobody sent"
    round_trip(data)


def round_trip(data: bytes) -> None:
    """A value with any bytes comes back, for each field, unless it holds the boundary."""
    if b"B" in data:
        return
    body = b"".join(PART % (name, data) for name in FIELDS) + b"--B--\r\n"
    expected: php_form.Form = dict.fromkeys(FIELDS, data)
    assert php_multipart.parse(body, b"B") == expected
