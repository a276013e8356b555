"""Pins sql/grants.sql: the service can do all that it does, a reader can look, and neither can do more."""

from collections.abc import Callable, Iterator
from typing import Any

import pymysql
import pytest

from tests.conftest import ROOT, Clock, environment, flask, migrate
from tests.store.old_php import new_database
from tools.private_mariadb import Server
from v1 import create_app
from v1.settings import load

Run = Callable[[str, str], list[Any]]
NAME = "gatepass_granted"
VIEWS = ["active_sessions", "sessions_per_device", "expired_sessions", "throttled_now"]
TABLES = ["users", "auth_tokens", "login_throttle", "login_stats"]
DDL = [f"DROP TABLE {each}" for each in TABLES] + [f"ALTER TABLE {each} ADD x INT" for each in TABLES]
DDL += [f"TRUNCATE TABLE {each}" for each in TABLES] + ["CREATE TABLE x (y INT)", "CREATE VIEW x AS SELECT 1"]
DDL += ["DROP VIEW active_sessions", "CREATE INDEX x ON users (id)", f"DROP DATABASE {NAME}"]


@pytest.fixture(scope="module")
def granted(mariadb: Server) -> Iterator[str]:
    """A migrated database with views whose accounts have what sql/grants.sql gives them; the service's DATABASE_URL."""
    names = {"gatepass@localhost": "least@localhost", "gatepass_read@localhost": "looks@localhost"}
    grants = (ROOT / "sql/grants.sql").read_text()
    for name, other in names.items():
        grants = f"CREATE USER {other} IDENTIFIED BY 'secret'; {grants.replace(name, other)}"
    with new_database(mariadb, NAME):
        migrate(mariadb, NAME)
        views = (ROOT / "sql/views.sql").read_text()
        mariadb.sql(f"{views} DROP USER IF EXISTS least@localhost, looks@localhost; {grants}", NAME)
        yield f"mysql://least:secret@localhost/{NAME}?unix_socket={mariadb.socket}"
        mariadb.sql("DROP USER least@localhost, looks@localhost")


@pytest.fixture
def run(mariadb: Server, granted: str) -> Run:
    """Run a statement as one of the two accounts, `least` or `looks`: its rows."""

    def run_as(user: str, text: str) -> list[Any]:
        way = {"database": NAME, "unix_socket": str(mariadb.socket), "autocommit": True}
        with pymysql.connect(user=user, password="secret", **way) as link, link.cursor() as cursor:
            cursor.execute(text)
            return list(cursor.fetchall())

    return run_as


def test_the_granted_rights_are_enough_for_logins_and_verbs(mariadb: Server, granted: str) -> None:
    flask(mariadb, "user", "add", "alice", stdin="secret\n", DATABASE_URL=granted)
    app = create_app(load(environment(mariadb, DATABASE_URL=granted, BCRYPT_COST="5")), Clock())
    fields = {"username": "alice", "password": "secret"}
    assert app.test_client().post("/v1/oauth/", data=fields).json["success"]
    assert not app.test_client().post("/v1/oauth/", data={**fields, "password": "wrong"}).json["success"]
    assert mariadb.sql("SELECT LEFT(password, 7) FROM users", NAME) == "$2y$05$\n"
    for words in (["list"], ["show", "alice"], ["admin", "alice"], ["disable", "alice"], ["enable", "alice"]):
        flask(mariadb, "user", *words, DATABASE_URL=granted)
    flask(mariadb, "user", "passwd", "alice", stdin="other\n", DATABASE_URL=granted)
    flask(mariadb, "db", "status", DATABASE_URL=granted)


@pytest.mark.parametrize("table", ["auth_tokens", "login_throttle", "login_stats"])
def test_the_service_account_may_purge(run: Run, table: str) -> None:
    assert run("least", f"DELETE FROM {table} LIMIT 1") == []


@pytest.mark.parametrize("text", [*DDL, "DELETE FROM users", "GRANT SELECT ON users TO looks@localhost"])
def test_the_service_account_cannot_change_tables_or_delete_users(run: Run, text: str) -> None:
    with pytest.raises(pymysql.err.OperationalError, match="denied"):
        run("least", text)


@pytest.mark.parametrize("name", [*VIEWS, "login_stats"])
def test_the_reader_sees_every_view_and_the_counts(run: Run, name: str) -> None:
    assert isinstance(run("looks", f"SELECT * FROM {name}"), list)


@pytest.mark.parametrize("table", ["users", "auth_tokens", "login_throttle"])
@pytest.mark.parametrize("text", ["SELECT * FROM {}", "SELECT COUNT(*) FROM {}"])
def test_the_reader_sees_no_table_with_a_secret(run: Run, table: str, text: str) -> None:
    with pytest.raises(pymysql.err.OperationalError, match="denied"):
        run("looks", text.format(table))


@pytest.mark.parametrize(
    "text",
    [
        *DDL,
        *(f"DELETE FROM {name}" for name in [*TABLES, "active_sessions"]),
        "INSERT INTO login_stats VALUES ('2026-01-01', 'oauth', 'ok', 1)",
        "UPDATE login_stats SET logins = 0",
        "UPDATE active_sessions SET kind = 'x'",
        "SHOW CREATE VIEW active_sessions",
    ],
)
def test_the_reader_changes_nothing(run: Run, text: str) -> None:
    with pytest.raises(pymysql.err.OperationalError, match="denied"):
        run("looks", text)


def test_neither_account_has_more_than_rows_of_this_database(mariadb: Server, granted: str) -> None:
    shown = mariadb.sql("SHOW GRANTS FOR least@localhost; SHOW GRANTS FOR looks@localhost").splitlines()
    rights = {line.split(" ON ")[0] for line in shown}
    service = {"GRANT SELECT, INSERT, UPDATE", "GRANT SELECT, INSERT, UPDATE, DELETE"}
    assert rights == {"GRANT USAGE", "GRANT SELECT"} | service
    assert not any("`.* TO" in line for line in shown)
