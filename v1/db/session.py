"""Sets the session variables of a new connection, and reads them back.

The server's init_connect and defaults then decide nothing.
"""

from typing import Any, Final

from v1.db import statements
from v1.errors import DatabaseDown

NOT_KEPT: Final = 1231
"""The error number for a session that differs from what was set. Servers use it for a value that they cannot set."""

ALTER_LOCK_SECONDS: Final = 10
"""How long an ALTER waits for a table that others use. All later statements on that table wait behind it."""


def configure(cursor: Any, database: str, query_seconds: int | None) -> None:
    """Set the session of this cursor's connection, and read it back.

    `query_seconds` limits each statement; None sets no limit, for statements that alter tables. Raises DatabaseDown if
    the server does not keep what was set.
    """
    seconds, lock_seconds = query_seconds or 0, query_seconds or ALTER_LOCK_SECONDS
    named = statements.load()
    cursor.execute(named["session.rollback"].sql)
    limits = {"seconds": seconds, "milliseconds": seconds * 1000, "lock_seconds": lock_seconds}
    cursor.execute(named["session.configure"].sql, limits)
    cursor.execute(named["session.differences"].sql, {"database": database})
    row = cursor.fetchone()  # none if the server keeps a limit of 0 rows
    if different := str(row[0]) if row else "sql_select_limit = 0":
        text = f"the server does not keep what a session sets: {different}; see its init_connect, or a proxy before it"
        raise DatabaseDown(NOT_KEPT, text, connecting=True)
