"""What comes of a login that hashes its password anew when that cannot be written, or is another by then."""

import pytest

from tests.conftest import COST_4, add_user
from tests.e2e.faults import digests, log_in, service_on, while_hashing
from tools.private_server import Server
from v1.db.pool import Database
from v1.errors import DatabaseDown

THEIRS = "$2y$04$abcdefghijklmnopqrstuuqm9X0AHdZnBVkyqxqyRAHFJKKRJgDkO"  # of no password that is known


def test_a_refused_write_of_the_new_hash_costs_a_warning_and_not_the_login(
    database: Server, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = Database.write

    def refusing(self: Database, name: str, /, **values: object) -> object:
        if name == "users.rehash":
            raise DatabaseDown(1142, "UPDATE command denied")
        return write(self, name, **values)

    monkeypatch.setattr(Database, "write", refusing)
    user_id = add_user(database, "admin")
    assert log_in(service_on(database, BCRYPT_COST="5")).code == "ok"
    assert len(digests(database)) == 1 and stored(database) == COST_4
    warnings = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert warnings == [f"user {user_id}: the rehash was not written"]


def test_a_password_changed_during_a_login_that_would_rehash_wins(
    database: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_user(database, "admin")
    client = service_on(database, BCRYPT_COST="5")
    while_hashing(monkeypatch, lambda: database.sql(f"UPDATE users SET password = '{THEIRS}'", "gatepass"))

    assert [log_in(client).code for _ in range(2)] == ["1142", "1142"]
    assert stored(database) == THEIRS and digests(database) == []


def stored(server: Server) -> str:
    return server.sql("SELECT password FROM users", "gatepass").strip()
