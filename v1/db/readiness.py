"""Tells whether the service can work: the database answers, the tables are migrated, and rows can be written."""

from dataclasses import dataclass
from typing import Final

from v1.db import migrations, statements
from v1.db.connection import unpooled_connection
from v1.db.migrations import Obstacle, Run
from v1.errors import DatabaseDown
from v1.observe import metrics
from v1.settings import Settings

LACKS_RIGHT: Final = (1142, 1143)
"""The error numbers of a missing right. Other statements may still succeed."""

WARN_FROM: Final = 0.8
"""A column is warned about from this share of used ids on. At 100 tokens a second an INT then lasts 50 days more."""

PROBES: Final = {
    "read users": "readiness.read_users",
    "read tokens": "readiness.read_auth_tokens",
    "read failed logins": "readiness.read_login_throttle",
    "read login counts": "readiness.read_login_stats",
    "read profiles": "readiness.read_profiles",
    "add a token": "readiness.insert_token",
    "change a token": "readiness.update_token",
    "revoke a token": "readiness.delete_token",
    "count a failed login": "readiness.count_failure",
    "forget failed logins": "readiness.clear_failures",
}
"""What the service must be able to do, and the statement that tries it. No statement changes a row."""


@dataclass(frozen=True)
class State:
    """What an operator should know: the problems stop the service now, the warnings will stop it later."""

    problems: list[str]
    warnings: list[str]


def check(settings: Settings) -> State:
    """Ask the database. Without problems in the answer the service is ready."""
    seconds = settings.database_query_seconds
    try:
        with unpooled_connection(settings.database_url, settings.database_connect_seconds, seconds) as run:
            tables = {str(row[0]) for row in run(statements.load()["migration.tables"].sql)}
            found = [f"run `flask db migrate`: {change.step} is due" for change in migrations.due(run, tables)]
            found += [_described(each) for each in migrations.obstacles_of_kinds(run, "lack", "unfit")]
            warnings = [_described(each) for each in migrations.obstacles_of_kinds(run, "caution")] + _used_up_ids(run)
            return State(found or _failed_probes(run), warnings)
    except DatabaseDown as error:
        return State([f"database error {error.number}: {error.text}"], [])


def _failed_probes(run: Run) -> list[str]:
    found = []
    for what, name in PROBES.items():
        try:
            run(statements.load()[name].sql)
        except DatabaseDown as error:
            hint = "; see sql/grants.sql" if error.number in LACKS_RIGHT else ""
            found.append(f"the service cannot {what}: database error {error.number}: {error.text}{hint}")
            if not hint:
                break
    return found


def _used_up_ids(run: Run) -> list[str]:
    """A warning for each column whose ids are nearly used up. Sets the metric of all columns."""
    shares = {str(column): float(share) for column, share in sorted(run(statements.load()["readiness.used_ids"].sql))}
    for column, share in shares.items():
        metrics.ids_used.labels(column).set(share)
    return [
        f"{share:.1%} of the numbers of {column} are used up: make the column BIGINT before they end"
        for column, share in shares.items()
        if share >= WARN_FROM
    ]


def _described(obstacle: Obstacle) -> str:
    return f"{obstacle.about}: " + ", ".join(".".join(str(value) for value in row[:2]) for row in obstacle.rows)
