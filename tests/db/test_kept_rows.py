"""A revoked token is dead even if its row stays, as a foreign key of somebody else's keeps it."""

from collections.abc import Callable, Iterator

import pytest

from tests.commands import flask
from tests.conftest import NOW, ROOT, Service, add_user
from tests.db.conftest import Insert
from tools.private_server import Server
from v1.db.tables.tokens import Tokens
from v1.errors import NotIssued
from v1.records import Client, NewToken
from v1.tokens import revoke

SHOP = "CREATE TABLE shop (token BIGINT NOT NULL, FOREIGN KEY (token) REFERENCES auth_tokens (id)) ENGINE = InnoDB"


@pytest.fixture
def keep(service: Service) -> Iterator[Callable[[int], object]]:
    """Keep the row of that id, as a table of a shop does."""
    service.server.sql(SHOP, "gatepass")
    yield lambda token_id: service.server.sql(f"INSERT INTO shop VALUES ({token_id})", "gatepass")
    service.server.sql("DROP TABLE shop", "gatepass")


def rows(server: Server) -> list[tuple[int, ...]]:
    """The id and the expiry of each row."""
    lines = server.sql("SELECT id, expiry FROM auth_tokens ORDER BY id", "gatepass").splitlines()
    return [tuple(map(int, line.split("\t"))) for line in lines]


def test_a_logout_is_answered_and_the_token_is_dead(service: Service, keep: Callable[[int], object]) -> None:
    """PHP, too, takes a token whose `expiry` is past for none."""
    login = {"username": "admin", "password": "password", "device-info": "x"}
    token = service.client.post("/v1/oauth/", data=login).json["data"]["access_token"]
    bearer = {"Authorization": f"Bearer {token}"}
    ((token_id, expiry),) = rows(service.server)
    keep(token_id)
    assert service.client.post("/v1/verify/", headers=bearer).status_code == 200
    assert expiry > NOW and service.client.post("/v1/logout/", headers=bearer).status_code == 200
    assert rows(service.server) == [(token_id, 0)]
    assert service.client.post("/v1/verify/", headers=bearer).status_code == 401
    assert service.core.tables.tokens.delete(token_id) == 0, "it was gone already"
    service.server.sql("DELETE FROM shop", "gatepass")
    flask(service.server, "session", "purge")
    assert rows(service.server) == []


WAYS = {
    "all of a user": lambda table, core, user, first: table.delete_of_user(user),
    "kinds of a user": lambda table, core, user, first: table.delete_devices(user, ("mobile",), 0),
    "everything, by revocation": lambda table, core, user, first: revoke.all_of_user(core, user, ""),
    "streams of an API token": lambda table, core, user, first: table.delete_children(77, ("mobile",)),
}


@pytest.mark.parametrize("way", WAYS)
def test_one_row_that_stays_does_not_keep_the_others(
    service: Service, table: Tokens, user: int, insert: Insert, keep: Callable[[int], object], way: str
) -> None:
    first = insert("mobile", times=2500, parent_id=77)
    other = insert("mobile", user_id=user + 1)
    keep(first)
    keep(first + 1200)
    assert WAYS[way](table, service.core, user, first) == 2500
    assert [each for each in rows(service.server) if each[0] != other] == [(first, 0), (first + 1200, 0)]
    assert WAYS[way](table, service.core, user, first) == 0
    assert dict(rows(service.server))[other] > NOW


@pytest.mark.parametrize("kept", [0, 1, 2, 3, 4])
def test_a_family_is_dead_whichever_of_its_rows_stays(
    service: Service, insert: Insert, keep: Callable[[int], object], kept: int
) -> None:
    refresh = insert("jwt_refresh")
    access = insert("jwt_access", parent_id=refresh)
    second = insert("jwt_refresh", parent_id=refresh)
    below = insert("jwt_access", parent_id=second, times=2)
    family = [refresh, access, second, below, below + 1]
    keep(family[kept])
    token = service.core.tables.tokens.find_by_id(refresh)
    assert token and revoke.delete(service.core, token) >= 1
    assert all(expiry == 0 for _, expiry in rows(service.server))
    assert family[kept] in dict(rows(service.server))
    flask(service.server, "session", "purge")
    assert family[kept] in dict(rows(service.server))
    service.server.sql("DELETE FROM shop", "gatepass")
    flask(service.server, "session", "purge")
    assert rows(service.server) == []


def test_a_purge_takes_all_the_other_rows(service: Service, insert: Insert, keep: Callable[[int], object]) -> None:
    first = insert("mobile", times=600, expiry=5)
    for number in range(0, 600, 2):
        keep(first + number)
    flask(service.server, "session", "purge", "--batch", "100")
    assert len(rows(service.server)) == 300
    service.server.sql("DELETE FROM shop LIMIT 299", "gatepass")
    flask(service.server, "session", "purge", "--batch", "100")
    assert len(rows(service.server)) == 1


def test_an_api_token_that_is_ended_makes_no_more(
    service: Service, table: Tokens, insert: Insert, keep: Callable[[int], object]
) -> None:
    api = insert("api", user_id=0)
    keep(api)
    assert table.delete(api) == 1
    client = Client("10.0.0.1", "", "x")
    with pytest.raises(NotIssued, match="parent"):
        table.add("f" * 64, NewToken(kind="stream", owner=0, client=client, now=NOW, expiry=NOW + 60, parent=api))


def test_the_file_for_dbas_ends_what_stays(service: Service, insert: Insert, keep: Callable[[int], object]) -> None:
    user = add_user(service.server, "zoe")
    first = insert("mobile", times=3, user_id=user)
    keep(first + 1)
    text = (ROOT / "sql/ops/revoke_sessions_of_user.sql").read_text()
    assert service.server.sql(f"SET @user_id = {user}; {text}", "gatepass").endswith("\n3\t0\n")
    assert rows(service.server) == [(first + 1, 0)]
