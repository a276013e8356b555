"""Each statement about the tables says which step it is from, be it a DBA or a slow log that reads it."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.commands import flask
from tests.conftest import environment
from tests.db.old_php import DUMP, migrator
from tools.private_server import Server
from v1.db import migrations, readiness
from v1.settings import load

NAMED = re.compile(r"/\* migrations\.(\w+) \*/ ")
CONNECTING = ("SET NAMES", "/* session.", "/* readiness.", "/* hosts.")


def steps_with(*kinds: str) -> set[str]:
    return {step for step, blocks in migrations.steps().items() if any(block.kind in kinds for block in blocks)}


def named(statements: list[str]) -> set[str]:
    """The steps in whose name these were run: each in that of one."""
    found = [NAMED.match(statement) for statement in statements]
    assert [text for text, match in zip(statements, found) if not match] == []
    return {match[1] for match in found if match}


@contextmanager
def logged(server: Server, account: str) -> Iterator[Callable[[], list[str]]]:
    """What that account asks the server meanwhile, but for what a driver says on connecting."""
    server.sql("SET GLOBAL log_output = 'TABLE'; TRUNCATE mysql.general_log; SET GLOBAL general_log = ON")
    asked = "SELECT argument FROM mysql.general_log WHERE command_type IN ('Query', 'Execute')"

    def seen() -> list[str]:
        lines = server.sql(f"{asked} AND user_host LIKE '{account}[%' ORDER BY event_time").splitlines()
        return [line for line in lines if not line.startswith(CONNECTING)]

    try:
        yield seen
    finally:
        server.sql("SET GLOBAL general_log = OFF; SET GLOBAL log_output = 'FILE'")


def test_what_looks_for_obstacles_and_for_what_is_due_says_its_step(database_server: Server, fresh: str) -> None:
    database_server.sql(DUMP, fresh)
    with migrator(database_server, fresh) as (run, tables):
        asked: list[str] = []

        def noting(sql: str) -> list[Any]:
            asked.append(sql)
            return run(sql)

        for change in migrations.due(noting, tables):
            run(change.sql)
        assert named(asked) == steps_with("unless", "when")
        asked.clear()
        assert migrations.obstacles(noting, {row[0] for row in run("SHOW TABLES")}) == []
        assert named(asked) == steps_with("lack", "unfit", "caution", "refuse")


def test_what_migrate_runs_says_its_step_or_its_name(database_server: Server, fresh: str) -> None:
    database_server.sql(DUMP, fresh)
    with logged(database_server, "gatepass_migrate") as seen:
        flask(database_server, "db", "migrate", database=fresh)
        asked = seen()
    due = set(migrations.steps()) - {"0000_adopted", "0001_tables"}
    assert named([text for text in asked if re.search(r"\b(CREATE|ALTER) TABLE\b", text)]) == due
    assert named([text for text in asked if not text.startswith("/* migration.")]) == due | {"0000_adopted"}


def test_what_readiness_asks_says_its_step_or_its_name(migrated: Server) -> None:
    with logged(migrated, "gatepass") as seen:
        assert readiness.check(load(environment(migrated))).problems == []
        tables, *asked = seen()
    assert tables.startswith("/* migration.tables */ ")
    assert named(asked) == steps_with("lack", "unless", "when")


def test_the_steps_are_those_of_the_code_that_runs_whatever_a_deployment_writes_meanwhile(
    migrated: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = migrations.steps()
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations/9999_next.sql").write_text("-- create: next\nCREATE TABLE next (id INT);\n")
    monkeypatch.setattr(migrations, "SQL", tmp_path)
    assert migrations.steps() is before
    assert readiness.check(load(environment(migrated))).problems == []
