"""The live tokens by kind and the devices with the most sessions, counted in the background at most once a minute.

A thread counts in the worker whose page was asked for them, if the last count is old enough. It claims the count first,
in the row of `counts`, so that one worker of all nodes counts. No request writes, and none waits longer than a moment.
"""

import json
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from v1 import kinds
from v1.auth import counting
from v1.auth.counting import Counted, DeviceCount
from v1.db.tables import Tables
from v1.errors import DatabaseDown

log = logging.getLogger(__name__)

NAME: Final = "sessions"
VERSION: Final = 1
"""The version of the stored result. A result of another version is not shown; the next count replaces it."""

PAUSE_SECONDS: Final = 60
LOAD: Final = 20
"""The next count begins PAUSE_SECONDS after the last one, and not before LOAD times what that one took."""

LONGEST_PAUSE_SECONDS: Final = 3600

CLAIM_SECONDS: Final = 60
"""A worker that was killed is replaced after this. A claim is renewed while its worker counts."""

MOMENT_SECONDS: Final = 0.05
"""How long a page waits for a count that it has started: a small database is counted by then."""


@dataclass(frozen=True)
class Sessions:
    """The result of a count, which ended at `counted` in Unix seconds."""

    counted: int
    kinds: tuple[tuple[str, int], ...]
    """The number of live tokens of each kind that has some, the largest first."""
    devices: tuple[DeviceCount, ...]
    """The devices with the most sessions, the largest first."""

    @property
    def live(self) -> int:
        """The number of live sessions: of people, and not of programs that hold API tokens."""
        return sum(number for kind, number in self.kinds if kind in kinds.SESSIONS)


class Counting:
    """The count of one worker, and the thread that counts."""

    def __init__(self, tables: Tables, clock: Callable[[], float]) -> None:
        self._tables = tables
        self._clock = clock
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def latest(self) -> Sessions | None:
        """The last result; None without one. If it is old, this starts the next count. Raises DatabaseDown."""
        stored = self._tables.counts.find(NAME)
        now = int(self._clock())
        if not now < stored.claimed_until <= now + LONGEST_PAUSE_SECONDS and (thread := self._start()):
            thread.join(MOMENT_SECONDS)
            stored = self._tables.counts.find(NAME)
        return read(stored.counted, stored.result)

    def close(self) -> None:
        """End the thread after its step."""
        self._ended.set()
        if self._thread:
            self._thread.join()

    def count(self) -> bool:
        """Claim the count, count, and store the result. False if another worker counts. Raises DatabaseDown."""
        table, began, now = self._tables.counts, time.monotonic(), int(self._clock())
        claim, counted = now + CLAIM_SECONDS, Counted()
        if not table.claim(NAME, now, claim, now + LONGEST_PAUSE_SECONDS):
            return False
        for _ in counting.steps(table, now, counted):
            until = int(self._clock()) + CLAIM_SECONDS
            if until > claim + CLAIM_SECONDS // 4:
                if not table.renew(NAME, claim, until):
                    return False
                claim = until
            if self._ended.is_set():
                return False
        now = int(self._clock())
        table.finish(NAME, claim, now, now + pause(time.monotonic() - began), write(counted))
        return True

    def _start(self) -> threading.Thread | None:
        """The thread, if this starts one; None while one counts."""
        with self._lock:
            if self._ended.is_set() or self._thread and self._thread.is_alive():
                return None
            self._thread = threading.Thread(target=self._run, daemon=True)
            self._thread.start()
            return self._thread

    def _run(self) -> None:
        try:
            self.count()
        except DatabaseDown:  # it was logged
            pass
        except Exception as error:
            log.error("the sessions were not counted", extra={"event": "error"}, exc_info=error)


def pause(took: float) -> int:
    """The seconds until the next count may begin, after one that took so many."""
    return min(max(PAUSE_SECONDS, int(LOAD * took)), LONGEST_PAUSE_SECONDS)


def write(counted: Counted) -> str:
    """The result as it is stored."""
    return json.dumps({"version": VERSION, "kinds": counted.kinds, "devices": counted.devices})


def read(counted: int, result: str) -> Sessions | None:
    """The result that was stored; None if there is none, or if this version cannot read it."""
    try:
        found = json.loads(result)
        if not counted or found["version"] != VERSION:
            return None
        by_kind = {str(kind): int(tokens) for kind, tokens in found["kinds"].items() if kind in kinds.NAMES and tokens}
        devices = tuple((str(name), int(sessions), int(users)) for name, sessions, users in found["devices"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    largest_first = sorted(by_kind.items(), key=lambda each: (-each[1], each[0]))
    return Sessions(counted, tuple(largest_first), devices[: counting.TOP_DEVICES])
