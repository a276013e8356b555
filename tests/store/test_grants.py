"""Pins sql/grants.sql: the service account can do all that the service does, and not more."""

import pymysql
import pytest

from tests.conftest import ROOT, Clock, environment, flask, migrate
from v1 import create_app
from v1.settings import load


@pytest.fixture
def granted(mariadb, fresh: str):
    """A migrated database whose account has what sql/grants.sql gives it; the account's DATABASE_URL."""
    migrate(mariadb, fresh)
    accounts = "SET STATEMENT sql_log_bin = 0 FOR CREATE USER IF NOT EXISTS least@localhost IDENTIFIED BY 'least';"
    grants = (ROOT / "sql/grants.sql").read_text().replace("gatepass@localhost", "least@localhost")
    mariadb.sql(accounts + grants, fresh)
    yield f"mysql://least:least@localhost/{fresh}?unix_socket={mariadb.socket}"
    mariadb.sql("DROP USER least@localhost")


def test_the_granted_rights_are_enough_for_logins_and_verbs(mariadb, fresh: str, granted: str) -> None:
    flask(mariadb, "user", "add", "alice", stdin="secret\n", DATABASE_URL=granted)
    app = create_app(load(environment(mariadb, DATABASE_URL=granted, BCRYPT_COST="5")), Clock())
    fields = {"username": "alice", "password": "secret"}
    assert app.test_client().post("/v1/oauth/", data=fields).json["success"]
    assert mariadb.sql("SELECT LEFT(password, 7) FROM users", fresh) == "$2y$05$\n"
    for words in (["list"], ["show", "alice"], ["admin", "alice"], ["disable", "alice"], ["enable", "alice"]):
        flask(mariadb, "user", *words, DATABASE_URL=granted)
    flask(mariadb, "user", "passwd", "alice", stdin="other\n", DATABASE_URL=granted)
    flask(mariadb, "db", "status", DATABASE_URL=granted)


@pytest.mark.parametrize(
    "text", ["DROP TABLE users", "ALTER TABLE users ADD x INT", "DELETE FROM users", "CREATE TABLE x (y INT)"]
)
def test_the_service_account_cannot_change_tables_or_delete_users(mariadb, fresh: str, granted: str, text: str) -> None:
    with pytest.raises(pymysql.err.OperationalError, match="denied"):
        with pymysql.connect(user="least", password="least", database=fresh, unix_socket=str(mariadb.socket)) as link:
            link.cursor().execute(text)
