"""Pins how a username's bytes meet the column. (tests/e2e asks a real PHP who each spelling is.)"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from v1.usernames import LATIN1, for_column, from_column, text


@pytest.mark.parametrize(
    ("name", "column", "php", "expected"),
    [
        (b"admin", "latin1", "latin1", b"admin"),
        ("jürgen".encode(), "latin1", "latin1", "jürgen".encode()),  # PHP wrote the bytes as they came
        (b"j\xfcrgen", "latin1", "latin1", b"j\xfcrgen"),
        ("jürgen".encode(), "latin1", "utf8mb4", b"j\xfcrgen"),  # the server converted them
        ("€".encode(), "latin1", "utf8mb4", b"\x80"),
        ("\x81".encode(), "latin1", "utf8mb4", b"\x81"),
        ("ő".encode(), "latin1", "utf8mb4", None),  # PHP gets an error for it
        (b"j\xfcrgen", "latin1", "utf8mb4", None),
        ("jürgen".encode(), "utf8mb4", "latin1", "jürgen".encode()),
        (b"j\xfcrgen", "utf8mb4", "latin1", None),
        (b"admin\0", "latin1", "latin1", None),
        (b"admin\0", "utf8mb4", "utf8mb4", None),
    ],
)
def test_the_bytes_that_are_looked_for(name: bytes, column: str, php: str, expected: bytes | None) -> None:
    assert for_column(name, column, php) == expected


def test_a_name_is_shown_as_its_writer_meant_it() -> None:
    assert from_column("jürgen".encode(), "latin1", "latin1") == "jürgen"
    assert from_column(b"j\xfcrgen", "latin1", "latin1") == "jürgen"
    assert from_column(b"j\xfcrgen", "latin1", "utf8mb4") == "jürgen"
    assert from_column("jürgen".encode(), "utf8mb4", "latin1") == "jürgen"


def test_latin1_is_what_the_server_takes_it_for(mariadb) -> None:
    columns = ", ".join(f"HEX(CONVERT(_latin1 X'{byte:02x}' USING utf8mb4))" for byte in range(256))
    assert mariadb.sql(f"SELECT {columns}").split() == [char.encode().hex().upper() for char in LATIN1]


@given(st.binary(max_size=60))
def test_no_bytes_make_a_text_fail(raw: bytes) -> None:
    assert isinstance(text(raw), str)
