"""How a row of auth_tokens.check is unpacked."""

from v1.db.packed_row import unpack
from v1.records import PresentedToken, Principal


def test_the_example_is_unpacked_as_its_docstring_says() -> None:
    example = "12 7 mobile 1700000000 1702592000 0 7B7D 61646D696E 1 0"
    assert example in str(unpack.__doc__)
    token = PresentedToken(12, "mobile", 1700000000, 1702592000, "{}", 0)
    assert unpack(example, bytes.decode) == (Principal(7, "admin", 1, False), token)
