"""What the tests of a life run: applications of several settings, gunicorn and nginx, on one database and one clock."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from tests import applications, fuzz
from tests.conftest import ROOT, Gunicorn, environment, migrate, serve
from tests.db.old_php import new_database
from tests.e2e import back_end, nginx
from tests.life.clock import VARIABLE, SharedClock
from tests.life.model import PAIRS
from tests.life.world import DATABASE, World
from tools.private_server import Server
from v1.auth import write_behind
from v1.kinds import VERIFIABLE

LIMITS: Final = (0, 1, 2)
"""MAX_SESSIONS_PER_USER of each application."""

SETTINGS: Final = {"VERIFY_KINDS": ",".join(VERIFIABLE), "PAIRS_PER_LOGIN": str(PAIRS), "HASH_WAIT_SECONDS": "60"}
CLOCKED: Final = "--worker-class tests.life.clocked_worker.ClockedWorker"
HOURS: Final = 10_000.0


@dataclass(frozen=True)
class Running:
    """The applications by their limit, gunicorn, and an nginx before it."""

    worlds: dict[int, World]
    loop: Gunicorn
    front: Gunicorn


@contextmanager
def running(server: Server, place: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    """All of it. What the applications write behind is written when the test says so, and not each second."""
    monkeypatch.setattr(write_behind, "PAUSE_SECONDS", HOURS)
    clock, file = SharedClock(place / "clock"), str(place / "clock")
    more = {**SETTINGS, VARIABLE: file, "GUNICORN_CMD_ARGS": CLOCKED, "KEEPALIVE_SECONDS": "3600"}
    with ExitStack() as stack:
        stack.enter_context(new_database(server, DATABASE))
        migrate(server, DATABASE)
        server.sql((ROOT / "sql/views.sql").read_text(), DATABASE)
        gunicorn = serve(place / "gunicorn.log", server, DATABASE, TRUSTED_PROXIES="127.0.0.1/32", **more)
        stack.callback(gunicorn.stop)
        guarded = stack.enter_context(back_end.running())
        front = stack.enter_context(nginx.running(place / "nginx", gunicorn.port, guarded.port))
        worlds = {limit: stack.enter_context(world(server, clock, limit)) for limit in LIMITS}
        yield Running(worlds, gunicorn, front)


@contextmanager
def world(server: Server, clock: SharedClock, limit: int) -> Iterator[World]:
    """An application with this limit of sessions."""
    app = applications.lend(environment(server, DATABASE, MAX_SESSIONS_PER_USER=str(limit), **SETTINGS), clock)
    made = World(app, server, clock)
    try:
        yield made
    finally:
        made.root.close()
        applications.take_back(app)


def report(capsys: pytest.CaptureFixture[str], what: str) -> None:
    """Say how much `make fuzz` has tried, for bench/results.md."""
    if fuzz.ALL:
        with capsys.disabled():
            print(f"\n{what}", file=sys.stderr)
