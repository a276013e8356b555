"""Who is a program on the machine itself and may make API tokens: by real connections to a real gunicorn.

tests/auth/guard/test_local_programs.py has every kind of header and host.
"""

import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from tests.conftest import Gunicorn, serve
from tests.e2e import wire
from tests.e2e.wire import Answer
from tests.ports import free_port
from tools.private_server import Server

CREATE = b'{"jsonrpc": "2.0", "method": "Auth.CreateApiToken", "params": {"ttl": 0}, "id": 1}'
LOCALHOST = "Host: localhost"

Connect = Callable[[], socket.socket]


@pytest.fixture(scope="module", params=["", "127.0.0.1/32"], ids=["no proxy", "a proxy"])
def listening(
    migrated: Server, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[tuple[Gunicorn, str]]:
    """One gunicorn at a port and at a Unix socket. (The path of a socket has at most 107 characters.)"""
    port = str(free_port())
    with tempfile.TemporaryDirectory(prefix="gatepass-") as place:
        binds = f"-b 127.0.0.1:{port} -b unix:{place}/http.sock"
        settings = {"PORT": port, "TRUSTED_PROXIES": request.param, "GUNICORN_CMD_ARGS": binds}
        running = serve(tmp_path_factory.mktemp("local") / "gunicorn.log", migrated, **settings)
        yield running, f"{place}/http.sock"
        running.stop()


@pytest.fixture
def service(listening: tuple[Gunicorn, str], database: Server) -> Gunicorn:
    return listening[0]


@pytest.fixture
def unix(listening: tuple[Gunicorn, str], database: Server) -> Connect:
    def connect() -> socket.socket:
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(60)
        connection.connect(listening[1])
        return connection

    return connect


def ask(
    connection: socket.socket, *headers: str, target: str = "/api/", body: bytes = CREATE, version: str = "1.1"
) -> Answer:
    """One request with exactly these headers, and the length of its body."""
    method = "POST" if body else "GET"
    head = "\r\n".join([f"{method} {target} HTTP/{version}", *headers, f"Content-Length: {len(body)}", "", ""])
    with closing(connection):
        connection.sendall(head.encode("latin1") + body)
        return wire.read_answer(connection)


def is_local(connect: Connect, *headers: str, version: str = "1.1") -> bool:
    """Is it given an API token, and shown the metrics? One without the other is a failure."""
    answer = ask(connect(), *headers, version=version)
    shown = ask(connect(), *headers, target="/metrics", body=b"", version=version).status
    if "result" in answer.json:
        assert (answer.status, shown) == (200, 200)
        return True
    assert (answer.status, answer.json["error"]["code"], shown) == (400, -32003, 404)
    return False


def test_a_program_on_the_machine_is_local(service: Gunicorn) -> None:
    def from_another_address() -> socket.socket:
        return socket.create_connection(("127.0.0.1", service.port), timeout=60, source_address=("127.0.0.2", 0))

    for host in ("LocalHost:80", "127.0.0.1", "[::1]:80"):
        assert is_local(lambda: wire.connect(service), f"Host: {host}", "User-Agent: curl/8", "Accept: */*")
        assert is_local(from_another_address, f"Host: {host}", version="1.0")


def test_a_request_without_a_host_is_not_local(service: Gunicorn) -> None:
    """Programs name the host that they call, and every proxy could be such a program."""
    for headers, version in (((), "1.0"), (("Host:",), "1.0"), (("Host:",), "1.1")):
        assert not is_local(lambda: wire.connect(service), *headers, version=version)


@pytest.mark.parametrize(
    "header",
    [
        *("X-Forwarded-For: 127.0.0.1", "x-forwarded-for:", "X-Forwarded: a", "forwarded:", "X-Real-IP: ::1", "via:"),
        *("Origin: http://localhost:8000", "origin: null", "Origin:", "Sec-Fetch-Site: none", "sec-fetch-mode: cors"),
    ],
)
def test_what_a_proxy_or_a_browser_adds_makes_nobody_local(service: Gunicorn, header: str) -> None:
    assert not is_local(lambda: wire.connect(service), LOCALHOST, header)
    assert not is_local(lambda: wire.connect(service), header, LOCALHOST, version="1.0")


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "localhost.", "localhost:x"),
        *("localhost@evil.example", "localhost, evil.example", "localhost evil.example", "evil.example#localhost"),
        *("0.0.0.0", "127.0.0.2", "127.1", "0x7f000001", "[::]", "[::ffff:127.0.0.1]", "::1", "ｌocalhost"),
    ],
)
def test_a_name_that_was_made_to_point_here_is_not_local(service: Gunicorn, host: str) -> None:
    """DNS rebinding: a page of evil.example calls evil.example, which is 127.0.0.1 by now."""
    assert not is_local(lambda: wire.connect(service), f"Host: {host.encode().decode('latin1')}")


@pytest.mark.parametrize("headers", [(LOCALHOST, "Host: evil.example"), ("Host: evil.example", LOCALHOST)])
def test_of_two_hosts_none_is_local(service: Gunicorn, database: Server, headers: tuple[str, ...]) -> None:
    assert b"gpa_" not in ask(wire.connect(service), *headers).body
    assert database.sql("SELECT COUNT(*) FROM auth_tokens", "gatepass") == "0\n"


@pytest.mark.parametrize("forwarded", [(), ("X-Forwarded-For: 127.0.0.1",), ("X-Forwarded-For: 192.0.2.1",)])
def test_who_comes_by_a_unix_socket_is_not_local(unix: Connect, forwarded: tuple[str, ...]) -> None:
    """It has no address: it may as well be a proxy that adds no header."""
    for host in (LOCALHOST, "Host: 127.0.0.1", "Host: [::1]"):
        assert not is_local(unix, host, *forwarded)


def test_who_comes_by_a_unix_socket_is_served_all_else(service: Gunicorn, unix: Connect) -> None:
    api = ask(wire.connect(service), LOCALHOST).json["result"]
    body = CREATE.replace(b"CreateApi", b"CreateAccess").replace(b'"ttl": 0', b'"stream": "cam1", "live": true')
    stream = ask(unix(), LOCALHOST, f"Authorization: Bearer {api}", body=body).json["result"]
    target = f"/stream/check?token={stream}&stream=cam1&action=live"
    assert ask(unix(), LOCALHOST, target=target, body=b"").status == 204
