"""Owns what is written outside requests: when a token was last used, and how many logins came to what.

Both are noted in memory and written a second later, many at once: a check of a token stays one SELECT. A worker that is
killed loses that second, one that is stopped nothing.
"""

import logging
import threading
import time
import weakref
from collections import Counter
from collections.abc import Callable
from typing import Final

from v1.db.tables import Tables
from v1.db.tables.login_stats import Cell
from v1.errors import DatabaseDown
from v1.observe import metrics
from v1.observe.logs import event
from v1.records import ACCESS_SECONDS, PresentedToken, Token

log = logging.getLogger(__name__)

EVERY: Final = 1.0
"""Seconds between two writings."""

LONGEST: Final = 60.0
"""Seconds between two tries to write at the most, while the database is down or a right is missing."""

AT_ONCE: Final = 100
"""Tokens that one statement marks: few enough that no check waits long behind it (bench/results.md)."""

KEPT: Final = 100_000
"""Tokens that are remembered while the database is down."""

WARN_SECONDS: Final = 3600
"""How often a row whose password cannot be read is told of."""

REPORT_SECONDS: Final = 60
"""How often an attack that lasts is told of."""

WARNINGS: Final = {
    "password.unreadable": "user %s: the stored password is no hash that can be read; set one with "
    "`flask user passwd`",
    "password.rehash_undone": "another program undoes the rehash of passwords (%s): set BCRYPT_COST to its cost, "
    "which is 10 for PHP before 8.4",
}

Warned = tuple[str, int]
"""The name of a warning and the id of the user that it is about."""


class WriteBehind:
    """The notes of one worker, and the thread that writes them."""

    def __init__(self, tables: Tables, clock: Callable[[], float], idle: int, longest: int) -> None:
        """`idle` and `longest`: the seconds that a console session lives after its last use, and in all."""
        self._tables = tables
        self._clock = clock
        self._idle, self._longest = idle, longest
        self._lock = threading.Lock()
        self._used: set[int] = set()
        self._logins: Counter[Cell] = Counter()
        self._warnings: set[Warned] = set()
        self._warned: dict[Warned, float] = {}
        self._attacked = False
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def used(self, token: Token | PresentedToken, now: int) -> None:
        """This token was presented. Noted at most once a minute, as `last_access` tells."""
        if now - token.last_access >= ACCESS_SECONDS and len(self._used) < KEPT:
            with self._lock:
                self._used.add(token.id)
            self._start()

    def login(self, door: str, outcome: str) -> None:
        """A login came to this."""
        hour = time.strftime("%Y-%m-%d %H:00:00", time.gmtime(self._clock()))
        with self._lock:
            self._logins[hour, door, outcome] += 1
        self._start()

    def warn(self, name: str, user_id: int) -> None:
        """Log one of WARNINGS about a user's row (0: about none). Outside the request, which takes no longer for it."""
        with self._lock:
            self._warnings.add((name, user_id))
        self._start()

    def attack(self) -> None:
        """All addresses together fail more often than they may."""
        self._attacked = True
        self._start()

    def write(self) -> bool:
        """Write what was noted. What fails to be written is noted again; was all of it written?"""
        with self._lock:
            used, self._used = sorted(self._used), set()
            logins, self._logins = self._logins, Counter()
        self._warn()
        try:
            self._report_attack()
            while used:
                self._tables.tokens.touch(used[:AT_ONCE], int(self._clock()), self._idle, self._longest)
                del used[:AT_ONCE]
            for cell in sorted(logins):
                self._tables.login_stats.add(cell, logins[cell])
                del logins[cell]
        except DatabaseDown:  # which was logged
            return False
        finally:
            with self._lock:
                self._used.update(used)
                self._logins.update(logins)
        return True

    def _warn(self) -> None:
        """A line for each warning, once an hour for a row."""
        with self._lock:
            found, self._warnings = sorted(self._warnings), set()
        now = self._clock()
        if len(self._warned) > KEPT:
            self._warned.clear()
        for name, user_id in found:
            if not 0 <= now - self._warned.get((name, user_id), now - WARN_SECONDS) < WARN_SECONDS:
                self._warned[name, user_id] = now
                about = {"user_id": user_id} if user_id else {}
                log.warning(WARNINGS[name], user_id, extra={"event": name, **about})

    def _report_attack(self) -> None:
        """The metric, and once a minute for all workers and nodes a line."""
        if self._attacked:
            self._attacked, now = False, self._clock()
            metrics.login_attack.set(now)
            if self._tables.login_throttle.claim_report(now, REPORT_SECONDS):
                event("login.attack")

    def close(self) -> None:
        """Write the last notes and end the thread."""
        self._ended.set()
        if self._thread:
            self._thread.join()
        self.write()

    def _start(self) -> None:
        """The thread begins with the first note, as a fork would leave it behind."""
        if self._thread is None:
            with self._lock:
                if self._thread is None:
                    given = (weakref.ref(self), self._ended)
                    self._thread = threading.Thread(target=_write_again_and_again, args=given, daemon=True)
                    self._thread.start()


def _write_again_and_again(write_behind: "weakref.ref[WriteBehind]", ended: threading.Event) -> None:
    """Until the service ends, or nobody has these notes any more. After each failure in a row the pause doubles."""
    pause = EVERY
    while not ended.wait(pause) and (notes := write_behind()):
        try:
            written = notes.write()
        except Exception as error:  # the thread outlives any error
            log.error("the deferred notes were not written", extra={"event": "error"}, exc_info=error)
            written = False
        pause = EVERY if written else min(2 * pause, LONGEST)
        del notes
