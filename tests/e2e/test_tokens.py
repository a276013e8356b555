"""Pins tokens on running services: dead everywhere at once, headers as gunicorn reads them, notes and numbers kept."""

import json
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from prometheus_client.mmap_dict import MmapedDict

from tests.conftest import Gunicorn, add_user, flask, serve
from tests.e2e import wire
from tests.e2e.faults import until
from tests.e2e.wire import Answer
from tools.private_mariadb import Server

VERIFY = b"/v1/verify/"
DOORS = [(b"GET", VERIFY), (b"GET", b"/v1/sessions/"), (b"DELETE", b"/v1/sessions/"), (b"POST", b"/v1/logout/")]
NUMBERS = "numbers"

Nodes = tuple[Gunicorn, Gunicorn]


@pytest.fixture(scope="module")
def running(migrated: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nodes]:
    """Two nodes on one database: the first has two workers, whose numbers are left in a directory of its own."""
    place = tmp_path_factory.mktemp("tokens")
    (place / NUMBERS).mkdir()
    one = serve(place / "one.log", migrated, WORKERS="2", PROMETHEUS_MULTIPROC_DIR=str(place / NUMBERS))
    two = serve(place / "two.log", migrated)
    yield one, two
    one.stop()
    two.stop()


@pytest.fixture
def nodes(running: Nodes, database: Server) -> Nodes:
    add_user(database, "admin")
    return running


def ask(node: Gunicorn, *headers: bytes, method: bytes = b"GET", target: bytes = VERIFY, body: bytes = b"") -> Answer:
    """A request with these header lines, on a connection of its own."""
    head = b"".join(line + b"\r\n" for line in (b"Host: localhost", *headers))
    return wire.parse(node.send(wire.post(body, target, head, method=method)))


def auth(token: str, scheme: str = "Token") -> bytes:
    return f"Authorization: {scheme} {token}".encode()


def token_of(node: Gunicorn) -> str:
    return wire.log_in(node).json["data"]["access_token"]


def workers(node: Gunicorn) -> list[int]:
    pid = node.process.pid
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_two_authorization_headers_are_none_whatever_they_hold(nodes: Nodes) -> None:
    node, _ = nodes
    token = token_of(node)
    good = auth(token)
    assert ask(node, good).status == 200
    others = [good, auth(token, "Bearer"), b"Authorization:", b"Authorization: x", b"Authorization: Basic YTpi"]
    others += [b"authorization: Token", b"AUTHORIZATION: " + b"x" * 10240, b"Authorization: Token " + b"\xff" * 40]
    for other in others:
        for pair in ((good, other), (other, good), (good, b"X-Between: x", other)):
            assert (answer := ask(node, *pair)).status == 401 and answer.code == "1190"


def test_a_header_of_any_shape_is_one_of_two_refusals(nodes: Nodes) -> None:
    none = (b"", b" ", b"Token", b"Token   ", b"Bearer ", b"Basic YTpi", b"\xff\xfe", b"x" * 10240)
    bad = (b"x", b"x" * 10240, b"\xc3\xa9" * 20, b"a b", b"a,b", b"\xff", b"%00")
    for value, code in [*((each, "1190") for each in none), *((b"Token " + each, "1403") for each in bad)]:
        answer = ask(nodes[0], b"Authorization: " + value)
        assert (value, answer.status, answer.code) == (value, 401, code)
        assert answer.headers["www-authenticate"] == "Bearer"


def test_a_scheme_in_any_case_and_spaces_around_a_token_are_read(nodes: Nodes) -> None:
    token = token_of(nodes[0]).encode()
    for value in (b"TOKEN " + token, b"bEARER   " + token, b"Token " + token + b"   ", b"   token " + token + b"\t"):
        assert ask(nodes[0], b"Authorization:" + value).status == 200
    assert ask(nodes[0], b"Authorization: Token " + token.upper()).code == "1403"
    assert ask(nodes[0], target=VERIFY + b"?access_token=" + token + b"&token=" + token).code == "1190"


def test_a_revoked_token_is_dead_on_the_very_next_request_to_another_node_or_worker(nodes: Nodes) -> None:
    one, two = nodes
    for number in range(50):
        token = token_of(one)
        here, there = (one, two) if number % 2 else (two, one)
        with wire.connect(there) as kept:
            kept.sendall(wire.post(b"", VERIFY, b"Host: a\r\n" + auth(token) + b"\r\n", method=b"GET"))
            assert wire.read_answer(kept).status == 200
            assert ask(here, auth(token), method=b"POST", target=b"/v1/logout/").json["data"] == {"revoked": 1}
            kept.sendall(wire.post(b"", VERIFY, b"Host: a\r\n" + auth(token) + b"\r\n", method=b"GET"))
            assert wire.read_answer(kept).code == "1403"


def test_a_token_revoked_in_whatever_way_is_dead_at_every_door(nodes: Nodes, database: Server) -> None:
    one, two = nodes
    asker = flask(database, "token", "create", "asker", "--scope", "introspect").strip()
    ways: list[Callable[[str], object]] = [
        lambda token: ask(two, auth(token), method=b"POST", target=b"/v1/logout/"),
        lambda token: ask(two, auth(token), method=b"DELETE", target=b"/v1/sessions/?all=1"),
        lambda token: ask(two, target=b"/v1/oauth/revoke/", method=b"POST", body=b"token=" + token.encode()),
        lambda token: flask(database, "session", "revoke", "--user", "admin"),
        lambda token: database.sql("DELETE FROM auth_tokens WHERE kind = 'mobile'", "gatepass"),
        lambda token: flask(database, "user", "disable", "admin"),
    ]
    for way in ways:
        token = token_of(one)
        way(token)
        assert {ask(one, auth(token), method=method, target=target).code for method, target in DOORS} == {"1403"}
        told = ask(one, auth(asker), method=b"POST", target=b"/v1/oauth/introspect/", body=b"token=" + token.encode())
        assert (told.status, told.json) == (200, {"active": False})


def test_a_user_disabled_as_php_does_it_has_no_good_token_on_any_node(
    nodes: Nodes, database: Server, run_php: Callable[..., str]
) -> None:
    token = token_of(nodes[0])
    assert json.loads(run_php("find_token.php", database, TOKEN=token.encode().hex(), NOW=str(int(time.time()))))
    assert [ask(node, auth(token)).status for node in nodes] == [200, 200]
    database.sql("UPDATE users SET password = CONCAT('!', password)", "gatepass")
    for node in nodes:
        assert {ask(node, auth(token), method=method, target=target).code for method, target in DOORS} == {"1403"}
    assert database.sql("SELECT COUNT(*) FROM auth_tokens", "gatepass") == "1\n"


def test_php_finds_no_api_token_by_its_own_look_up(database: Server, run_php: Callable[..., str]) -> None:
    token = flask(database, "token", "create", "orders", "--scope", "revoke").strip()
    stored = database.sql("SELECT auth_key FROM auth_tokens", "gatepass").strip()
    for text in (token, token.removeprefix("gpa_"), stored):
        assert run_php("find_token.php", database, TOKEN=text.encode().hex(), NOW="1") == "null"


@pytest.mark.parametrize("token", ["good", "bad"])
def test_a_body_sent_to_verify_leaves_the_connection_usable(nodes: Nodes, token: str) -> None:
    header = b"Host: a\r\n" + auth(token_of(nodes[0]) if token == "good" else "x") + b"\r\n"
    with wire.connect(nodes[0]) as kept:
        for body in (b"", b"username=admin&password=password", b"GET /v1/nothing HTTP/1.1\r\n\r\n", b"x" * 16384):
            kept.sendall(wire.post(body, VERIFY, header))
            answer = wire.read_answer(kept)
            assert (answer.status, answer.rest) == (200 if token == "good" else 401, b"")
        kept.sendall(wire.post(b"", VERIFY, header, method=b"HEAD"))
        assert b"Content-Length: " in kept.recv(65536)
        kept.sendall(wire.post(wire.LOGIN))
        assert wire.read_answer(kept).code == "ok"


def test_two_workers_numbers_are_added_up(nodes: Nodes) -> None:
    node, _ = nodes
    numbers = node.log.parent / NUMBERS
    with ThreadPoolExecutor(8) as pool:

        def both_have_served() -> bool:
            list(pool.map(lambda _: ask(node, target=b"/healthz"), range(16)))
            return len(counted(numbers)) == 2

        until(both_have_served, "each worker serves some")
    parts = counted(numbers)
    shown = ask(node, target=b"/metrics").body.decode()
    (total,) = re.findall(r'^gatepass_request_seconds_count\{route="/healthz",status="200"\} (.*)$', shown, re.M)
    assert float(total) == sum(parts)
    assert ask(node, b"X-Forwarded-For: 127.0.0.1", target=b"/metrics").json == {"error": "not_found"}


def counted(numbers: Path) -> list[float]:
    """What each worker that served any counts of /healthz."""
    found = []
    for file in numbers.glob("histogram_*.db"):
        values = MmapedDict.read_all_values_from_file(str(file))
        found += [sum(value for key, value, *_ in values if "request_seconds_bucket" in key and '"/healthz"' in key)]
    return [value for value in found if value]
