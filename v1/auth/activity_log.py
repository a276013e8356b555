"""Reads the activity log: what happened to an account. v1/auth/activity.py says what is kept."""

from v1.auth.core import Core
from v1.db.tables.events import Event, Listed

__all__ = ["Event", "Listed", "count", "page"]


def page(core: Core, user_id: int, offset: int, limit: int) -> list[Listed]:
    """One page of what happened to the user, the latest first."""
    return core.tables.events.page_of_user(user_id, offset, limit)


def count(core: Core, user_id: int, limit: int) -> int:
    """The number of rows that `page` can show, counted up to `limit`."""
    return core.tables.events.count_of_user(user_id, limit)
