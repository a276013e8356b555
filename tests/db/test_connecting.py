"""Whatever the driver raises while connecting is a database that is down, with a reason for the operator."""

import json
import socketserver
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask.testing import FlaskClient
from pymysql import _auth

from tests.commands import flask
from tests.conftest import NOW, build, environment
from tests.database_servers import only_mysql
from tests.serving import serving
from tools.private_server import Server
from v1.db import readiness
from v1.observe.logs import JsonLines
from v1.settings import load

GREETING = b"\x0a11.4.2-MariaDB\0\1\0\0\0saltsalt\0\x0a\xa2\x2d\2\0\x09\0\x15" + bytes(10) + b"saltsaltsalt\0"
NATIVE = GREETING + b"mysql_native_password\0"
ED25519 = b"\xfeclient_ed25519\0" + b"s" * 32
UNKNOWN = b"\xfeparsec\0" + b"s" * 32


@contextmanager
def greeting(*packets: bytes) -> Iterator[str]:
    """The URL of a server that sends these packets, each but the first as an answer, and then nothing more."""

    class Greeting(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            for number, packet in enumerate(packets):
                self.wfile.write(len(packet).to_bytes(3, "little") + bytes([2 * number]) + packet)
                head = self.rfile.read(4)
                self.rfile.read(int.from_bytes(head[:3], "little"))

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Greeting) as server, serving(server):
        yield f"mysql://gatepass:secret-word@127.0.0.1:{server.server_address[1]}/gatepass"


@pytest.fixture
def without_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    """No package `pynacl` or `cryptography`, whether they are installed or not."""
    monkeypatch.setitem(sys.modules, "nacl", None)
    monkeypatch.setattr(_auth, "_have_cryptography", False)


def client(server: Server, url: str) -> FlaskClient:
    return build(environment(server, DATABASE_URL=url, ERROR_STATUS="http")).test_client()


SHA2 = b"\xfecaching_sha2_password\0saltsaltsaltsaltsalt\0"
BY_RSA, RSA_KEY = b"\1\4", b"\1-----BEGIN PUBLIC KEY-----"
RSA = "pip install cryptography, or use a socket or TLS"

CASES = [
    pytest.param((NATIVE, SHA2, BY_RSA, RSA_KEY), 2059, RSA, id="caching_sha2_password without TLS"),
    pytest.param((NATIVE, ED25519), 2059, "'pynacl' package is required", id="ed25519"),
    pytest.param((NATIVE, UNKNOWN), 2059, "parsec", id="a plugin that nobody knows"),
    pytest.param((b"",), 2012, "is it MySQL or MariaDB?", id="an empty greeting"),
    pytest.param((b"\x0a11.4.2\0\1",), 2012, "is it MySQL or MariaDB?", id="a greeting cut off"),
]


@pytest.mark.parametrize(("packets", "number", "reason"), CASES)
def test_it_is_down_at_every_door_with_its_reason_for_the_operator(
    database_server: Server,
    without_packages: None,
    caplog: pytest.LogCaptureFixture,
    packets: tuple[bytes, ...],
    number: int,
    reason: str,
) -> None:
    with greeting(*packets) as url:
        asked = client(database_server, url)
        ready = asked.get("/readyz")
        assert ready.status_code == 503
        assert reason in ready.json["reasons"][0] and f"database error {number}" in ready.json["reasons"][0]
        afar = asked.get("/readyz", environ_base={"REMOTE_ADDR": "203.0.113.7"})
        assert afar.json == {"status": "not ready"}
        login = asked.post("/v1/oauth/", data={"username": "admin", "password": "x", "device-info": "x"})
        check = asked.post("/v1/verify/", headers={"Authorization": f"Bearer {NOW:040d}"})
        assert (login.status_code, check.status_code) == (503, 503), (login.data, check.data)
        assert reason not in (login.data + check.data).decode()
    lines = [json.loads(JsonLines().format(record)) for record in caplog.records]
    told = [line for line in lines if line.get("event") == "database.error"]
    assert told and all(reason in line["reason"] and line["number"] == number for line in told)
    assert "secret-word" not in json.dumps(lines)


@only_mysql
@pytest.mark.parametrize("ssl_mode", ["DISABLED", "REQUIRED"])
def test_an_account_of_mysql_connects_over_tcp(database: Server, ssl_mode: str) -> None:
    """FLUSH PRIVILEGES: the server forgets that it has seen the password, and asks for it by RSA or TLS."""
    assert database.sql("SELECT plugin FROM mysql.user WHERE user = 'gatepass'") == "caching_sha2_password\n"
    database.sql("FLUSH PRIVILEGES")
    url = f"{database.url(tcp=True)}?ssl_mode={ssl_mode}"
    assert readiness.check(load(environment(database, DATABASE_URL=url))).problems == []


@only_mysql
def test_without_cryptography_it_needs_tls_and_says_so(database: Server, without_packages: None) -> None:
    database.sql("FLUSH PRIVILEGES")
    url = database.url(tcp=True)
    (problem,) = readiness.check(load(environment(database, DATABASE_URL=url))).problems
    assert problem.startswith("database error 2059: ") and RSA in problem
    assert readiness.check(load(environment(database, DATABASE_URL=f"{url}?ssl_mode=REQUIRED"))).problems == []


def test_a_command_says_what_is_missing(database_server: Server) -> None:
    with greeting(NATIVE, UNKNOWN) as url, pytest.raises(subprocess.CalledProcessError) as failed:
        flask(database_server, "user", "list", DATABASE_URL=url)
    assert "parsec" in failed.value.stderr and "another plugin" in failed.value.stderr
    assert failed.value.returncode == 1 and "Traceback" not in failed.value.stderr
