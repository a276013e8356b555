"""Cookies and origins: a cookie is found as the RFC finds it; a form of another site is never taken for ours."""

from v1.auth import guard

SEEDS = (
    *(b"gatepass=gpc_x; a=b", b"a=b;gatepass=", b"=x;gatepass=y;gatepass=z"),
    *(b"https://a.example", b"null", b"gatepass"),
)
WORDS = (b"gatepass", b"=", b"; ", b";", b"https://", b"a.example", b":443", b"same-origin", b"\t", b"\x00")
LONGEST = 512
NAME = "gatepass"


def check(data: bytes) -> None:
    text = data.decode("latin1")
    value = guard.read_cookie({"HTTP_COOKIE": text}, NAME)
    assert ";" not in value and (not value or f"{NAME}={value}" in text)
    mine = {"HTTP_COOKIE": f"{NAME}=mine; {text}"}
    assert guard.read_cookie(mine, NAME) == "mine", "the first is taken"
    host = {"HTTP_HOST": "a.example"}
    if guard.is_same_origin(host | {"HTTP_ORIGIN": text}, ("https",)):
        assert text.lower() == "https://a.example" and text.startswith("https://")
    if guard.is_same_origin(host | {"HTTP_ORIGIN": "https://a.example", "HTTP_SEC_FETCH_SITE": text}, ("https",)):
        assert text == "same-origin", "the browser's word comes before the origin"
