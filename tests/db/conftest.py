"""The table of tokens of a service and rows put there by hand, for the tests of what the store does with them."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import NOW, Service
from tests.numbers import numbers
from v1.db.tables.tokens import Tokens
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
