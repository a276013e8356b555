"""No long name reaches the server, by whatever way it comes: what the server does with one may take long."""

import pytest

from tests.conftest import Service
from tests.doors.contract.guessing import statements_logged

LONG = {"spaces": "a" + " " * 16_000, "letters": "a" * 16_000, "percents": "%" * 16_000, "ignored": "\u200b" * 5_000}


@pytest.mark.parametrize("name", LONG)
def test_a_long_name_is_found_searched_and_added_by_short_statements(service: Service, name: str) -> None:
    users = service.core.tables.users
    with statements_logged(service.server) as seen:
        users.find(LONG[name].encode())
        assert service.core.tables.user_search.named(LONG[name]).users == {}
        with pytest.raises(ValueError, match="cannot hold|30 characters"):
            users.add(LONG[name].encode(), b"x", is_admin=False)
    assert seen == [] or max(map(len, seen)) < 2_000
