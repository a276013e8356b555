"""Pins who is a program on the machine itself and may make API tokens: by real connections to a real gunicorn."""

import socket
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests import processes, secrecy
from tests.conftest import BIN, ROOT, Gunicorn, environment
from tests.e2e import wire
from tests.e2e.faults import until
from tests.e2e.wire import Answer
from tests.ports import free_port
from tools.private_mariadb import Server

CREATE = b'{"jsonrpc": "2.0", "method": "Auth.CreateApiToken", "params": {"ttl": 0}, "id": 1}'
LOCALHOST = "Host: localhost"


@dataclass(frozen=True)
class Service:
    """One gunicorn at a port and at a Unix socket."""

    gunicorn: Gunicorn
    path: str

    def unix(self) -> socket.socket:
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(60)
        try:
            connection.connect(self.path)
        except OSError:
            connection.close()
            raise
        return connection

    def tcp(self, source: str = "127.0.0.1") -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.gunicorn.port), timeout=60, source_address=(source, 0))


@pytest.fixture(scope="module", params=["", "127.0.0.1/32"], ids=["no proxy", "a proxy"])
def service(
    migrated: Server, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Service]:
    """Without and with a trusted proxy at loopback. (A socket's path has at most 107 characters.)"""
    log, port = tmp_path_factory.mktemp("local") / "gunicorn.log", free_port()
    with tempfile.TemporaryDirectory(prefix="gatepass-") as place:
        path = f"{place}/http.sock"
        binds = ["-b", f"127.0.0.1:{port}", "-b", f"unix:{path}"]
        command = [str(BIN / "gunicorn"), "-c", "config/gunicorn.conf.py", *binds, "wsgi:application"]
        environ = environment(migrated, WORKERS="1", TRUSTED_PROXIES=request.param)
        with log.open("wb") as output:
            process = processes.start(command, environ, cwd=ROOT, stdout=output, stderr=output)
        secrecy.watch(log)
        running = Service(Gunicorn(port, process, log), path)
        try:
            until(lambda: process.poll() is not None or answers(running), "gunicorn listens")
            assert process.poll() is None, log.read_text()
            yield running
        finally:
            running.gunicorn.stop()


def answers(service: Service) -> bool:
    """Does it listen at both?"""
    try:
        for connect in (service.unix, service.tcp):
            with connect() as connection:
                ask(connection, LOCALHOST, target="/healthz", body=b"")
    except OSError:
        return False
    return True


def ask(
    connection: socket.socket, *headers: str, target: str = "/api/", body: bytes = CREATE, version: str = "1.1"
) -> Answer:
    """One request with exactly these headers, and the length of its body."""
    method = "POST" if body else "GET"
    head = "\r\n".join([f"{method} {target} HTTP/{version}", *headers, f"Content-Length: {len(body)}", "", ""])
    connection.sendall(head.encode("latin1") + body)
    return wire.read_answer(connection)


def is_local(service: Service, *headers: str, version: str = "1.1", source: str = "127.0.0.1") -> bool:
    """Is it given an API token, and shown the metrics? One without the other is a failure."""
    with service.tcp(source) as connection:
        answer = ask(connection, *headers, version=version)
    with service.tcp(source) as connection:
        shown = ask(connection, *headers, target="/metrics", body=b"", version=version).status
    if "result" in answer.json:
        assert (answer.status, shown) == (200, 200)
        return True
    assert (answer.status, answer.json["error"]["code"], shown) == (400, -32003, 404)
    return False


@pytest.mark.parametrize("host", ["localhost", "LocalHost", "localhost:80", "127.0.0.1", "127.0.0.1:80", "[::1]:80"])
def test_a_program_on_the_machine_is_local(service: Service, host: str) -> None:
    assert is_local(service, f"Host: {host}")
    assert is_local(service, f"Host: {host}", version="1.0", source="127.0.0.2")
    assert is_local(service, f"Host: {host}", "User-Agent: curl/8", "Accept: */*", "Authorization: Bearer x")


def test_a_request_without_a_host_is_not_local(service: Service) -> None:
    """Programs name the host that they call, and every proxy could be such a program."""
    assert not is_local(service, version="1.0")
    assert not is_local(service, "Host:", version="1.0")
    assert not is_local(service, "Host:")


@pytest.mark.parametrize(
    "header",
    [
        *("X-Forwarded-For: 127.0.0.1", "X-Forwarded-For: ::1", "x-forwarded-for:", "X-Forwarded-For: localhost"),
        *("X-Forwarded-Host: localhost", "X-Forwarded-Proto: http", "X-Forwarded-Server: a", "X-Forwarded: a"),
        *("Forwarded: for=127.0.0.1", "forwarded:", "X-Real-IP: 127.0.0.1", "Via: 1.1 a", "via:"),
    ],
)
def test_what_a_proxy_adds_makes_nobody_local(service: Service, header: str) -> None:
    assert not is_local(service, LOCALHOST, header)
    assert not is_local(service, header, LOCALHOST, version="1.0", source="127.0.0.2")


@pytest.mark.parametrize(
    "header",
    [
        *("Origin: http://localhost:8000", "Origin: null", "origin: http://evil.example", "Origin:"),
        *("Sec-Fetch-Site: none", "Sec-Fetch-Site: same-origin", "sec-fetch-mode: no-cors", "Sec-Fetch-Dest: empty"),
    ],
)
def test_a_page_in_a_browser_on_the_machine_is_not_local(service: Service, header: str) -> None:
    assert not is_local(service, LOCALHOST, header)
    assert not is_local(service, LOCALHOST, header, "Content-Type: text/plain", "Referer: http://localhost/")


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "evil.example:8000", "localhost.evil.example", "127.0.0.1.evil.example", "evil.localhost"),
        *("localhost.", "localhost:x", "localhost:80:80", "localhost@evil.example", "evil.example/localhost"),
        *("localhost, evil.example", "localhost evil.example", "evil.example#localhost", "0.0.0.0", "127.0.0.2"),
        *("127.1", "2130706433", "0x7f000001", "[::]", "[::ffff:127.0.0.1]", "::1", "gatepass.example", "ｌocalhost"),
    ],
)
def test_a_name_that_was_made_to_point_here_is_not_local(service: Service, host: str) -> None:
    """DNS rebinding: a page of evil.example calls evil.example, which is 127.0.0.1 by now."""
    assert not is_local(service, f"Host: {host.encode().decode('latin1')}")


@pytest.mark.parametrize("headers", [(LOCALHOST, "Host: evil.example"), ("Host: evil.example", LOCALHOST)])
def test_of_two_hosts_none_is_local(service: Service, database: Server, headers: tuple[str, ...]) -> None:
    with service.tcp() as connection:
        assert b"gpa_" not in ask(connection, *headers).body
    assert database.sql("SELECT COUNT(*) FROM auth_tokens", "gatepass") == "0\n"


@pytest.mark.parametrize("forwarded", [(), ("X-Forwarded-For: 127.0.0.1",), ("X-Forwarded-For: 192.0.2.1",)])
def test_who_comes_by_a_unix_socket_is_not_local(
    service: Service, database: Server, forwarded: tuple[str, ...]
) -> None:
    """It has no address: it may as well be a proxy that adds no header."""
    for host in (LOCALHOST, "Host: 127.0.0.1", "Host: [::1]"):
        with service.unix() as connection:
            answer = ask(connection, host, *forwarded)
        assert (answer.status, answer.json["error"]["code"]) == (400, -32003)
        with service.unix() as connection:
            assert ask(connection, host, *forwarded, target="/metrics", body=b"").status == 404
    assert database.sql("SELECT COUNT(*) FROM auth_tokens", "gatepass") == "0\n"


def test_who_comes_by_a_unix_socket_is_served_all_else(service: Service, database: Server) -> None:
    with service.tcp() as connection:
        api = ask(connection, LOCALHOST).json["result"]
    body = CREATE.replace(b"CreateApi", b"CreateAccess").replace(b'"ttl": 0', b'"stream": "cam1", "live": true')
    with service.unix() as connection:
        stream = ask(connection, LOCALHOST, f"Authorization: Bearer {api}", body=body).json["result"]
    with service.unix() as connection:
        target = f"/stream/check?token={stream}&stream=cam1&action=live"
        assert ask(connection, LOCALHOST, target=target, body=b"").status == 204
