"""Owns how many connections a worker may hold: no more than the process's limit of open files has room for."""

import errno
import resource
from contextlib import suppress
from typing import Final

CONNECTIONS: Final = 1000
"""The most connections of one worker, however many files it may open."""

ENOUGH: Final = 65536
"""The soft limit is raised to the hard one, but no further: some programs walk through all that a limit allows."""

OF_A_THREAD: Final = 3
"""Files of a thread beside its client's connection: the database's, and what it opens for a moment."""

OTHERS: Final = 64

REFUSALS: Final = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
"""What the kernel says to a process that may open no more files."""

PAUSE_SECONDS: Final = 0.05
"""How long a worker to which it says that waits before it accepts again."""


def connections(threads: int) -> int:
    """How many connections fit one worker. Raises the soft limit, which gunicorn's children inherit.

    Raises ValueError where the hard limit is too low for the threads.
    """
    files = _raised()
    room = files - threads * OF_A_THREAD - OTHERS
    if room <= threads:
        least = threads * (OF_A_THREAD + 1) + OTHERS + 1
        raise ValueError(f"THREADS: {threads} need {least} open files and may have {files}; raise `ulimit -n`")
    return min(CONNECTIONS, room)


def _raised() -> int:
    """The limit of open files, after the soft one was raised as far as the hard one and ENOUGH allow."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = ENOUGH if hard == resource.RLIM_INFINITY else min(hard, ENOUGH)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return ENOUGH if soft == resource.RLIM_INFINITY else soft
    with suppress(OSError, ValueError):  # a sandbox may forbid it
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]
