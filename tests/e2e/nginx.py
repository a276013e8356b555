"""A real nginx that runs config/nginx.conf, the operator's example, before Gatepass and a back end."""

import json
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from tests import processes
from tests.conftest import ROOT, Gunicorn, installed, serve
from tests.e2e import back_end, wire
from tests.e2e.back_end import BackEnd
from tests.e2e.faults import until
from tests.e2e.wire import Answer
from tests.ports import free_port
from tools.private_server import Server

EXAMPLE = (ROOT / "config/nginx.conf").read_text()

AROUND = """\
worker_processes 1;
pid nginx.pid;
events { worker_connections 256; }
http {
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    include gatepass.conf;
}
"""
"""The rest of an nginx of its own: every path is one below its directory."""


class Nginx(Gunicorn):
    """A running nginx; `log` is its access log. The wire's functions take it for the service, as a client does."""

    def lines(self, last: int) -> list[dict[str, str]]:
        """The last lines of its access log. It writes after it answers: wait for a request of our own to be there."""
        mark = uuid.uuid4().hex
        ask(self, "/v1", f"X-Request-Id: {mark}")
        until(lambda: f'"{mark}"}}\n' in self.log.read_text(), "nginx logs a request")
        return [json.loads(line) for line in self.log.read_text().splitlines()[-last - 1 : -1]]

    def written(self) -> str:
        """All it has logged anywhere."""
        return "".join(path.read_text() for path in self.log.parent.glob("*.log"))


@dataclass(frozen=True)
class Site:
    """nginx, the back end that it guards, and Gatepass."""

    nginx: Nginx
    guarded: BackEnd
    gatepass: Gunicorn


@contextmanager
def site(place: Path, server: Server, **settings: str) -> Iterator[Site]:
    """nginx before a back end and a Gatepass on this database, which trusts it."""
    command()
    gatepass = serve(place / "gatepass.log", server, TRUSTED_PROXIES="127.0.0.1/32", **settings)
    try:
        with back_end.running() as guarded, running(place / "nginx", gatepass.port, guarded.port) as nginx:
            yield Site(nginx, guarded, gatepass)
    finally:
        gatepass.stop()


@contextmanager
def running(place: Path, gatepass: int, guarded: int) -> Iterator[Nginx]:
    """nginx on a free port before these two."""
    port = free_port()
    with started(place, port, changed(port, gatepass, guarded)) as nginx:
        yield nginx


@contextmanager
def started(place: Path, port: int, text: str) -> Iterator[Nginx]:
    """nginx with this text for its servers, as a child that leaves nothing behind but its logs."""
    place.mkdir()
    (place / "nginx.conf").write_text(AROUND)
    (place / "gatepass.conf").write_text(text)
    words = "daemon off;" + (" user root;" if os.geteuid() == 0 else "")  # its workers write below the directory too
    arguments = ["-p", f"{place}/", "-c", f"{place}/nginx.conf", "-e", "start.log", "-g", words]
    process = processes.start([command(), *arguments])
    nginx = Nginx(port, process, place / "access.log")
    try:
        until(lambda: (place / "nginx.pid").exists() or process.poll() is not None, "nginx starts")
        said = (place / "start.log").read_text()
        assert process.poll() is None and "[warn]" not in said, said
        yield nginx
    finally:
        nginx.stop()


def command() -> str:
    """The nginx command."""
    return installed("nginx", "nginx-light")


def changed(port: int, gatepass: int, guarded: int) -> str:
    """The example with what it marks as CHANGE put in, and nothing else. The logs go below nginx's own directory."""
    return replaced(
        EXAMPLE,
        ("server 127.0.0.1:8000;", f"server 127.0.0.1:{gatepass};"),
        ("server 127.0.0.1:8080;", f"server 127.0.0.1:{guarded};"),
        ("listen 80;", f"listen 127.0.0.1:{port};"),
        ("access_log /var/log/nginx/gatepass.access.log", "access_log access.log"),
        ("error_log /var/log/nginx/gatepass.error.log", "error_log error.log"),
    )


def replaced(text: str, *changes: tuple[str, str]) -> str:
    """The text with these changes, each of something that is there once."""
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def ask(
    service: Gunicorn,
    target: str,
    *headers: str,
    method: str = "GET",
    body: bytes = b"",
    host: str = "gatepass.example",
) -> Answer:
    """One request on a connection of its own."""
    length = [f"Content-Length: {len(body)}"] if body else []
    head = "\r\n".join([f"{method} {target} HTTP/1.1", f"Host: {host}", *headers, *length, "", ""])
    with wire.connect(service) as connection:
        connection.sendall(head.encode("latin1") + body)
        return wire.read_answer(connection)


def log_in(nginx: Nginx, *headers: str, target: str = "/v1/oauth/", name: str = "admin") -> Answer:
    """Log in with the right password."""
    form = "Content-Type: application/x-www-form-urlencoded"
    body = f"username={quote(name)}&password=password".encode()
    return ask(nginx, target, form, *headers, method="POST", body=body)


def rpc(
    service: Gunicorn, method: str, *headers: str, target: str = "/api/", host: str = "localhost", **params: object
) -> Answer:
    """One JSON-RPC call."""
    body = json.dumps({"jsonrpc": "2.0", "method": method, "params": params, "id": 1}).encode()
    return ask(service, target, *headers, method="POST", body=body, host=host)


def bearer(login: Answer) -> str:
    """The header that presents what a login gave."""
    return f"Authorization: Bearer {login.json['data']['access_token']}"
