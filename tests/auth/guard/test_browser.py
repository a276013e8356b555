"""How cookies are read, and which requests count as sent by our own pages."""

import pytest

from v1.auth.guard import is_same_origin, read_cookie


@pytest.mark.parametrize(
    ("header", "value"),
    [
        *(("gatepass=x", "x"), ("a=1; gatepass=x; b=2", "x"), ("a=1;gatepass=x", "x"), ("\tgatepass=x \t", "x")),
        *(("gatepass=x; gatepass=y", "x"), ("gatepass=a=b=", "a=b="), ('gatepass="x"', '"x"'), ("gatepass=a b", "a b")),
        *(("", ""), (";;;", ""), ("gatepass", ""), ("gatepass=", ""), ("gatepass=; gatepass=y", ""), ("=x", "")),
        *(("Gatepass=x", ""), ("xgatepass=x", ""), ("gatepass2=x", ""), ("gatepass =x", ""), ("a=gatepass=x", "")),
        *(("a, gatepass=x", ""), ("gatepass=\xe9", "\xe9"), ("__Host-gatepass=x", ""), ("gatepass_language=tr", "")),
    ],
)
def test_the_first_cookie_of_exactly_that_name_is_read(header: str, value: str) -> None:
    assert read_cookie({"HTTP_COOKIE": header}, "gatepass") == value
    assert read_cookie({}, "gatepass") == ""


@pytest.mark.parametrize(
    ("site", "ours"),
    [("same-origin", True), ("same-site", False), ("cross-site", False), ("none", False), ("", False), ("x", False)]
    + [("SAME-ORIGIN", False), ("same-origin, same-origin", False), (" same-origin", False)],
)
def test_what_the_browser_says_of_the_site_decides_whatever_the_origin(site: str, ours: bool) -> None:
    for origin in ({}, {"HTTP_ORIGIN": "null"}, *({"HTTP_ORIGIN": f"https://{host}"} for host in ("here", "evil"))):
        assert is_same_origin({"HTTP_SEC_FETCH_SITE": site, "HTTP_HOST": "here", **origin}, ("https",)) is ours


@pytest.mark.parametrize(
    ("origin", "host", "ours"),
    [
        *(("http://here", "here", True), ("https://here", "here", True), ("https://HERE", "Here", True)),
        *(("http://127.0.0.1:8000", "127.0.0.1:8000", True), ("http://[::1]:8000", "[::1]:8000", True)),
        *(("http://here:8000", "here:8001", False), ("http://here:8000", "here", False), ("http://a.b", "b", False)),
        *(("http://here", "here:8000", False), ("http://here.evil", "here", False), ("http://evilhere", "here", False)),
        *(("null", "null", False), ("", "", False), ("://", "", False), ("http://", "here", False)),
        *(("here", "here", False), ("//here", "here", False), ("https:here", "here", False)),
        *(("file://", "", False), ("ftp://here", "here", False), ("http://here/", "here", False), ("x", "", False)),
        *(("http://here http://here", "here", False), ("http://u@here", "here", False), ("HTTP://here", "here", False)),
    ],
)
def test_without_it_the_origin_must_be_the_host_that_was_asked(origin: str, host: str, ours: bool) -> None:
    environ = {"HTTP_ORIGIN": origin, "HTTP_HOST": host}
    assert is_same_origin(environ, ("http", "https")) is ours
    assert is_same_origin(environ, ("https",)) is (ours and origin.startswith("https"))


def test_a_request_that_does_not_say_where_it_comes_from_comes_from_elsewhere() -> None:
    for more in ({}, {"HTTP_REFERER": "http://here/"}, {"HTTP_SEC_FETCH_MODE": "navigate"}, {"HTTP_ORIGIN": ""}):
        assert not is_same_origin({"HTTP_HOST": "here", **more}, ("http", "https"))
    assert not is_same_origin({}, ("http", "https"))
