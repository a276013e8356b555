"""Owns whether this worker can serve: the database reachable, the tables as the service needs them."""

from v1 import migrations, statements
from v1.connection import administer
from v1.core import Core
from v1.errors import DatabaseDown

_current: set[int] = set()
"""Cores whose tables were once seen complete: nobody takes columns away, and a probe is to be cheap."""


def problems(core: Core) -> list[str]:
    """What keeps the service from serving, in words for an operator; empty when it is ready."""
    settings = core.settings
    seconds = settings.database_query_seconds
    try:
        with administer(settings.database_url, settings.database_connect_seconds, seconds) as run:
            tables = {str(row[0]) for row in run(statements.load()["migration.tables"].sql)}
            missing = [] if id(core) in _current else [change.step for change in migrations.due(run, tables)]
    except DatabaseDown as error:
        return [f"database error {error.number}: {error.text}"]
    if not missing:
        _current.add(id(core))
    return [f"run `flask db migrate`: {step} is due" for step in missing]
