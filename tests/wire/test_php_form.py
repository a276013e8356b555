"""How a body becomes `$_POST`: the vectors recorded from PHP 8.2. (tests/e2e compares with a live PHP.)"""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import ROOT
from v1.wire import php_form, php_multipart

VECTORS = json.loads((ROOT / "tests/vectors/php_forms.json").read_text())


def seen(fields: php_form.Form) -> dict[str, str | None]:
    """Our reading in the form of the vectors."""
    shown: dict[str, str | None] = {}
    for name in ("username", "password", "device-info", "debug"):
        value = fields.get(name.encode())
        shown[name] = None if value is None else "array" if isinstance(value, php_form.Array) else "hex:" + value.hex()
    return shown


@pytest.mark.parametrize("vector", VECTORS["urlencoded"], ids=lambda vector: vector["body"][:50])
def test_an_urlencoded_body_is_read_as_php_reads_it(vector: dict) -> None:
    assert seen(php_form.parse_body(bytes.fromhex(vector["body_hex"]))) == vector["fields"]


@pytest.mark.parametrize(
    ("content_type", "mark"),
    [
        (b"multipart/form-data; boundary=B", b"B"),
        (b'multipart/form-data; boundary="B;x"', b"B;x"),
        (b"multipart/form-data; boundary=B; charset=utf-8", b"B"),
        (b"multipart/form-data; BOUNDARY=B,x", b"B"),
        (b"multipart/form-data", None),
        (b"multipart/form-data; boundary", None),
        (b'multipart/form-data; boundary="B', None),
    ],
)
def test_the_boundary_is_found_where_php_finds_it(content_type: bytes, mark: bytes | None) -> None:
    assert php_multipart.boundary(content_type) == mark


def test_a_part_with_a_file_name_is_no_field() -> None:
    body = b'--B\r\nContent-Disposition: form-data; name="username"; filename="f"\r\n\r\nadmin\r\n--B--\r\n'
    assert php_multipart.parse(body, b"B") == {}


def test_behind_a_bracket_that_is_never_closed_dots_spaces_and_brackets_become_underscores() -> None:
    for name in (b"a[b.c", b"a[b%20c", b"a[b+c", b"a[b[c", b"a.b[c"):
        assert php_form.parse_query(name + b"=1") == {b"a_b_c": b"1"}


def test_php_stops_after_its_thousand_variables() -> None:
    assert b"username" in php_form.parse_body(b"a=1&" * 1000 + b"username=x")
    assert b"username" not in php_form.parse_body(b"a=1&" * 1001 + b"username=x")
    assert b"username" not in php_form.parse_query(b"a=1&" * 1000 + b"username=x")


@given(st.binary(max_size=400))
def test_no_body_makes_the_reading_raise(body: bytes) -> None:
    assert isinstance(php_form.parse_body(body), dict)
    assert isinstance(php_multipart.parse(b"--B\r\n" + body, b"B"), dict)
