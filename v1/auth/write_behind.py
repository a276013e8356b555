"""Write-behind: when tokens were last used, how many logins had which outcome, and the activity log.

They are kept in memory and written a second later, many at once, so that a token check stays one SELECT. A worker that
is killed loses that second; a worker that is stopped loses nothing.
"""

import logging
import threading
import time
import weakref
from collections import Counter
from collections.abc import Callable
from itertools import groupby, islice
from operator import itemgetter
from typing import Final

from v1.auth import activity
from v1.auth.warnings import Warnings
from v1.db.tables import Tables
from v1.db.tables.events import Event
from v1.db.tables.login_stats import Cell
from v1.errors import DatabaseDown
from v1.kinds import API_TOKENS
from v1.observe import metrics
from v1.observe.logs import event
from v1.records import LAST_ACCESS_SECONDS, PresentedToken, Token

log = logging.getLogger(__name__)

PAUSE_SECONDS: Final = 1.0
"""The time between two writes."""

LONGEST_PAUSE_SECONDS: Final = 60.0
"""The longest time between two tries, while the database is down or the account lacks a right."""

TOUCH_BATCH: Final = 100
"""How many tokens one statement updates: few enough that no check waits long for it (bench/results.md)."""

MAX_KEPT: Final = 100_000
"""The most tokens that are remembered while the database is down."""

REPORT_SECONDS: Final = 60
"""The least time between two log lines about one attack, in seconds."""


class WriteBehind:
    """What one worker has to write, and the thread that writes it."""

    def __init__(self, tables: Tables, clock: Callable[[], float], idle: int, longest: int) -> None:
        """A console session lasts `idle` seconds after its last use, and `longest` seconds in all."""
        self._tables, self._clock = tables, clock
        self._idle, self._longest = idle, longest
        self._lock, self._writing = threading.Lock(), threading.Lock()
        self._used: set[int] = set()
        self._used_from: dict[int, str] = {}
        self._logins: Counter[Cell] = Counter()
        self._events = activity.Waiting()
        self._warnings, self._attacked = Warnings(), False
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def used(self, token: Token | PresentedToken, now: int, address: Callable[[], str] = str) -> None:
        """A token was used. Written at most once a minute for each token; for API tokens with the client's address."""
        if now - token.last_access >= LAST_ACCESS_SECONDS and len(self._used) + len(self._used_from) < MAX_KEPT:
            with self._lock:
                if token.kind in API_TOKENS:
                    self._used_from[token.id] = address()
                else:
                    self._used.add(token.id)
            self._start()

    def login(self, door: str, outcome: str) -> None:
        """A login at this door had this outcome."""
        hour = time.strftime("%Y-%m-%d %H:00:00", time.gmtime(self._clock()))
        with self._lock:
            self._logins[hour, door, outcome] += 1
        self._start()

    def event(self, row: Event, times: int) -> None:
        """Add this row to the activity log."""
        self._events.add(row, times)
        self._start()

    def warn(self, name: str, user_id: int = 0) -> None:
        """Log one of `WARNINGS`, about a user if an id is given. It is logged later, to keep the request short."""
        self._warnings.add(name, user_id)
        self._start()

    def note_attack(self) -> None:
        """Note that an attack is on (`throttle.is_attack`)."""
        self._attacked = True
        self._start()

    def write(self) -> bool:
        """Write everything, after what is being written now. False: something failed and is kept for the next time."""
        with self._writing:
            with self._lock:
                used, self._used = sorted(self._used), set()
                used_from, self._used_from = self._used_from, {}
                logins, self._logins = self._logins, Counter()
            events = self._events.take()
            self._warnings.log(self._clock())
            try:
                self._report_attack()
                while used:
                    self._tables.tokens.touch(used[:TOUCH_BATCH], int(self._clock()), self._idle, self._longest)
                    del used[:TOUCH_BATCH]
                self._touch_from(used_from)
                for cell in sorted(logins):
                    self._tables.login_stats.add(cell, logins[cell])
                    del logins[cell]
                while events:
                    batch = dict(islice(events.items(), activity.BATCH))
                    self._tables.events.add(batch)
                    events -= Counter(batch)
            except DatabaseDown:  # it was logged
                return False
            finally:  # these now hold what was not written
                self._events.put_back(events)
                with self._lock:
                    self._used.update(used)
                    self._used_from = used_from | self._used_from
                    self._logins.update(logins)
                metrics.write_behind_waiting.set(sum(map(len, (used, used_from, logins, events))))
            return True

    def _touch_from(self, used: dict[int, str]) -> None:
        """Write the uses of API tokens: those of one address together. What was written is taken out of `used`."""
        for address, group in groupby(sorted(used.items(), key=itemgetter(1, 0)), itemgetter(1)):
            while ids := [token_id for token_id, _ in islice(group, TOUCH_BATCH)]:
                self._tables.tokens.touch_from(address, ids, int(self._clock()))
                for token_id in ids:
                    del used[token_id]

    def _report_attack(self) -> None:
        """Set the metric; log a line once a minute for all workers and nodes together."""
        if self._attacked:
            self._attacked, now = False, self._clock()
            metrics.login_attack.set(now)
            if self._tables.login_throttle.claim_report(now, REPORT_SECONDS):
                event("login.attack")

    def close(self) -> None:
        """Write what is left, and end the thread."""
        self._ended.set()
        if self._thread:
            self._thread.join()
        self.write()

    def _start(self) -> None:
        """Start the thread with the first thing to write: a thread does not survive gunicorn's fork."""
        if self._thread is None:
            with self._lock:
                if self._thread is None:
                    given = (weakref.ref(self), self._ended)
                    self._thread = threading.Thread(target=_write_until_ended, args=given, daemon=True)
                    self._thread.start()


def _write_until_ended(write_behind: "weakref.ref[WriteBehind]", ended: threading.Event) -> None:
    """Write until the service ends or `write_behind` is garbage. The pause doubles with each failure in a row."""
    pause = PAUSE_SECONDS
    while not ended.wait(pause) and (living := write_behind()):
        try:
            written = living.write()
        except Exception as error:  # the thread outlives any error
            log.error("the deferred notes were not written", extra={"event": "error"}, exc_info=error)
            written = False
        pause = PAUSE_SECONDS if written else min(2 * pause, LONGEST_PAUSE_SECONDS)
        del living  # or this thread would keep it alive during the pause
