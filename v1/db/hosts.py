"""Which of the hosts in DATABASE_URL is used: the first of those that are best off.

This module opens no connection. Two others report the state of a host: v1/db/connections.py when a statement or a
connection fails, and v1/db/host_watch.py, which asks each host again and again.
"""

import logging
import random
import threading
import time
from dataclasses import dataclass
from typing import Final

from v1.db.host_health import STATES, Health
from v1.observe import metrics
from v1.settings.database_hosts import Host

log = logging.getLogger(__name__)

PAUSE_SECONDS: Final = 0.3
"""The time between two questions to a host that answers, or to any host while none is well."""

LONGEST_PAUSE_SECONDS: Final = 30.0
"""The longest time between two questions to a host that does not answer. The pause doubles each time."""

RETURN_SECONDS: Final = (3.0, 10.0)
"""A preferred host is used again when it has been well for a time between these: each worker chooses its own, so that
they do not all return at once."""

NOT_ASKED: Final = Health("well", "not asked yet")


@dataclass(frozen=True)
class HostState:
    """A host, how it is, and whether it is the one that is used."""

    host: Host
    health: Health
    used: bool


class Hosts:
    """The hosts, how each is, and which one is used. Safe to share between threads."""

    def __init__(self, hosts: tuple[Host, ...]) -> None:
        self.hosts = hosts
        self.current = 0
        """The number of the host that is used."""
        self.ended = False
        self._health = [NOT_ASKED] * len(hosts)
        self._pause = [PAUSE_SECONDS] * len(hosts)
        self._return_at = [0.0] * len(hosts)
        self._changed = threading.Condition()

    def report(self, host: int, health: Health) -> bool:
        """Note how a host is. Returns whether another one is used from now on."""
        with self._changed:
            if health.state == "well" and self._health[host].state != "well":
                self._return_at[host] = time.monotonic() + random.uniform(*RETURN_SECONDS)
            self._pause[host] = self._next_pause(host, health)
            self._note(host, health)
            before, self.current = self.current, self._best()
            self._changed.notify_all()
        if changed := self.current != before:
            self._log_change(before)
        metrics.database_host_workers.labels(str(self.hosts[self.current])).set(1)
        return changed

    def states(self) -> list[HostState]:
        """Each host, how it is, and whether it is the one that is used."""
        with self._changed:
            together = enumerate(zip(self.hosts, self._health, strict=True))
            return [HostState(host, health, number == self.current) for number, (host, health) in together]

    def is_up(self, host: int) -> bool:
        """Whether this host may be asked something."""
        return self._health[host].state != "down"

    def await_well(self, seconds: float) -> bool:
        """Wait until the host that is used is well, so many seconds at most. Returns whether it is."""
        with self._changed:
            return self._changed.wait_for(self._is_well, seconds)

    def await_turn(self, host: int) -> bool:
        """Wait until it is time to ask this host again. Returns False at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self.ended, PAUSE_SECONDS)
            self._changed.wait_for(lambda: self.ended or not self._is_well(), self._pause[host] - PAUSE_SECONDS)
            return not self.ended

    def end(self) -> None:
        """End every wait."""
        with self._changed:
            self.ended = True
            self._changed.notify_all()

    def _is_well(self) -> bool:
        return self._health[self.current].state == "well"

    def _best(self) -> int:
        """The host to use. One that is worse off than another is left at once. A preferred one is returned to later."""
        ranks = [STATES.index(each.state) for each in self._health]
        best = ranks.index(min(ranks))
        if ranks[best] < ranks[self.current]:
            return best
        may_return = ranks[best] == 0 and time.monotonic() >= self._return_at[best]
        return best if best < self.current and may_return else self.current

    def _next_pause(self, host: int, health: Health) -> float:
        return min(2 * self._pause[host], LONGEST_PAUSE_SECONDS) if health.state == "down" else PAUSE_SECONDS

    def _note(self, host: int, health: Health) -> None:
        before, self._health[host] = self._health[host], health
        metrics.database_host_state.labels(str(self.hosts[host])).set(STATES.index(health.state))
        if health.state != before.state and len(self.hosts) > 1:
            about = {"event": "database.host", "host": str(self.hosts[host]), "state": health.state}
            log.warning(
                "database host %s is %s", self.hosts[host], health.state, extra={**about, "reason": health.reason}
            )

    def _log_change(self, before: int) -> None:
        now, left = str(self.hosts[self.current]), self.hosts[before]
        metrics.database_host_workers.labels(str(left)).set(0)
        log.warning("database host %s is used now, not %s", now, left, extra={"event": "database.host", "host": now})
