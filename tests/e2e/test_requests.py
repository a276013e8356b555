"""A login is served whatever way its target, Host, headers and method are written, and never redirected."""

import pytest

from tests.conftest import Gunicorn
from tests.e2e import wire
from tests.e2e.faults import digests
from tools.private_server import Server


@pytest.mark.parametrize(
    "target",
    [
        *(b"/v1/oauth", b"/v1/oauth/", b"/v1/oauth/index.php", b"/v1/oauth/index.php/"),
        *(b"//v1//oauth//", b"//v1/oauth", b"/v1//oauth/", b"///v1///oauth///index.php"),
        *(b"http://gatepass.example/v1/oauth/", b"http://gatepass.example//v1//oauth", b"https://[::1]:8/v1/oauth/"),
        *(b"/v1/o%61uth/", b"/%76%31/oauth", b"/v1%2foauth%2F", b"/v1/%2Foauth/", b"/v1/oauth/?", b"/v1/oauth/#top"),
    ],
)
def test_every_spelling_of_the_path_is_the_login_and_no_redirect(running: Gunicorn, target: bytes) -> None:
    answer = wire.parse(running.send(wire.post(target=target)))
    assert (answer.status, answer.code) == (200, "ok")
    assert "location" not in answer.headers


@pytest.mark.parametrize(
    "target",
    [
        *(b"/v1/oauth/.", b"/v1/./oauth/", b"/v1/x/../oauth/", b"/v1/oauth/%00", b"/v1/oauth/;x", b"/v1/oauth%20"),
        *(b"/v1/Oauth/", b"/v1/oauth/index.php5", b"/v1/oauth/x", b"/v1/%ff", b"/v1/oauth/%0d%0aX-A:%20b"),
    ],
)
def test_other_paths_of_the_door_are_2600_in_its_own_words(running: Gunicorn, database: Server, target: bytes) -> None:
    answer = wire.parse(running.send(wire.post(target=target)))
    assert (answer.status, answer.code) == (200, "2600")
    assert answer.json["errors"]["message"].startswith("Nothing is served at: ")
    assert "x-a" not in answer.headers
    assert digests(database) == []


@pytest.mark.parametrize("version", [b"HTTP/1.0", b"HTTP/1.1"])
@pytest.mark.parametrize(
    "host",
    [
        *(b"", b"Host:\r\n", b"Host: a b\r\n", b"Host: \xff\r\n", b"Host: [::1\r\n", b"Host: a:99999\r\n"),
        *(b"Host: a..b\r\n", b"Host: .a\r\n", b"Host: " + b"a" * 64 + b"\r\n", b"Host: a.\r\n", b"Host: [::1]:80\r\n"),
        *(b"Host: ../../x\r\n", b"Host: a,b\r\n", b"Host: user@evil.example\r\n", b"Host: <script>\r\n"),
    ],
)
def test_a_strange_or_missing_host_costs_no_login_and_is_never_echoed(
    running: Gunicorn, host: bytes, version: bytes
) -> None:
    answer = wire.parse(running.send(wire.post(headers=host, version=version)))
    assert answer.code == "ok"
    refused = running.send(wire.post(target=b"/v1/nothing", headers=host, version=version))
    assert wire.parse(refused).code == "2600"
    assert b"evil" not in refused and b"script" not in refused


def test_two_hosts_are_refused(running: Gunicorn, database: Server) -> None:
    assert wire.parse(running.send(wire.post(headers=b"Host: a\r\nHost: b\r\n"))).status == 400
    assert digests(database) == []


@pytest.mark.parametrize("method", [b"GET", b"HEAD", b"PUT", b"PATCH", b"DELETE", b"TRACE", b"CONNECT", b"BREW"])
def test_another_method_never_logs_in_and_says_what_the_old_page_says(
    running: Gunicorn, database: Server, method: bytes
) -> None:
    for target in (b"/v1/oauth/", b"/v1/oauth", b"//v1/oauth/index.php", b"/v1/oauth/?" + wire.LOGIN):
        answer = wire.parse(running.send(wire.post(target=target, method=method)))
        assert answer.status == 200
        if method == b"HEAD":
            assert (answer.body, answer.headers["content-length"].isdigit()) == (b"", True)
        else:
            assert answer.code == "1157"
    assert digests(database) == []


def test_a_header_of_10_kib_and_a_query_of_8_kib_are_served(running: Gunicorn) -> None:
    headers = b"Host: a\r\nX-Large: " + b"x" * 10240 + b"\r\nCookie: " + b"c" * 10240 + b"\r\n"
    assert wire.parse(running.send(wire.post(headers=headers))).code == "ok"
    assert wire.parse(running.send(wire.post(target=b"/v1/oauth/?pad=" + b"x" * 8000))).code == "ok"


def test_a_good_request_id_is_echoed_once_and_two_of_them_are_replaced(running: Gunicorn) -> None:
    one, two = b"Host: a\r\nX-Request-Id: good-1._x\r\n", b"X-Request-Id: good-2\r\n"
    raw = running.send(wire.post(headers=one))
    assert raw.lower().count(b"x-request-id: good-1._x\r\n") == 1
    assert wire.parse(running.send(wire.post(headers=one + two))).headers["x-request-id"] not in ("good-1._x", "good-2")


def test_two_authorization_headers_are_none_whatever_they_hold(running: Gunicorn) -> None:
    token = wire.log_in(running).json["data"]["access_token"].encode()

    def check(*headers: bytes) -> wire.Answer:
        lines = b"".join(line + b"\r\n" for line in (b"Host: a", *headers))
        return wire.parse(running.send(wire.post(b"", b"/v1/verify/", lines)))

    good = b"Authorization: Token " + token
    assert check(good).status == 200
    others = [good, b"Authorization: Bearer " + token, b"Authorization:", b"Authorization: x", b"authorization: Token"]
    others += [b"AUTHORIZATION: " + b"x" * 10240, b"Authorization: Basic YTpi", b"Authorization: Token " + b"\xff" * 40]
    for other in others:
        for pair in ((good, other), (other, good), (good, b"X-Between: x", other)):
            assert ((answer := check(*pair)).status, answer.code) == (401, "1190"), other
