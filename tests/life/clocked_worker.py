"""The service's worker with a clock that the test moves."""

import os
from pathlib import Path

from tests import applications
from tests.life.clock import VARIABLE, SharedClock
from v1.server.worker import Worker


class ClockedWorker(Worker):
    """The worker as it is, but for the time of day."""

    def load_wsgi(self) -> None:
        super().load_wsgi()
        applications.renew(self.wsgi.extensions["gatepass"], SharedClock(Path(os.environ[VARIABLE])))
