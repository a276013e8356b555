"""The purge: deletes expired tokens and other rows that are no longer needed, in small batches with pauses."""

import time
from collections.abc import Callable
from typing import Final

from v1.auth import activity
from v1.auth.core import Core
from v1.kinds import DAY
from v1.tokens import revoke

COUNTED: Final = 1_000_000
"""The progress bar counts at most so many expired tokens, so that the count stays quick."""

STATS_SECONDS: Final = 2 * 366 * DAY
"""How long login counts are kept: two years."""

LEAST_PAUSE: Final = 0.01
"""The shortest pause between two batches, in seconds."""

PAUSE: Final = 2.0
"""The pause after a batch, as a multiple of the time that the batch took."""


def run(core: Core, before: int, now: float, batch: int, progress: Callable[[int], object]) -> int:
    """Delete tokens that expired before `before` (Unix seconds). Returns the number of deleted tokens.

    It also finishes revocations that were cut off, and deletes expired counters of the throttle, old login counts and
    old events. `progress` is called with the number of tokens in each batch.
    """
    for token_id in core.tables.tokens.list_unfinished_revocations():
        revoke.family(core, token_id)
    purged = _batches(_expired_tokens(core, before, batch), progress)
    _batches(lambda: core.tables.login_throttle.delete_expired(now, batch), _ignore)
    oldest = time.strftime("%Y-%m-%d %H:00:00", time.gmtime(max(0.0, now - STATS_SECONDS)))
    _batches(lambda: core.tables.login_stats.delete_old(oldest, batch), _ignore)
    oldest_event = int(now) - core.settings.events_days * DAY
    _batches(lambda: core.tables.events.delete_old(activity.EVENTS, oldest_event, batch), _ignore)
    return purged


def _expired_tokens(core: Core, before: int, batch: int) -> Callable[[], int]:
    """Deletes the next batch of expired tokens at each call, past the rows that a foreign key keeps."""
    kept = 0

    def delete() -> int:
        nonlocal kept
        rows, kept = core.tables.tokens.delete_expired(before, batch, kept)
        return rows

    return delete


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


def _ignore(rows: int) -> None:
    """Ignore the progress: these rows are too few to show."""
