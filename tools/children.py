"""Child processes that end with their parent, however it ends (Linux's PR_SET_PDEATHSIG)."""

import ctypes
import os
import signal
from collections.abc import Callable


def ended_with_parent(number: int = signal.SIGTERM, parent: int = 0) -> Callable[[], None]:
    """A `preexec_fn` for a child that gets this signal when its parent dies, even if the parent is dead already.

    The kernel sends the signal when the thread that started the child ends, so start it on a thread that stays.
    """
    parent, libc = parent or os.getpid(), ctypes.CDLL(None)

    def arrange() -> None:
        libc.prctl(1, number)
        if os.getppid() != parent:
            os.kill(os.getpid(), number)

    return arrange
