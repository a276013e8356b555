"""All roads lead to one schema: nothing, the old PHP database, sql/schema.sql, any half-done state."""

import json
import re
import subprocess

import pytest

from tests.commands import flask
from tests.conftest import ROOT, migrate
from tests.db.old_php import DUMP, but_for_usernames, migrator, schema, schema_today
from tools.private_server import Server
from v1.db import migrations

STEPS = ["0001_tables", "0002_users", "0003_auth_tokens", "0004_login_throttle", "0005_login_stats", "0006_profiles"]
STEPS += ["0007_events", "0008_profile_words", "0009_counts"]
CREATED = ["profiles", "events", "profile_words_new", "counts"]
ANNOUNCED = re.compile(r"(\w+): (CREATE|ALTER) TABLE (\w+): ([\d,]+) rows, writers wait for about (\d+) s")


@pytest.fixture(scope="module")
def today(database_server: Server) -> list[str]:
    """The schema that sql/schema.sql makes."""
    return schema_today(database_server)


@pytest.mark.parametrize("charset", ["latin1", "utf8mb4"])
def test_migrations_make_out_of_nothing_what_schema_sql_says(
    database_server: Server, fresh: str, today: list[str], charset: str
) -> None:
    """Whatever the database's own charset and collation are: which names are equal does not depend on them."""
    database_server.sql(f"ALTER DATABASE {fresh} CHARACTER SET {charset}")
    migrate(database_server, fresh)
    assert schema(database_server, fresh) == today


def test_the_old_database_becomes_the_same_but_for_usernames(
    database_server: Server, fresh: str, today: list[str]
) -> None:
    database_server.sql(DUMP, fresh)
    migrate(database_server, fresh)
    assert but_for_usernames(schema(database_server, fresh)) == but_for_usernames(today)
    username = next(line for line in schema(database_server, fresh) if "\tusername\t" in line)
    assert "\tlatin1\tlatin1_swedish_ci\t" in username


NEEDING = ("(user_id, login_network, expiry)", "(kind, expiry)", "expiry, kind)", "(parent_id)", "(remote_ip)")
NEEDING += ("(is_admin)", "NULL for other tokens'",)
"""The ends of clauses that need the column of another."""

CLAUSES = [
    (alter.sql, clause.sql)
    for blocks in migrations.steps().values()
    for alter in blocks
    for condition, clause in zip(blocks, blocks[1:])
    if (alter.kind, condition.kind, clause.kind) == ("alter", "unless", "clause")
    and alter.about in ("users", "auth_tokens")
    and not clause.sql.endswith(NEEDING)
]


@pytest.mark.parametrize("done", CLAUSES, ids=lambda done: " ".join(done[1].split()[:4]))
def test_what_a_dba_did_by_hand_is_left_and_the_rest_is_done(
    database_server: Server, fresh: str, today: list[str], done: tuple[str, str]
) -> None:
    database_server.sql(f"{DUMP} {done[0]} {done[1]};", fresh)
    with migrator(database_server, fresh) as (run, tables):
        for change in migrations.due(run, tables):
            assert not (change.sql.startswith(done[0]) and done[1] in change.sql)
            run(change.sql)
        assert list(migrations.due(run, {row[0] for row in run("SHOW TABLES")})) == []
    assert without_order(schema(database_server, fresh)) == without_order(today)


BEFORE = """
    DROP TABLE events, profile_words, counts;
    ALTER TABLE users DROP KEY is_admin_key, DROP KEY disabled_key;
    ALTER TABLE auth_tokens DROP KEY remote_ip_key, DROP KEY device_info_key, DROP KEY kind_expiry_key,
        ADD KEY kind_key (kind);
    ALTER TABLE login_throttle DROP KEY address_key;
    ALTER TABLE auth_tokens DROP COLUMN last_ip;
    ALTER TABLE profiles DROP COLUMN time_zone;
    INSERT INTO profiles (user_id, full_name, email) VALUES (1, '', ''), (2, 'Ayşe  Yılmaz "Ay\\\\s"', 'a@b.example'),
        (3, 'yilmaz YILMAZ', 'nowhere');
"""
"""Takes the schema of today back to that before there was an activity log."""


def test_a_database_of_before_the_activity_log_gets_it_and_the_words_of_its_profiles(
    database_server: Server, fresh: str, today: list[str]
) -> None:
    database_server.sql((ROOT / "sql/schema.sql").read_text() + BEFORE, fresh)
    migrate(database_server, fresh)
    assert without_order(schema(database_server, fresh)) == without_order(today)
    words = database_server.sql("SELECT user_id, word FROM profile_words ORDER BY user_id, word", fresh)
    found = [line.split("\t") for line in words.splitlines()]
    ayse = ['"Ay\\\\s"', "@b.example", "a@b.example", "Ayşe", "Yilmaz"]
    assert [each[1] for each in found if each[0] == "2"] == ayse
    assert [each[1].lower() for each in found if each[0] == "3"] == ["nowhere", "yilmaz"]
    assert {each[0] for each in found} == {"2", "3"}


def without_order(lines: list[str]) -> list[str]:
    return sorted(re.sub(r"^(\w+)\t\d+\t", r"\1\t\t", line) for line in but_for_usernames(lines))


def test_status_and_migrate_tell_what_is_done(database_server: Server, fresh: str) -> None:
    database_server.sql(DUMP, fresh)
    with pytest.raises(subprocess.CalledProcessError) as failed:
        flask(database_server, "db", "status", database=fresh)
    assert failed.value.returncode == 1
    assert failed.value.stdout.split() == ["done", STEPS[0]] + [word for step in STEPS[1:] for word in ("due", step)]
    with pytest.raises(subprocess.CalledProcessError) as failed:
        flask(database_server, "db", "status", "--json", database=fresh)
    assert json.loads(failed.value.stdout) == dict(zip(STEPS, ["done"] + ["due"] * 8))

    assert flask(database_server, "db", "migrate", database=fresh).endswith("done: 10 statements\n")
    assert flask(database_server, "db", "status", database=fresh).split()[0::2] == ["done"] * 9
    assert json.loads(flask(database_server, "db", "status", "--json", database=fresh)) == dict.fromkeys(STEPS, "done")

    before = schema(database_server, fresh)
    assert flask(database_server, "db", "migrate", database=fresh) == "nothing to do\n"
    assert schema(database_server, fresh) == before


def test_rows_and_the_expected_wait_are_told_for_every_statement(
    database_server: Server, fresh: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "ROWS_A_SECOND", 4)
    database_server.sql(DUMP, fresh)
    told = [match.groups() for match in ANNOUNCED.finditer(flask(database_server, "db", "migrate", database=fresh))]
    assert told == [
        (STEPS[1], "ALTER", "users", "10", "2"),
        (STEPS[2], "ALTER", "auth_tokens", "8", "2"),
        (STEPS[3], "CREATE", "login_throttle", "0", "1"),
        (STEPS[4], "CREATE", "login_stats", "0", "1"),
        *((STEPS[number], "CREATE", name, "0", "1") for number, name in enumerate(CREATED, 5)),
    ]


@pytest.mark.parametrize("dump", ["", DUMP], ids=["nothing", "old"])
def test_a_dry_run_changes_nothing_and_its_sql_does_it_all(
    database_server: Server, fresh: str, today: list[str], dump: str
) -> None:
    database_server.sql(dump, fresh)
    before = schema(database_server, fresh)
    printed = flask(database_server, "db", "migrate", "--dry-run", database=fresh)
    assert schema(database_server, fresh) == before
    database_server.sql(printed, fresh)
    assert but_for_usernames(schema(database_server, fresh)) == but_for_usernames(today)
    assert flask(database_server, "db", "migrate", database=fresh) == "nothing to do\n"


@pytest.mark.parametrize("named", [True, False], ids=["named", "by default"])
def test_the_service_account_cannot_migrate_and_is_told_so(database_server: Server, fresh: str, named: bool) -> None:
    url = database_server.url("gatepass", fresh) if named else ""
    database_server.sql(DUMP, fresh)
    before = schema(database_server, fresh)
    with pytest.raises(subprocess.CalledProcessError) as failed:
        flask(database_server, "db", "migrate", database=fresh, MIGRATE_DATABASE_URL=url)
    assert failed.value.returncode == 1
    assert "1142: ALTER command denied to user 'gatepass'" in failed.value.stderr
    assert "MIGRATE_DATABASE_URL" in failed.value.stderr and "Traceback" not in failed.value.stderr
    assert database_server.password not in failed.value.stderr
    assert schema(database_server, fresh) == before


def test_status_uses_the_service_account_and_migrate_the_other(database_server: Server, fresh: str) -> None:
    migrate(database_server, fresh)
    nowhere = database_server.url("nobody", fresh)
    assert flask(database_server, "db", "status", database=fresh, MIGRATE_DATABASE_URL=nowhere)
    with pytest.raises(subprocess.CalledProcessError) as failed:
        flask(database_server, "db", "migrate", database=fresh, MIGRATE_DATABASE_URL=nowhere)
    assert "1045" in failed.value.stderr


def test_a_certificate_of_the_migrating_account_that_is_missing_is_named(database_server: Server, fresh: str) -> None:
    url = database_server.url("gatepass_migrate", fresh) + "&ssl_mode=REQUIRED&ssl_ca=/nowhere/ca.pem"
    with pytest.raises(subprocess.CalledProcessError) as failed:
        flask(database_server, "db", "migrate", database=fresh, MIGRATE_DATABASE_URL=url)
    told = failed.value.stderr
    assert "2026: ssl_ca: /nowhere/ca.pem: No such file or directory" in told and "Traceback" not in told
