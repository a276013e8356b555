"""Two database servers, for tests of several hosts, and what a pool does with them."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests import database_servers as servers
from tests.conftest import add_user
from tools import private_files, private_server
from tools.private_server import Server
from v1.db.pool import Database


@contextmanager
def two_servers(
    place: Path, migrated_directory: Path, options: Sequence[Sequence[str]] = ((), ())
) -> Iterator[tuple[Server, Server]]:
    """Two servers with the same accounts and tables. They share no rows, so a test sees which one was used."""
    with ExitStack() as stack:
        made = []
        for name, own in zip(("first", "second"), options, strict=True):
            directory = servers.copy(migrated_directory, place / name)
            private_files.write_private(directory / "password", "5" * 32)
            made.append(servers.start(directory, *own))
            stack.callback(private_server.end_leftover, directory)
            stack.callback(private_server.stop, made[-1])
            add_user(made[-1], name)
        yield made[0], made[1]


def url(*ports: int) -> str:
    return f"mysql://gatepass:{'5' * 32}@{','.join(f'127.0.0.1:{port}' for port in ports)}/gatepass"


def used(pool: Database) -> str:
    """Whose rows a SELECT finds: those of `first` or of `second`."""
    return bytes(pool.read("users.page_by_name", limit=1, offset=0)[0][1]).decode()


def add(pool: Database) -> int:
    """Count a login: the number of rows that are written."""
    return pool.write("login_stats.add", hour="2026-01-01 00:00:00", door="oauth", outcome="ok", logins=1).rows


def added(pair: tuple[Server, Server]) -> list[int]:
    """How often a write was done on each."""
    return [int(server.sql("SELECT COALESCE(SUM(logins), 0) FROM login_stats", "gatepass")) for server in pair]


def states(pool: Database) -> list[str]:
    return [each.health.state for each in pool.hosts()]
