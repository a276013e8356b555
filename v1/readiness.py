"""Owns whether this worker can serve: the database reachable, the tables as the service needs them."""

from v1 import migrations, statements
from v1.connection import administer
from v1.errors import DatabaseDown
from v1.settings import Settings


def problems(settings: Settings) -> list[str]:
    """What keeps the service from serving, in words for an operator; empty when it is ready."""
    seconds = settings.database_query_seconds
    try:
        with administer(settings.database_url, settings.database_connect_seconds, seconds) as run:
            tables = {str(row[0]) for row in run(statements.load()["migration.tables"].sql)}
            missing = [change.step for change in migrations.due(run, tables)]
    except DatabaseDown as error:
        return [f"database error {error.number}: {error.text}"]
    return [f"run `flask db migrate`: {step} is due" for step in missing]
