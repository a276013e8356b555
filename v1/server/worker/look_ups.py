"""Looks tokens up in batches, without a wait: all that are asked for while a SELECT is under way go into the next.

A batch starts as soon as the one before has ended: it never waits for more look-ups to join. Its SELECT starts after
its requests have arrived, so it never finds a token that was revoked before one of them.

A SELECT that stalls holds up the look-ups behind it for `PATIENCE_SECONDS`; then the next batch starts on another
connection. A SELECT that fails, fails its batch alone.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, Generic, TypeVar

from v1.auth.core import Core
from v1.db.prepared_check import MOST, PreparedCheck, may_repeat, report, timed_out
from v1.errors import DatabaseDown
from v1.server.worker.connecting import connect
from v1.server.worker.polling import READ

PATIENCE_SECONDS: Final = 0.5
"""How long a batch waits for the one before."""

MOST_CONNECTIONS: Final = 12
"""The most SELECTs under way at once, while the database stalls."""

REPEATS: Final = 2
"""How often a look-up is repeated: after a lost connection, and on another database host."""

Asker = TypeVar("Asker")
Row = str | None | Exception
"""A packed row, None if there is none, or why it could not be looked up."""


@dataclass(slots=True)
class LookUp(Generic[Asker]):
    """One token that is looked up for somebody. `since`: when it was asked for, in seconds of the monotonic clock."""

    auth_key: str = field(repr=False)
    asker: Asker
    since: float
    repeats: int = 0


@dataclass(frozen=True, slots=True)
class Batch(Generic[Asker]):
    """Look-ups whose SELECT is under way since then."""

    look_ups: list[LookUp[Asker]]
    since: float


class LookUps(Generic[Asker]):
    """The look-ups of one worker. All methods run on its main thread."""

    def __init__(self, core: Core, poller: Any, defer: Callable[..., None], causal: bool = True) -> None:
        """`defer` lets the main thread call a function. `causal`: on a cluster, each look-up finds what other nodes
        had committed before it."""
        self._core, self._poller, self._defer, self._causal = core, poller, defer, causal
        self._waiting: list[LookUp[Asker]] = []
        self._under_way: dict[PreparedCheck, Batch[Asker]] = {}
        self._idle: list[PreparedCheck] = []
        self._connecting = False
        self._found: list[tuple[Asker, Row]] = []

    def add(self, auth_key: str, asker: Asker) -> None:
        """Look this token up in the next batch."""
        self._waiting.append(LookUp(auth_key, asker, time.monotonic()))

    def seconds_to_wait(self) -> float:
        """After so many seconds `next_round` has something to do, even if nothing arrives."""
        may_connect = not self._connecting and len(self._under_way) < MOST_CONNECTIONS
        if not self._waiting or not (self._idle or may_connect):
            return 1.0
        return max(0.0, self._last_start() + PATIENCE_SECONDS - time.monotonic()) if self._under_way else 0.0

    def next_round(self) -> list[tuple[Asker, Row]]:
        """Start the next batch if one may start, and return what was found since the last round."""
        if self._under_way:
            self._end_late()
        if self._waiting and not self.seconds_to_wait():
            self._start()
        found, self._found = self._found, []
        return found

    def close(self) -> None:
        """Close all connections."""
        for connection in [*self._idle, *self._under_way]:
            connection.close()

    def _last_start(self) -> float:
        return max(batch.since for batch in self._under_way.values())

    def _start(self) -> None:
        if self._idle and not self._idle[0].is_current():  # another database host is used now
            self._poller.unregister(self._idle[0])
            self._idle.pop().close()
        if self._idle:
            connection, batch = self._idle.pop(), Batch(self._waiting[:MOST], time.monotonic())
            del self._waiting[:MOST]
            self._under_way[connection] = batch
            try:
                connection.ask([each.auth_key for each in batch.look_ups])
            except DatabaseDown as error:
                self._broken(connection, error)
        elif not self._connecting:
            self._connecting = True
            connect(self._core, self._causal, self._defer, self._connected, self._not_connected)

    def _connected(self, connection: PreparedCheck) -> None:
        self._connecting = False
        self._poller.register(connection, READ, partial(self._receive, connection))
        self._keep(connection)

    def _not_connected(self, error: Exception) -> None:
        """Nothing can be looked up for those who wait."""
        self._connecting = False
        self._fail(self._waiting, error)
        self._waiting = []

    def _receive(self, connection: PreparedCheck, _: object) -> None:
        """The server has sent something, or closed the connection."""
        try:
            rows = connection.receive()
        except DatabaseDown as error:
            self._broken(connection, error)
            return
        if rows is not None:
            batch = self._under_way.pop(connection)
            self._keep(connection)
            self._found += [(each.asker, rows.get(each.auth_key)) for each in batch.look_ups]

    def _keep(self, connection: PreparedCheck) -> None:
        """Keep one idle connection for the next batch. SELECTs that stalled have needed more."""
        if self._idle:
            self._poller.unregister(connection)
            connection.close()
        else:
            self._idle.append(connection)

    def _broken(self, connection: PreparedCheck, error: DatabaseDown) -> None:
        """Close the connection. Its look-ups are repeated if another connection may answer them; else they fail."""
        connection.failed(error)
        self._poller.unregister(connection)
        connection.close()
        batch = self._under_way.pop(connection, None)
        if batch is None:  # the server closed an idle connection
            self._idle.remove(connection)
            return
        again = [each for each in batch.look_ups if may_repeat(error) and each.repeats < REPEATS]
        for each in again:
            each.repeats += 1
        self._waiting[:0] = again
        if failed := [each for each in batch.look_ups if each not in again]:
            report(error)
            self._fail(failed, error)

    def _fail(self, look_ups: list[LookUp[Asker]], error: Exception) -> None:
        self._found += [(each.asker, error) for each in look_ups]

    def _end_late(self) -> None:
        """End SELECTs that the server did not end within its own time limit, and look-ups that never got a turn."""
        latest = time.monotonic() - 2 * self._core.settings.database_query_seconds
        late = timed_out()
        for connection in [each for each, batch in self._under_way.items() if batch.since < latest]:
            self._broken(connection, late)
        if self._waiting and self._waiting[0].since < latest:
            self._fail([each for each in self._waiting if each.since < latest], late)
            self._waiting = [each for each in self._waiting if each.since >= latest]
