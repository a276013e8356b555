"""The search for users by how their names begin, and the change of a password that nobody changed meanwhile."""

import pytest

from tests.conftest import Service, add_user, migrate
from tests.db.old_php import DUMP, tables
from tools.private_server import Server
from v1.db.tables import Tables
from v1.db.tables.users import Users

NAMES = ["Zoë", "anna", "Anna-Lena", "ANNIKA", "ann", "a%b", "a_b", "a\\b", "axb", "ab", "émile", "Emil", "😀 x"]


@pytest.fixture
def users(service: Service) -> Users:
    """A table with these names and `admin`."""
    for name in NAMES:
        add_user(service.server, name)
    return service.core.tables.users


def names(tables: Tables, prefix: str, offset: int = 0, limit: int = 100) -> list[str]:
    """Those whose names begin so, in the order of their names."""
    found = tables.user_search.named(prefix).users
    assert tables.users.count_of_ids(found, False, False) == len(found)
    return [each.username for each in tables.users.of_ids(found, False, False, False, offset, limit)]


def everybody(users: Users, offset: int = 0, limit: int = 100) -> list[str]:
    return [each.username for each in users.listed(newest=False, offset=offset, limit=limit)]


@pytest.mark.parametrize(
    ("prefix", "found"),
    [
        ("ann", ["ann", "anna", "Anna-Lena", "ANNIKA"]),
        ("ÁNNA", ["anna", "Anna-Lena"]),
        ("anna-", ["Anna-Lena"]),
        ("emil", ["Emil", "émile"]),
        ("a%", ["a%b"]),
        ("a_", ["a_b"]),
        ("a\\", ["a\\b"]),
        ("😀", ["😀 x"]),
        ("b", []),
        ("%", []),
        ("_", []),
        ("\\", []),
        ("'", []),
        ("a\0", []),
        ("\ud800", []),
        ("x" * 5000, []),
    ],
)
def test_users_are_found_by_how_their_names_begin(
    users: Users, service: Service, prefix: str, found: list[str]
) -> None:
    assert names(service.core.tables, prefix) == found


def test_all_are_listed_in_the_order_of_the_column_and_page_by_page(users: Users, service: Service) -> None:
    everyone = everybody(users)
    assert sorted(everyone) == sorted([*NAMES, "admin"])
    ordered = service.server.sql("SELECT HEX(username) FROM users ORDER BY username", "gatepass").split()
    assert [name.encode().hex().upper() for name in everyone] == ordered
    assert [name for offset in range(0, 15, 4) for name in everybody(users, offset, 4)] == everyone
    found = service.core.tables
    assert names(found, "ann", 1, 2) == ["anna", "Anna-Lena"] and names(found, "ann", 4, 2) == []
    assert [users.count(limit) for limit in (5, 14, 100)] == [5, 14, 14]
    newest = service.server.sql("SELECT id FROM users ORDER BY id DESC", "gatepass").split()
    pages = [users.listed(newest=True, offset=offset, limit=4) for offset in range(0, 15, 4)]
    assert [str(each.id) for page in pages for each in page] == newest


def test_what_is_found_is_the_whole_row(users: Users, service: Service) -> None:
    zoe = users.find("Zoë".encode())
    assert zoe and users.of_ids([zoe.id, 2_000_000_000], False, False, False, 0, 10) == [zoe]
    assert users.of_ids([], False, False, False, 0, 10) == [] and users.count_of_ids([], False, False) == 0


def test_of_some_ids_those_are_listed_that_pass_the_filters(users: Users, service: Service) -> None:
    service.server.sql("UPDATE users SET is_admin = 1 WHERE username IN ('ann', 'Emil')", "gatepass")
    service.server.sql("UPDATE users SET password = CONCAT('!', password) WHERE username LIKE 'ann%'", "gatepass")
    ids = service.core.tables.user_search.named("ann").users
    for disabled, administrators, found in ((True, False, 4), (True, True, 1), (False, True, 1), (False, False, 4)):
        listed = users.of_ids(ids, True, disabled, administrators, 0, 10)
        assert [each.id for each in listed] == sorted((each.id for each in listed), reverse=True)
        assert len(listed) == users.count_of_ids(ids, disabled, administrators) == found


@pytest.fixture
def adopted(database_server: Server, fresh: str) -> str:
    """The old database after the migration; its column is latin1."""
    database_server.sql(DUMP, fresh)
    migrate(database_server, fresh)
    return fresh


def test_names_of_an_adopted_column_are_found_as_the_apps_send_them(database_server: Server, adopted: str) -> None:
    add_user(database_server, "100%", database=adopted)
    users = tables(database_server, adopted)
    assert names(users, "STRA") == ["straße", "strasse"], "the column's order is that of the bytes' latin1"
    assert names(users, "jü") == ["jürgen"] and names(users, "straß") == ["straße"]
    assert names(users, "o'brien") == ["o'brien\"; -- "] and names(users, "100%") == ["100%"]
    assert names(users, "%") == names(users, "😀") == names(users, "\0") == []
    assert names(users, "m") == ["müller"], "whose bytes are no UTF-8"
    assert len(everybody(users.users)) == users.users.count(100) == 11


def test_names_that_the_server_converted_are_found_by_their_text(database_server: Server, adopted: str) -> None:
    users = tables(database_server, adopted, PHP_CONNECTION_CHARSET="utf8mb4")
    assert names(users, "mü") == names(users, "MÜ") == ["müller"]
    assert names(users, "日") == []


def test_a_row_of_no_name_is_listed_with_all_and_found_by_no_prefix(database_server: Server, adopted: str) -> None:
    database_server.sql("ALTER TABLE users MODIFY username VARCHAR(30) NULL; UPDATE users SET username = NULL", adopted)
    users = tables(database_server, adopted)
    assert everybody(users.users) == [""] * 10 and users.users.count(100) == 10
    assert len({each.id for offset in (0, 4, 8) for each in users.users.listed(False, offset, 4)}) == 10
    assert names(users, "a") == []


def test_a_password_is_changed_only_while_the_old_hash_is_there(users: Users, service: Service) -> None:
    def stored(name: bytes) -> bytes:
        user = users.find(name)
        assert user
        return user.password

    admin, anna = users.find(b"admin"), users.find(b"anna")
    assert admin and anna
    assert not users.change_password(admin.id, b"$2y$other", b"$2y$new") and stored(b"admin") == admin.password
    assert not users.change_password(admin.id, admin.password.swapcase(), b"$2y$new"), "bytes are compared"
    assert not users.change_password(admin.id, admin.password + b" ", b"$2y$new")
    assert users.change_password(admin.id, admin.password, b"$2y$new") and stored(b"admin") == b"$2y$new"
    assert not users.change_password(admin.id, admin.password, b"$2y$third") and stored(b"admin") == b"$2y$new"
    users.disable(admin.id)
    assert not users.change_password(admin.id, b"$2y$new", b"$2y$third") and stored(b"admin") == b"!$2y$new"
    assert not users.change_password(99_999, b"", b"$2y$new")
    assert stored(b"anna") == anna.password
