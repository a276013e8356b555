"""Owns how connections are shared out between gunicorn's workers: whoever holds more than another lets that one accept.

All workers wait on one listening socket, and left alone the one that wakes first takes a whole burst: one process, one
interpreter lock, one core, and one worker's share of the hashing threads, while the others sleep (bench/results.md).
"""

import mmap
from typing import Final

SLOTS: Final = 256
"""More than there are ever workers at once, a reload included."""


class Balance:
    """How many connections each worker holds, in memory that is shared with every child forked later."""

    def __init__(self) -> None:
        self._counts = memoryview(mmap.mmap(-1, 4 * SLOTS)).cast("I")

    def tell(self, age: int, connections: int) -> None:
        """The worker of this age (gunicorn's number for it) accepts, and holds so many."""
        self._counts[age % SLOTS] = connections + 1

    def gone(self, age: int) -> None:
        """The worker of this age accepts no more."""
        self._counts[age % SLOTS] = 0

    def is_fuller(self, connections: int) -> bool:
        """Does any worker that accepts hold fewer than so many?"""
        return any(0 < count <= connections for count in self._counts)
