"""Warnings about users and passwords that wait to be logged, each at most once an hour for a user."""

import logging
import threading
from typing import Final

log = logging.getLogger(__name__)

WARN_SECONDS: Final = 3600
"""The least time between two warnings about one user, in seconds."""

MOST: Final = 100_000
"""The most warnings that are remembered."""

WARNINGS: Final = {
    "password.unreadable": "user %s: the stored password is no hash that can be read; set one: `gatepass user passwd`",
    "password.rehash_undone": "another program undoes the rehash of passwords (%s): set BCRYPT_COST to its cost, "
    "which is 10 for PHP before 8.4",
}

Warned = tuple[str, int]
"""The name of a warning, and the id of the user that it is about; 0 for none."""


class Warnings:
    """The warnings of one worker."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: set[Warned] = set()
        self._logged: dict[Warned, float] = {}

    def add(self, name: str, user_id: int) -> None:
        """Keep one of WARNINGS, about a user if the id is not 0."""
        with self._lock:
            self._waiting.add((name, user_id))

    def log(self, now: float) -> None:
        """Log the warnings that wait. `now` is in Unix seconds."""
        with self._lock:
            found, self._waiting = sorted(self._waiting), set()
        if len(self._logged) > MOST:
            self._logged.clear()
        for name, user_id in found:
            last = self._logged.get((name, user_id))
            if last is None or not 0 <= now - last < WARN_SECONDS:
                self._logged[name, user_id] = now
                about = {"user_id": user_id} if user_id else {}
                log.warning(WARNINGS[name], user_id, extra={"event": name, **about})
