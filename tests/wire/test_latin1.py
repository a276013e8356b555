"""MySQL's latin1; any bytes of a client make a text."""

from hypothesis import given
from hypothesis import strategies as st

from v1.wire import latin1


def test_latin1_is_what_the_server_takes_it_for(database_server) -> None:
    columns = ", ".join(f"HEX(CONVERT(_latin1 X'{byte:02x}' USING utf8mb4))" for byte in range(256))
    assert database_server.sql(f"SELECT {columns}").split() == [
        char.encode().hex().upper() for char in latin1.CHARACTERS
    ]


def test_latin1_is_encoded_as_it_is_decoded_and_other_characters_are_refused() -> None:
    every = bytes(range(256))
    assert latin1.encode(latin1.decode(every)) == every
    assert latin1.encode("jő") is None and latin1.encode("") == b""


@given(st.binary(max_size=60))
def test_no_bytes_make_a_text_fail(raw: bytes) -> None:
    assert isinstance(latin1.decode_utf8_or_latin1(raw), str)
