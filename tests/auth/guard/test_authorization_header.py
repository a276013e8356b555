"""How the Authorization header is read: which token it presents."""

import pytest

from v1.auth.guard import token_in_header
from v1.errors import MissingToken

TOKEN = "ab" * 20


@pytest.mark.parametrize("scheme", ["Token", "token", "TOKEN", "tOkEn", "Bearer", "bearer", "BEARER"])
@pytest.mark.parametrize("spaces", [" ", "  ", "     "])
def test_the_text_behind_either_scheme_in_any_case_is_the_token(scheme: str, spaces: str) -> None:
    assert token_in_header({"HTTP_AUTHORIZATION": f"{scheme}{spaces}{TOKEN}"}) == TOKEN


@pytest.mark.parametrize(
    "header",
    [
        *("", " ", "Token", "Token ", "Token     ", "Bearer", "Bearer ", "Basic", "Basic YTpi", f"Basic {TOKEN}"),
        *(TOKEN, f" Token {TOKEN}", f"Token={TOKEN}", f"Token\t{TOKEN}", f"Token:{TOKEN}", f"Tokens {TOKEN}"),
        *(f"Digest {TOKEN}", f"Token,{TOKEN}", f"T\xf6ken {TOKEN}", f"JWT {TOKEN}", "x" * 10240),
        *(f"Token {TOKEN}, Token {TOKEN}", f"Token {TOKEN},Bearer {TOKEN}", f"Token {TOKEN}, Basic YTpi"),
    ],
)
def test_any_other_header_presents_no_token(header: str) -> None:
    with pytest.raises(MissingToken):
        token_in_header({"HTTP_AUTHORIZATION": header})


def test_no_header_and_a_token_in_the_query_present_no_token() -> None:
    for environ in ({}, {"QUERY_STRING": f"token={TOKEN}&access_token={TOKEN}"}, {"HTTP_COOKIE": f"token={TOKEN}"}):
        with pytest.raises(MissingToken):
            token_in_header(environ)


@pytest.mark.parametrize(
    "secret", [TOKEN + ",", f"{TOKEN} {TOKEN}", "x" * 10240, "\xe9" * 40, "\x00", "a, b", '"' + TOKEN + '"', "tokenx"]
)
def test_any_value_behind_a_scheme_is_presented_as_it_is(secret: str) -> None:
    assert token_in_header({"HTTP_AUTHORIZATION": "Token " + secret}) == secret
