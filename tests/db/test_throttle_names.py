"""Which names the throttle counts as one account: those that the column of names takes as equal, used or not."""

import re

import pytest

from tests.auth.guessing import MakeService, guess, limited, rows
from tests.conftest import Clock, Service, add_user, build, environment, migrate
from tests.database_servers import IS_MYSQL
from tests.db.old_php import DUMP, ZERO_DATES
from tools.private_server import Server


@pytest.fixture
def adopted(database_server: Server, fresh: str) -> Service:
    """A service on the tables of an old installation, where names are latin1."""
    database_server.sql(DUMP, fresh)
    migrate(database_server, fresh)
    clock = Clock()
    app = build(environment(database_server, fresh, THROTTLE_PAIR="5"), clock)
    return Service(app, app.test_client(), database_server, clock)


LATIN1 = ["{0}", "{0} ", "{0}   "]
UTF8MB4 = [*LATIN1, "{0}\u00a0", "{0}\u3000 ", "{0}\u200b"]
"""Ways to write a name that the column takes as equal: it ignores trailing spaces, of any kind that it knows."""


@pytest.mark.parametrize("name", ["admin", "zork"])
@pytest.mark.parametrize("where, ways", [("utf8mb4", UTF8MB4), ("latin1", LATIN1)])
def test_spellings_that_the_column_takes_as_equal_are_one_account_whether_there_is_such_a_user_or_not(
    make_service: MakeService, request: pytest.FixtureRequest, where: str, ways: list[str], name: str
) -> None:
    """Were those of an unknown name counted apart, six failures in two spellings would tell whether there is a user."""
    service = limited(make_service) if where == "utf8mb4" else request.getfixturevalue("adopted")
    spellings = [way.format(each) for way in ways for each in (name, name.upper(), name.title())]
    assert [guess(service, each) for each in spellings[-6:]] == ["wrong"] * 6
    assert {each: guess(service, each) for each in spellings} == dict.fromkeys(spellings, "wait 1 pair")
    assert guess(service, name[:-1]) == guess(service, name + "x") == guess(service, " " + name) == "wrong"


NO_PAD = "utf8mb4 COLLATE " + ("utf8mb4_0900_ai_ci" if IS_MYSQL else "utf8mb4_unicode_nopad_ci")
"""A collation for which a trailing space makes another name: in MySQL the default one."""


@pytest.mark.parametrize("name", ["admin", "zork"])
@pytest.mark.parametrize("charset", [NO_PAD, "binary"])
def test_where_the_column_minds_trailing_spaces_they_make_another_account(
    adopted: Service, fresh: str, name: str, charset: str
) -> None:
    """If only those of an unknown name were counted together, the count would tell whether there is a user."""
    column = f"ALTER TABLE users MODIFY username VARCHAR(30) CHARACTER SET {charset} NOT NULL"
    adopted.server.sql(f"{ZERO_DATES} DELETE FROM users WHERE id <> 1; {column}", fresh)
    assert [guess(adopted, name) for _ in range(7)] == ["wrong"] * 6 + ["wait 1 pair"]
    assert guess(adopted, name + " ") == guess(adopted, " " + name) == "wrong"
    assert guess(adopted, name.upper()) == ("wrong" if charset == "binary" else "wait 1 pair")


@pytest.mark.parametrize("name", ["jürgen", "zörk"])
def test_a_name_beyond_ascii_is_the_account_that_its_column_makes_it(
    make_service: MakeService, adopted: Service, name: str
) -> None:
    service, plain = limited(make_service), name.replace("ö", "o").replace("ü", "u")
    add_user(service.server, "jürgen")
    assert [guess(service, each) for each in [name, name.upper(), plain] * 2] == ["wrong"] * 6
    assert guess(service, plain.upper()) == "wait 1 pair"
    assert [guess(adopted, name) for _ in range(6)] == ["wrong"] * 6
    assert [guess(adopted, name.encode().upper()), guess(adopted, plain)] == ["wait 1 pair", "wrong"]
    assert guess(adopted, name.encode("latin1")) == "wrong", "other bytes: another name"


@pytest.mark.parametrize("name", [b"nobody", b"ad\0min", b"\0", b"\xff\xfe", b"", b"x" * 16000, "\U0001f600".encode()])
def test_a_name_that_nobody_has_is_counted_by_a_digest_and_never_kept(make_service: MakeService, name: bytes) -> None:
    service = limited(make_service)
    assert [guess(service, name) for _ in range(7)] == ["wrong"] * 6 + ["wait 1 pair"]
    assert guess(service, name + b"!") == guess(service, "admin") == "wrong"
    counted = [row.split("\t") for row in rows(service, "scope, user_id, failures, name_digest")]
    digests = {digest for scope, user, failures, digest in counted if (scope, user, failures) == ("pair", "0", "6")}
    assert len(digests) == 1 and re.fullmatch("[0-9a-f]{64}", digests.pop())
