"""The service's worker in two ways: one that declines every plain check, and one that counts those that it answers."""

import sys
from typing import Any, Final

from v1.server.worker import Worker

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
