"""Owns the session of a connection: set after connecting, whatever init_connect says, and read back once."""

from typing import Any, Final

from v1.db import statements
from v1.errors import DatabaseDown

UNFIT: Final = 1231
"""The number of a session that is not as it was set: the server's own for a value that cannot be set."""

ALTER_LOCK_SECONDS: Final = 10
"""How long an ALTER waits for a table, which holds up everybody behind it."""


def configure(cursor: Any, database: str, query_seconds: int | None) -> None:
    """Set the session by this cursor of the driver's, and read it back.

    `query_seconds` bounds each statement; None leaves one that alters tables its time. Raises DatabaseDown for a server
    that does not keep what is set.
    """
    seconds, lock_seconds = query_seconds or 0, query_seconds or ALTER_LOCK_SECONDS
    named = statements.load()
    cursor.execute(named["session.rollback"].sql)
    limits = {"seconds": seconds, "milliseconds": seconds * 1000, "lock_seconds": lock_seconds}
    cursor.execute(named["session.configure"].sql, limits)
    cursor.execute(named["session.differences"].sql, {"database": database})
    row = cursor.fetchone()
    if different := str(row[0]) if row else "sql_select_limit = 0":
        text = f"the server does not keep what a session sets: {different}; see its init_connect, or a proxy before it"
        raise DatabaseDown(UNFIT, text, connecting=True)
