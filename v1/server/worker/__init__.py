"""gunicorn's threaded worker (`gthread`), changed in six classes: see docs/front.md."""

import sys
import time
from typing import Any, Final

from gunicorn.http.parser import RequestParser  # type: ignore[import-untyped]

from v1.observe import metrics
from v1.server.request import Request
from v1.server.worker.accept_balancing import AcceptBalancing
from v1.server.worker.check_loop import CheckLoop
from v1.server.worker.connection_limit import ConnectionLimit
from v1.server.worker.deadlines import Deadlines
from v1.server.worker.threads import Threads

SWITCH_SECONDS: Final = 0.0005
"""How long a thread may run Python code while another thread waits to. With Python's default of 5 ms a hashing thread
that has its result may wait so long, with its core idle (measured in bench/results.md)."""


class Worker(AcceptBalancing, CheckLoop, ConnectionLimit, Deadlines):
    """The sum of these changes. A method of a class calls that of the next class to its right; gunicorn's comes last.

    All of them stand on Reading, which reads requests, and that on LingeringClose, which closes connections.
    This class itself overrides `check_config`, `get_thread_pool` and `init_process`.
    """

    @classmethod
    def check_config(cls, cfg: Any, log: Any) -> None:
        """Refuse what the main loop does not read. A proxy in front ends TLS."""
        super().check_config(cfg, log)
        if cfg.is_ssl or cfg.proxy_protocol != "off":
            text = "gunicorn's certfile, keyfile and proxy_protocol are not supported: end TLS in a proxy"
            raise SystemExit(f"gatepass cannot start:\n  - {text}")

    def get_thread_pool(self) -> Threads:
        return Threads(max_workers=self.cfg.threads)

    def init_process(self) -> None:
        """Prepare this process; returns when the worker ends."""
        sys.setswitchinterval(SWITCH_SECONDS)
        RequestParser.mesg_class = Request
        metrics.worker_started.set(time.time())
        metrics.connections_limit.set(self.worker_connections)
        metrics.threads.set(self.cfg.threads)
        super().init_process()
