"""The table of tokens of a service with rows put there by hand, and pools that know several database hosts."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.conftest import NOW, Service
from tests.db.two_servers import url
from tests.e2e.faults import GENEROUS
from tests.numbers import numbers
from v1.db import connections, host_watch
from v1.db import hosts as choice
from v1.db.pool import Database
from v1.db.tables.tokens import Tokens
from v1.settings import load
from v1.tokens.issue import NEVER

Insert = Callable[..., int]


@pytest.fixture
def table(service: Service) -> Tokens:
    return service.core.tables.tokens


@pytest.fixture
def user(service: Service) -> int:
    """The id of `admin`."""
    return int(service.server.sql("SELECT id FROM users", "gatepass"))


@pytest.fixture
def insert(service: Service, user: int) -> Insert:
    """Put rows there by hand: the id of the first, and those that follow it have the next ones."""

    def insert_rows(kind: str, claims: str | None = None, times: int = 1, **columns: Any) -> int:
        defaults = {"user_id": user, "name": None, "creation_time": NOW, "expiry": NEVER, "last_access": NOW}
        values = {**defaults, "device_info": "", **columns}
        written = ", ".join("NULL" if each is None else f"'{each}'" for each in [kind, claims, *values.values()])
        return int(
            service.server.sql(
                f"INSERT INTO auth_tokens (auth_key, kind, claims, {', '.join(values)})"
                f" SELECT SHA2(UUID(), 256), {written} FROM {numbers(times)}; SELECT LAST_INSERT_ID()",
                "gatepass",
            )
        )

    return insert_rows


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A host that is slow is not taken for one that is gone: this machine may be busy."""
    monkeypatch.setattr(host_watch, "ANSWER_SECONDS", GENEROUS)
    monkeypatch.setattr(connections, "FIRST_CONNECT_SECONDS", GENEROUS)


@pytest.fixture
def open_pool(monkeypatch: pytest.MonkeyPatch, patient: None) -> Iterator[Callable[..., Database]]:
    """`open_pool(port, port)` makes a pool. A host that recovers is used again at once."""
    monkeypatch.setattr(choice, "RETURN_SECONDS", (0.0, 0.0))
    made: list[Database] = []

    def make(*ports: int, options: str = "") -> Database:
        settings = load({"DATABASE_URL": url(*ports) + options, "APP_ENV": "development"})
        made.append(Database(settings.database_url, connect_seconds=60, query_seconds=60))
        return made[-1]

    yield make
    for pool in made:
        pool.close()
