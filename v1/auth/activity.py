"""The activity log: which events it keeps, and what of them. Rows wait in memory until write-behind writes them."""

import re
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from v1.db.tables.events import Event
from v1.kinds import API_TOKENS

EVENTS: Final = (
    *("login.ok", "login.failed", "login.throttled"),
    *("token.issued", "token.created", "token.renamed", "token.revoked"),
    *("user.added", "user.password_set", "user.disabled", "user.enabled", "user.admin_made", "user.admin_removed"),
    *("profile.saved", "throttle.cleared"),
)
"""The events that are kept, of those that are logged."""

OWN_FAULTS: Final = ("busy", "error")
"""Reasons of a failed login that say nothing about the caller. `login_stats` counts them."""

FAILURES: Final = ("login.failed", "login.throttled")
"""Anybody can cause these in any number. So only some are listed one by one: see `Waiting.add`."""

LISTED_AT_ONCE: Final = 1000
LISTED_A_SECOND: Final = 2
"""How many rows of failures a worker may add at once, and how many more with each second."""

MOST_WAITING: Final = 10_000
"""The most rows that wait while the database is down. Later events are left out."""

BATCH: Final = 500
"""How many rows one statement adds."""

_APP: Final = re.compile(r"(?!Mozilla/)[^\s/()]{1,40}/[\w.+-]{1,23}")
"""The first product of a User-Agent, with its version (RFC 9110 10.1.5). Every browser's is Mozilla/5.0."""


def app(user_agent: str) -> str:
    """The app and its version, `MyApp/3.2`; empty for a browser, and for a text that does not begin so."""
    found = _APP.match(user_agent)
    return found[0] if found else ""


def event(name: str, fields: Mapping[str, Any], now: float) -> tuple[Event, int] | None:
    """The row of a logged event, and how many events it stands for; None if the activity log does not keep it."""
    kind, reason = fields.get("kind", ""), fields.get("key") or fields.get("reason", "")
    if name not in EVENTS or reason in OWN_FAULTS or kind == "stream":
        return None
    if name == "token.issued" and (kind not in API_TOKENS or not fields.get("device")):
        return None  # other kinds are issued at logins; a command, which has no device, logs token.created
    row = Event(
        int(now),
        name,
        user_id=fields.get("user_id", 0),
        door=fields.get("door", ""),
        token_id=fields.get("token_id", 0),
        address=fields.get("address", ""),
        device=(fields.get("called") or fields.get("device", ""))[:200],
        app=app(fields.get("user_agent", "")),
        reason=reason or kind,
        actor=fields.get("by", "")[:64],
    )
    return row, fields.get("revoked", 1) if name == "token.revoked" else 1


class Waiting:
    """The rows that wait to be written. Like rows of one second are one row with a number."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rows: Counter[Event] = Counter()
        self._may_list, self._since = float(LISTED_AT_ONCE), 0

    def add(self, row: Event, times: int = 1) -> None:
        """Keep a row. Failures beyond LISTED_AT_ONCE and LISTED_A_SECOND are kept as numbers only: without user,
        address, device and app."""
        with self._lock:
            if row.event in FAILURES and row not in self._rows and not self._list(row.time):
                row = replace(row, user_id=0, address="", device="", app="")
            if row in self._rows or len(self._rows) < MOST_WAITING:
                self._rows[row] += times

    def take(self) -> Counter[Event]:
        """All rows. They wait no longer."""
        with self._lock:
            rows, self._rows = self._rows, Counter()
        return rows

    def put_back(self, rows: Counter[Event]) -> None:
        """Let rows that could not be written wait again."""
        with self._lock:
            self._rows += rows

    def _list(self, now: int) -> bool:
        """May one more failure be listed?"""
        grown = self._may_list + LISTED_A_SECOND * max(0, now - self._since)
        self._may_list, self._since = min(grown, float(LISTED_AT_ONCE)), now
        if self._may_list < 1:
            return False
        self._may_list -= 1
        return True
