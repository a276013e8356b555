"""The probes below `/apiops/test/`: the one is open, the other says hello to whoever has a token."""

from urllib.parse import quote

from tests.conftest import Service
from tests.doors.apiops.test_login import hello, refused
from tests.doors.contract import DEAD, MakeService
from tests.doors.kinds import mint


def test_the_health_check_asks_no_database(make_service: MakeService) -> None:
    assert make_service(**DEAD).client.get("/apiops/test/healthcheck").data == b"OK"


NAMED = ["world", "Zoë 📱", "<script>alert(1)", '"quoted"\\', "100%", "%41", "a b+c", "a\r\nX-A: b", "x" * 4000]


def test_hello_is_plain_text_with_the_name_as_it_was_sent(service: Service) -> None:
    token = mint(service, "personal")
    for name, slash in ((name, slash) for name in NAMED for slash in ("", "/")):
        answer = hello(service, token, f"/apiops/test/hello/{quote(name)}{slash}")
        assert (answer.status_code, answer.data.decode()) == (200, f"Hello {name}")
        assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert answer.headers["X-Content-Type-Options"] == "nosniff" and "X-A" not in answer.headers
    assert hello(service, token, "/apiops/test/hello/%FF").data.decode() == "Hello \ufffd"
    for path in ("/apiops/test/hello/", "/apiops/test/hello/a%2Fb", "/apiops/test/hello/a/b"):
        assert refused(hello(service, token, path), 404, "invalid_request")
