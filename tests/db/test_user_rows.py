"""The search for users by how their names begin, and the change of a password that nobody changed meanwhile."""

import pytest

from tests.conftest import Service, add_user, migrate
from tests.db.old_php import DUMP, tables
from tools.private_server import Server
from v1.db.tables.users import Users

NAMES = ["Zoë", "anna", "Anna-Lena", "ANNIKA", "ann", "a%b", "a_b", "a\\b", "axb", "ab", "émile", "Emil", "😀 x"]


@pytest.fixture
def users(service: Service) -> Users:
    """A table with these names and `admin`."""
    for name in NAMES:
        add_user(service.server, name)
    return service.core.tables.users


def names(users: Users, prefix: str, offset: int = 0, limit: int = 100) -> list[str]:
    return [each.username for each in users.search(prefix, offset, limit)]


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
def test_users_are_found_by_how_their_names_begin(users: Users, prefix: str, found: list[str]) -> None:
    assert names(users, prefix) == found
    assert users.count_search(prefix, 100) == len(found)


def test_all_are_listed_in_the_order_of_the_column_and_page_by_page(users: Users, service: Service) -> None:
    everybody = names(users, "")
    assert sorted(everybody) == sorted([*NAMES, "admin"])
    ordered = service.server.sql("SELECT HEX(username) FROM users ORDER BY username", "gatepass").split()
    assert [name.encode().hex().upper() for name in everybody] == ordered
    assert [name for offset in range(0, 15, 4) for name in names(users, "", offset, 4)] == everybody
    assert names(users, "ann", 1, 2) == ["anna", "Anna-Lena"] and names(users, "ann", 4, 2) == []
    assert [users.count_search("", limit) for limit in (5, 14, 100)] == [5, 14, 14]
    assert users.count_search("ann", 3) == 3


def test_what_is_found_is_the_whole_row(users: Users) -> None:
    assert users.search("zoe", 0, 10) == [users.find("Zoë".encode())]


@pytest.fixture
def adopted(database_server: Server, fresh: str) -> str:
    """The old database after the migration; its column is latin1."""
    database_server.sql(DUMP, fresh)
    migrate(database_server, fresh)
    return fresh


def test_names_of_an_adopted_column_are_found_as_the_apps_send_them(database_server: Server, adopted: str) -> None:
    add_user(database_server, "100%", database=adopted)
    users = tables(database_server, adopted).users
    assert names(users, "STRA") == ["straße", "strasse"], "the column's order is that of the bytes' latin1"
    assert names(users, "jü") == ["jürgen"] and names(users, "straß") == ["straße"]
    assert names(users, "o'brien") == ["o'brien\"; -- "] and names(users, "100%") == ["100%"]
    assert names(users, "%") == names(users, "😀") == names(users, "\0") == []
    assert names(users, "m") == ["müller"], "whose bytes are no UTF-8"
    assert len(names(users, "")) == users.count_search("", 100) == 11


def test_names_that_the_server_converted_are_found_by_their_text(database_server: Server, adopted: str) -> None:
    users = tables(database_server, adopted, PHP_CONNECTION_CHARSET="utf8mb4").users
    assert names(users, "mü") == names(users, "MÜ") == ["müller"]
    assert names(users, "日") == [] and users.count_search("日", 5) == 0


def test_a_row_of_no_name_is_listed_with_all_and_found_by_no_prefix(database_server: Server, adopted: str) -> None:
    database_server.sql("ALTER TABLE users MODIFY username VARCHAR(30) NULL; UPDATE users SET username = NULL", adopted)
    users = tables(database_server, adopted).users
    assert names(users, "") == [""] * 10 and users.count_search("", 100) == 10
    assert len({each.id for offset in (0, 4, 8) for each in users.search("", offset, 4)}) == 10
    assert names(users, "a") == [] and users.count_search("a", 100) == 0


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
