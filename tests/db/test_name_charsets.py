"""Usernames may have any charset: logins, names as they are shown, the console's search."""

from urllib.parse import quote

import pytest

from tests.conftest import COST_4, Clock, Service, build, environment, migrate
from tests.db.old_php import DUMP
from tests.doors.mobile.test_oauth import code, log_in
from tools.private_server import Server

CHARSETS = {
    "latin5": ("ayşe", "дарья"),
    "cp1251": ("дарья", "ayşe"),
    "latin2": ("łukasz", "дарья"),
    "greek": ("μαρία", "ayşe"),
    "sjis": ("花子", "ayşe"),
    "gbk": ("小红", "ş"),
    "ascii": ("ayse", "ayşe"),
    "ucs2": ("ayşe 花子", "ay🙂"),
    "utf16": ("ay🙂", "ay\0"),
    "utf32": ("ayşe", "ay\0"),
    "utf8mb3": ("ayşe 花子", "ay🙂"),
    "utf8mb4": ("ayşe 花子🙂", "ay\0"),
    "binary": ("ayşe 花子🙂", "ay\0"),
}
"""A name that fits into the charset, and one that does not."""


@pytest.fixture(params=CHARSETS)
def charset(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def adopted(database_server: Server, fresh: str, charset: str) -> Service:
    """A service on old tables whose names have this charset, with the user of CHARSETS and one called `?`."""
    database_server.sql(DUMP, fresh)
    column = f"VARCHAR(30) CHARACTER SET {charset} NOT NULL"
    database_server.sql(f"DELETE FROM users; ALTER TABLE users MODIFY username {column}", fresh)
    migrate(database_server, fresh)
    for name in (CHARSETS[charset][0], "?", "ay?"):
        value = f"CONVERT(_utf8mb4 X'{name.encode().hex()}' USING {charset})"
        add = "INSERT INTO users (username, password, creation_time, remote_ip)"
        database_server.sql(f"{add} VALUES ({value}, '{COST_4}', NOW(), '')", fresh)
    clock = Clock()
    app = build(environment(database_server, fresh), clock)
    return Service(app, app.test_client(), database_server, clock)


def test_a_name_logs_in_and_is_shown_as_it_was_typed(adopted: Service, charset: str) -> None:
    name = CHARSETS[charset][0]
    token = log_in(adopted, username=name).json["data"]["access_token"]
    found = adopted.client.get("/v1/verify/", headers={"Authorization": f"Token {token}"})
    assert found.headers["X-Auth-Username"] == quote(name, safe="")
    tables = adopted.core.tables
    user = tables.users.find(name.encode())
    assert user and user.username == name and tables.users.name_as_sent(user.id) == name.encode()
    expected = {name, "ay?"} if name.startswith("ay") else {name}
    found = tables.user_search.named(name[:2]).users
    assert {each.username for each in tables.users.of_ids(found, False, False, False, 0, 9)} == expected
    assert tables.users.count_of_ids(found, False, False) == len(expected)


def test_a_name_that_the_charset_cannot_hold_is_unknown_like_any_other(adopted: Service, charset: str) -> None:
    """The server would put `?` in the place of the letter, and somebody may be called so."""
    foreign, tables = CHARSETS[charset][1], adopted.core.tables
    answers = [log_in(adopted, username=name) for name in (foreign, "nobody")]
    assert [code(answer) for answer in answers] == ["1142", "1142"]
    assert answers[0].data == answers[1].data
    assert tables.user_search.named(foreign).users == {}
    with pytest.raises(ValueError, match="cannot hold"):
        tables.users.add(foreign.encode(), b"x", is_admin=False)


def test_a_name_that_is_added_fits_the_charset_and_the_column(adopted: Service, charset: str) -> None:
    tables, letter = adopted.core.tables, CHARSETS[charset][0][0]
    assert tables.users.add((letter * 3).encode(), b"x", is_admin=False) > 0
    assert tables.users.find((letter * 3).encode()).username == letter * 3  # type: ignore[union-attr]
    with pytest.raises(ValueError, match="30 characters"):
        tables.users.add((letter * 31).encode(), b"x", is_admin=False)
