"""HAProxy before two nodes, one of which ends before it answers: checks go on, and no login is sent twice."""

import socketserver
from collections.abc import Callable
from pathlib import Path

from tests.conftest import Gunicorn, add_user
from tests.e2e.haproxy import haproxy
from tests.e2e.wire import check, parse, post
from tests.serving import serving
from tools.private_server import Server

TIMES = 6


class Dying(socketserver.StreamRequestHandler):
    """A node that says it is ready, and ends each connection on which it should answer anything else."""

    seen: list[bytes] = []

    def handle(self) -> None:
        line = self.rfile.readline()
        if b" /readyz " in line:
            self.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n")
        else:
            self.seen.append(line.split(b" ")[0])


def test_checks_are_repeated_at_another_node_and_logins_are_not(
    database: Server, gunicorn: Callable[..., Gunicorn], tmp_path: Path
) -> None:
    add_user(database, "admin")
    service = gunicorn(database, TRUSTED_PROXIES="127.0.0.1/32")
    token = parse(service.send(post())).json["data"]["access_token"]
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Dying) as dying, serving(dying):
        with haproxy(tmp_path, service.port, dying.server_address[1]) as outside:
            Dying.seen.clear()
            checks = [parse(outside.send(check(token), finish=False)).status for _ in range(TIMES)]
            assert checks == [200] * TIMES and b"GET" in Dying.seen
            Dying.seen.clear()
            logins = [parse(outside.send(post(), finish=False)).status for _ in range(TIMES)]
    assert logins.count(502) == len(Dying.seen) > 0
    assert logins.count(200) == TIMES - len(Dying.seen)
    assert database.sql("SELECT COUNT(*) FROM auth_tokens", "gatepass") == f"{1 + logins.count(200)}\n"
