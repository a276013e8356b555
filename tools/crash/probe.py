"""The probe: how long it takes until a login and a check that began after a moment succeed."""

import threading
import time
from typing import Final

from tools.cluster import load
from tools.cluster.ledger import GOOD_AT_CHECK
from tools.cluster.load import Address
from tools.cluster.processes import wait
from tools.crash.machine import Machine

PAUSE: Final = 0.01


class Probe:
    """From the moment it is made it tries to log in and check, on a thread, until both have succeeded once."""

    def __init__(self, address: Address) -> None:
        self._address, self.seconds = address, 0.0
        """How long it took; 0 until then."""
        self._begun = time.monotonic()
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        token = ""
        while not token or load.check(self._address, token).status != GOOD_AT_CHECK:
            token = load.log_in(self._address, "load0")[1]
            time.sleep(0 if token else PAUSE)
        self.seconds = time.monotonic() - self._begun

    def wait(self, machine: Machine, seconds: float = 120) -> float:
        """Wait until it has succeeded, with all that ended started again; the seconds that took."""

        def recovered() -> bool:
            machine.keep()
            return self.seconds > 0

        wait(recovered, f"a login and a check succeed; the log is {machine.log}", seconds)
        return self.seconds
