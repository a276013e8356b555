"""The service's worker with a change: it declines every plain check, counts those that it answers, or breaks at one."""

import sys
from typing import Any, Final

from v1.server.worker import Worker
from v1.server.worker.connections import Connection

COUNT: Final = "checks answered by the main loop: "
"""In the log, before their number, when a worker ends."""


class OrdinaryWay(Worker):
    """Every request goes to gunicorn's parser, on a thread."""

    def load_wsgi(self) -> None:
        super().load_wsgi()
        self._endpoints = {}


class CountingWorker(Worker):
    """The worker as it is, which says at its end how many checks its main loop has answered."""

    answered = 0

    def run(self) -> None:
        try:
            super().run()
        finally:
            print(f"{COUNT}{self.answered}", file=sys.stderr, flush=True)

    def _answer(self, found: list[Any]) -> None:
        self.answered += len(found)
        super()._answer(found)


class BreakingWorker(Worker):
    """An error of ours, at a request for `/break`."""

    def begin_check(self, conn: Connection, request: bytes) -> bool:
        assert not request.startswith(b"GET /break")
        return super().begin_check(conn, request)
