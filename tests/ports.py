"""The ports of the tests' servers. Each worker of pytest-xdist has a range, below those that the kernel gives."""

import os
import random
import socket
from collections.abc import Iterator
from itertools import cycle
from typing import Final

FIRST, EACH, WORKERS = 10_000, 1_000, 20
"""The ranges are 10000-10999, 11000-11999 and so on to 29999. The kernel gives ports from 32768 to connections."""


def _own() -> Iterator[int]:
    """The ports of this worker, again and again. They begin anywhere, as two suites may run on one machine."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % WORKERS
    begin, offset = FIRST + worker * EACH, random.randrange(EACH)
    return cycle([begin + (offset + each) % EACH for each in range(EACH)])


_ports: Final = _own()


def free_port() -> int:
    """A port on which nobody listens. No other worker asks for it, and this one only after all others of its range."""
    return next(port for port in _ports if _is_free(port))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
