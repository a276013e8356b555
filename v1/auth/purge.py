"""Owns the clean-up: rows that mean nothing any more, deleted in small batches with pauses, outside any request."""

import time
from collections.abc import Callable
from typing import Final

from v1.db.tables import Tables
from v1.tokens import revoke

COUNTED: Final = 1_000_000
"""Expired tokens are counted up to here, for the progress bar: a purge must not fail for counting more than it may."""

STATS_SECONDS: Final = 2 * 366 * 86_400
"""Login counts are kept for two years."""

LEAST_PAUSE: Final = 0.01
"""Seconds between two batches, at the least."""

PAUSE: Final = 2.0
"""Else so many times as long as the batch took."""


def run(tables: Tables, before: int, now: float, batch: int, progress: Callable[[int], object]) -> int:
    """Delete tokens that expired before `before` (Unix seconds), and what the throttle and the counts no longer need;
    and finish revocations that were cut off.

    `progress` is told the tokens of each batch. How many tokens were deleted.
    """
    for token_id in tables.tokens.list_ended():
        revoke.family(tables, token_id)
    purged = _batches(lambda: tables.tokens.delete_expired(before, batch), progress)
    _batches(lambda: tables.login_throttle.delete_expired(now, batch), _unheard)
    oldest = time.strftime("%Y-%m-%d %H:00:00", time.gmtime(max(0.0, now - STATS_SECONDS)))
    _batches(lambda: tables.login_stats.delete_old(oldest, batch), _unheard)
    return purged


def _batches(delete: Callable[[], int], progress: Callable[[int], object]) -> int:
    total = 0
    while True:
        started = time.monotonic()
        rows = delete()
        if not rows:
            return total
        total += rows
        progress(rows)
        time.sleep(max(LEAST_PAUSE, PAUSE * (time.monotonic() - started)))


def _unheard(rows: int) -> None:
    """These are few."""
