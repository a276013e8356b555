"""Pins the probes below `/apiops/test/`: the one is open, the other says hello to whoever has a token."""

from urllib.parse import quote

import pytest

from tests.conftest import Service
from tests.doors.apiops.test_login import hello, refused
from tests.doors.contract import DEAD, MakeService
from tests.doors.kinds import KINDS, mint


@pytest.mark.parametrize("path", ["/apiops/test/healthcheck", "/apiops/test/healthcheck/"])
def test_the_health_check_is_open_and_asks_no_database(make_service: MakeService, path: str) -> None:
    answer = make_service(**DEAD).client.get(path)
    assert (answer.status_code, answer.data) == (200, b"OK")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"


NAMED = [
    *("world", "Zoë 📱", "<script>alert(1)", '"quoted"\\', "100%", "%41", "a b+c", "a\r\nX-A: b"),
    *("é\u0301", "x" * 4000),
]


@pytest.mark.parametrize("kind", ["management", "personal"])
def test_hello_is_plain_text_with_the_name_as_it_was_sent(service: Service, kind: str) -> None:
    token = mint(service, kind)
    for name, slash in ((name, slash) for name in NAMED for slash in ("", "/")):
        answer = hello(service, token, f"/apiops/test/hello/{quote(name)}{slash}")
        assert (answer.status_code, answer.data.decode()) == (200, f"Hello {name}")
        assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert answer.headers["X-Content-Type-Options"] == "nosniff" and "X-A" not in answer.headers
    assert hello(service, token, "/apiops/test/hello/%FF").data.decode() == "Hello \ufffd"
    for path in ("/apiops/test/hello/", "/apiops/test/hello/a%2Fb", "/apiops/test/hello/a/b"):
        assert refused(hello(service, token, path), 404, "invalid_request")


def test_a_bad_token_is_401_with_a_challenge_for_bearers(service: Service) -> None:
    others = [mint(service, kind) for kind in KINDS if kind not in ("management", "personal")]
    good = mint(service, "management")
    for token in (*others, "x", "ab" * 20, good[:-1], good + "x", good.lower(), "gpm_" + "0" * 46):
        answer = hello(service, token)
        assert refused(answer, 401, "unauthorized_client") and answer.json["error_description"] == "Invalid token"
        assert answer.headers.getlist("WWW-Authenticate") == ['Bearer error="invalid_token"']
    for none in (hello(service, None), hello(service, None, f"/apiops/test/hello/x?access_token={good}")):
        assert refused(none, 401, "unauthorized_client") and none.headers["WWW-Authenticate"] == "Bearer"
    assert refused(hello(service, None, "/apiops/test/hello/"), 404, "invalid_request")


def test_hello_says_503_and_never_a_bad_token_while_the_database_is_down(make_service: MakeService) -> None:
    answer = hello(make_service(**DEAD), "ab" * 20)
    assert refused(answer, 503, "temporarily_unavailable") and int(answer.headers["Retry-After"]) > 0
