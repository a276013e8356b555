"""The odd rows of an old database do no harm: what PHP said of each account, Gatepass says too."""

import json
from collections.abc import Callable, Iterator

import pytest
from flask.testing import FlaskClient

from tests.commands import flask
from tests.conftest import NOW, build, environment, migrate
from tests.db.old_php import DUMP, ZERO_DATES
from tools.private_server import Server

ACCOUNTS = {
    "Admin": b"password",
    "jürgen": b"correct horse",
    "straße": b"argon",
    "strasse": b"oldcrypt",
    "o'brien\"; -- ": b"password",
    "abcdefghijklmnopqrstuvwxyz1234": b"older",
    "": b"",
    "away": b"password",
}
NAMES = {**{name.encode(): password for name, password in ACCOUNTS.items()}, b"m\xfcller": "Glück".encode()}
GOOD = set(NAMES) - {b"o'brien\"; -- ", b"", b"away"}


@pytest.fixture
def adopted(database_server: Server, fresh: str) -> Iterator[str]:
    """The old database after the migration."""
    database_server.sql(DUMP, fresh)
    migrate(database_server, fresh)
    yield fresh


def client(server: Server, database: str) -> FlaskClient:
    return build(environment(server, database), lambda: NOW).test_client()


def code(client: FlaskClient, name: bytes, password: bytes) -> str:
    """The error code of a login, or "" for a success."""
    answer = client.post("/v1/oauth/", data={"username": name, "password": password}).get_json()
    return answer.get("errors", {}).get("code", "")


def test_every_account_logs_in_where_php_lets_it_in(
    database_server: Server, fresh: str, run_php: Callable[..., str]
) -> None:
    def php(name: bytes, password: bytes) -> bool:
        words = {"USERNAME": name.hex(), "PASSWORD": password.hex(), "COST": "4"}
        return json.loads(run_php("login.php", database_server, fresh, **words))["verified"]

    pairs = [(name, password) for name, own in NAMES.items() for password in (own, own + b"x", b"!" + own)]
    database_server.sql(DUMP, fresh)
    before = [php(name, password) for name, password in pairs]
    migrate(database_server, fresh)
    door = client(database_server, fresh)
    assert [code(door, name, password) for name, password in pairs] == ["" if said else "1142" for said in before]
    assert [php(name, password) for name, password in pairs] == before, "after the rehash"
    assert {name for (name, _), said in zip(pairs, before) if said} == GOOD


def test_operators_see_every_row(database_server: Server, adopted: str) -> None:
    listed = json.loads(flask(database_server, "user", "list", "--json", database=adopted))
    assert [each["id"] for each in listed] == [1, 2, 3, 5, 8, 13, 21, 34, 55, 89]
    assert [each["username"] for each in listed][:5] == ["Admin", "jürgen", "müller", "straße", "strasse"]
    assert [each["id"] for each in listed if each["disabled"]] == [89]
    assert {each["is_admin"] for each in listed} == {False}
    assert listed[8]["creation_time"] == "0000-00-00 00:00:00"
    table = flask(database_server, "user", "list", database=adopted)
    assert len(table.splitlines()) == 11 and "\\x00" in table and "\0" not in table


def test_an_account_whose_stored_value_fills_the_column_can_be_disabled(database_server: Server, adopted: str) -> None:
    database_server.sql("UPDATE users SET password = SHA2('x', 512) WHERE id = 1", adopted)
    flask(database_server, "user", "disable", "Admin", database=adopted)
    assert database_server.sql("SELECT COUNT(*) FROM auth_tokens WHERE user_id = 1", adopted) == "0\n"


def test_a_null_for_a_password_is_wrong_credentials(database_server: Server, adopted: str) -> None:
    database_server.sql(
        f"{ZERO_DATES} ALTER TABLE users MODIFY password VARCHAR(128) NULL; UPDATE users SET password = NULL;", adopted
    )
    assert code(client(database_server, adopted), b"Admin", b"") == "1142"
