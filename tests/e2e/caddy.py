"""A real Caddy that runs config/caddy/Caddyfile, the operator's example, before Gatepass, a back end and a folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import processes
from tests.conftest import ROOT, installed, serve
from tests.e2e import back_end, streams
from tests.e2e.faults import until
from tests.e2e.nginx import Nginx, Site
from tests.e2e.streams import Streams
from tests.ports import free_port
from tools.private_server import Server

EXAMPLE = (ROOT / "config/caddy/Caddyfile").read_text()


@contextmanager
def site(place: Path, server: Server) -> Iterator[Site]:
    """Caddy before a back end and a Gatepass on this database, which trusts it."""
    command()
    gatepass = serve(place / "gatepass.log", server, TRUSTED_PROXIES="127.0.0.1/32")
    try:
        with back_end.running() as guarded, running(place / "caddy", gatepass.port, guarded.port) as (front, _):
            yield Site(front, guarded, gatepass)
    finally:
        gatepass.stop()


@contextmanager
def over_streams(place: Path, server: Server) -> Iterator[Streams]:
    """Caddy over a folder of streams, and the Gatepass that it asks."""
    command()
    gatepass = serve(place / "gatepass.log", server, TRUSTED_PROXIES="127.0.0.1/32")
    try:
        with running(place / "caddy", gatepass.port, gatepass.port) as (_, front):
            yield Streams(front, gatepass)
    finally:
        gatepass.stop()


@contextmanager
def running(place: Path, gatepass: int, guarded: int) -> Iterator[tuple[Nginx, Nginx]]:
    """Caddy before these two: the front of the doors, and that of the streams."""
    ports = free_port(), free_port()
    place.mkdir()
    streams.fill(place / "streams")
    (place / "Caddyfile").write_text(changed(*ports, gatepass, guarded, place / "streams"))
    words = ["run", "--config", str(place / "Caddyfile"), "--adapter", "caddyfile"]
    log = place / "caddy.log"
    with log.open("wb") as output:
        environ = {"HOME": str(place)}
        process = processes.start([command(), *words], environ, cwd=place, stdout=output, stderr=output)
    fronts = [Nginx(port, process, log) for port in ports]
    try:
        until(lambda: process.poll() is not None or "serving initial configuration" in log.read_text(), "Caddy starts")
        assert process.poll() is None, log.read_text()
        yield fronts[0], fronts[1]
    finally:
        fronts[0].stop()


def command() -> str:
    """The caddy command."""
    return installed("caddy", "caddy")


def changed(port: int, streams_port: int, gatepass: int, guarded: int, folder: Path) -> str:
    """The example with what it marks as CHANGE put in, and nothing else."""
    text = EXAMPLE.replace("127.0.0.1:8000", f"127.0.0.1:{gatepass}").replace("127.0.0.1:8080", f"127.0.0.1:{guarded}")
    text = text.replace("root * /srv/streams", f"root * {folder}")
    for name, own in (("gatepass.example", port), ("streams.example", streams_port)):
        assert text.count(f"\nhttp://{name} {{") == 1
        text = text.replace(f"\nhttp://{name} {{", f"\nhttp://:{own} {{\n\tbind 127.0.0.1")
    return text
