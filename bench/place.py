"""The place of a run: a temporary directory, a private database server with its rows, and the service upon it."""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from subprocess import run

from bench import virtual_environment
from bench.client import Page
from bench.processes import BIN, HOST, ROOT, children, running, wait_for_answer
from bench.report import BenchError, say
from tools import private_mariadb, private_server
from tools.private_server import Engine, Server
from v1.passwords.hashes import Passwords

PASSWORD = b"correct horse 72"
COST = 10
LOW_COST = 4
HIGH_COST = 12
USERS = 8
"""Users `bench0` .. of a hash at COST; `quick0` .. the same at LOW_COST, `slow0` .. at HIGH_COST."""

HOME = ROOT / "var" / "bench-gatepass"
"""The packages of a deployment. Those of the tests bring `cryptography` along, which PyMySQL imports if it is there."""

KEY = "the key of the measurements which is no secret"
LOGIN = "/v1/oauth/"
CHECK = "/v1/verify/"

UNTHROTTLED = {f"THROTTLE_{key}": "0" for key in ("PAIR", "ADDRESS", "ACCOUNT", "EVERYONE")}
"""All the load comes from one address, and part of it with a wrong password."""


@dataclass
class Place:
    """Where a run happens. `quick` asks for a smoke test: the same steps, a few repeats."""

    directory: Path
    quick: bool
    engine: Engine = private_mariadb.ENGINE
    options: tuple[str, ...] = ()
    """Further options of the database server."""
    seconds: int = 0
    """How long the soak lasts, if it was said."""
    _server: list[Server] = field(default_factory=list)

    def repeats(self, full: int, quick: int) -> int:
        """How often to repeat."""
        return quick if self.quick else full

    @cached_property
    def server(self) -> Server:
        """The private server, at its default durability, with the tables of today and the users."""
        say(f"starting a private {self.engine.name}")
        server = private_server.start(self.engine, self.directory / self.engine.name.lower(), *self.options)
        self._server.append(server)
        server.socket.parent.chmod(0o711)  # Apache's children, who are not root, must reach the socket
        _prepare(server, "gatepass")
        return server

    def close(self) -> None:
        """Stop what was started."""
        for server in self._server:
            private_server.stop(server)

    def environment(self, database: str = "gatepass", **settings: str) -> dict[str, str]:
        """What the service runs with: production, COST and no throttle, unless said otherwise."""
        base = {"DATABASE_URL": self.server.url(database=database), "APP_ENV": "production", "BCRYPT_COST": str(COST)}
        base["TOKEN_KEYS"] = KEY
        return {"PATH": os.environ["PATH"], **base, **UNTHROTTLED, **settings}

    @contextmanager
    def gatepass(
        self, application: str = "wsgi:application", by: Sequence[str] = (), **settings: str
    ) -> Iterator[tuple[Page, int]]:
        """The service (or another application) under its gunicorn, started by another command if one is named: its
        page, and the id of its first process."""
        port, log = private_server.free_port(), self.directory / "gunicorn.log"
        environ = self.environment(PORT=str(port), HOST=HOST, **settings)
        programs = virtual_environment.programs(HOME, ROOT / "config" / "requirements.txt")
        command = [*by, str(programs / "gunicorn"), "-c", "config/gunicorn.conf.py", application]
        with running(command, environ, log) as process:
            wait_for_answer(process, port, LOGIN, log)
            yield Page(port, LOGIN), process.pid


def workers_of(pid: int, count: int) -> list[int]:
    """The ids of gunicorn's workers once all of them are there: the first answers before the last is forked."""
    for _ in range(500):
        if len(found := children(pid)) == count:
            return found
        time.sleep(0.02)
    raise BenchError(f"gunicorn has {len(found)} workers and not {count}")


def new_database(server: Server, name: str) -> None:
    """A further database with the tables of today and the same users."""
    server.sql(f"CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci")
    _prepare(server, name)


def _prepare(server: Server, database: str) -> None:
    migrate(server, database)
    for name, cost in (("bench", COST), ("quick", LOW_COST), ("slow", HIGH_COST)):
        stored = Passwords(cost).hash(PASSWORD)
        for number in range(USERS):
            add_user(server, f"{name}{number}", stored, database)


def migrate(server: Server, database: str) -> str:
    """Run `gatepass db migrate` as an operator does; what it said."""
    url = server.url("gatepass_migrate", database)
    environ = {"PATH": os.environ["PATH"], "DATABASE_URL": url, "TOKEN_KEYS": KEY, "PYTHONUNBUFFERED": "1"}
    done = run([BIN / "gatepass", "db", "migrate"], cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BenchError(f"gatepass db migrate failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def add_user(server: Server, name: str, stored: bytes, database: str = "gatepass") -> None:
    """A user as PHP would insert one: only the old columns are named."""
    columns = "username, password, creation_time, remote_ip, access_level"
    server.sql(f"INSERT INTO users ({columns}) VALUES ('{name}', X'{stored.hex()}', NOW(), '10.0.0.1', 1)", database)
