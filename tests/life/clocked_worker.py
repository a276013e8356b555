"""The service's worker with a clock that the test moves.

It writes its notes only when it ends. The test itself has written the same uses before, and a later write would have a
later time.
"""

import os
from pathlib import Path

from tests import applications
from tests.life.clock import VARIABLE, SharedClock
from v1.auth import write_behind
from v1.server.worker import Worker


class ClockedWorker(Worker):
    """The worker as it is, but for the time of day."""

    def load_wsgi(self) -> None:
        super().load_wsgi()
        write_behind.PAUSE_SECONDS = 10_000.0
        applications.renew(self.wsgi.extensions["gatepass"], SharedClock(Path(os.environ[VARIABLE])))
