"""Which bytes are looked up for a username. (tests/e2e asks a real PHP which user each spelling is.)"""

import pytest

from v1.db.charsets import SPARE_BYTES, UsernameColumn


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
def test_the_bytes_that_are_looked_up(name: bytes, column: str, php: str, expected: bytes | None) -> None:
    assert of(column, php).lookup_bytes(name) == expected


def of(charset: str, php_charset: str, octets: int = 30) -> UsernameColumn:
    return UsernameColumn(charset, f"{charset}_general_ci", octets, php_charset)


def test_a_name_much_longer_than_its_column_belongs_to_no_user_unless_it_ends_in_spaces() -> None:
    column, most = of("latin1", "latin1"), 30 + SPARE_BYTES
    assert column.lookup_bytes(b"a" * most) == b"a" * most
    assert column.lookup_bytes(b"a" * (most + 1)) is None
    assert column.lookup_bytes(b"a" + b" " * 16_000) == b"a" + b" " * (most - 1)
    assert column.lookup_bytes(b"a" + b" " * 16_000 + b"b") is None
    assert of("utf8mb4", "utf8mb4").lookup_bytes("é".encode() * 100) is None
    assert of("utf8mb4", "utf8mb4", 10**9).lookup_bytes(b"a" * 16_000) is None, "a TEXT column"


def test_a_stored_name_is_shown_as_it_was_typed() -> None:
    assert of("latin1", "latin1").text("jürgen".encode()) == "jürgen"
    assert of("latin1", "latin1").text(b"j\xfcrgen") == "jürgen"
    assert of("latin1", "utf8mb4").text(b"j\xfcrgen") == "jürgen"
    assert of("utf8mb4", "latin1").text("jürgen".encode()) == "jürgen"
