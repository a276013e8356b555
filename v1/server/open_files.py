"""How many connections a worker may hold: as many as the process's limit of open files has room for."""

import resource
from contextlib import suppress
from typing import Final

SOFT_LIMIT: Final = 65536
"""The soft limit is raised to the hard limit, at most to this: some programs try every file number below it."""

FILES_PER_THREAD: Final = 3
"""A thread needs these beside its client's connection: one of the database, and what it opens for a moment."""

OTHER_FILES: Final = 64


def connections(threads: int, most: int) -> int:
    """The number of connections of a worker with this many threads, at most `most`.

    Raises the process's soft limit, which gunicorn's workers inherit. Raises ValueError if the hard limit is too low.
    """
    files = _raise_soft_limit()
    room = files - threads * FILES_PER_THREAD - OTHER_FILES
    if room <= threads:
        least = threads * (FILES_PER_THREAD + 1) + OTHER_FILES + 1
        raise ValueError(f"THREADS: {threads} need {least} open files and may have {files}; raise `ulimit -n`")
    return min(most, room)


def _raise_soft_limit() -> int:
    """Raise the soft limit as far as possible. Returns the number of files that the process may open then."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = SOFT_LIMIT if hard == resource.RLIM_INFINITY else min(hard, SOFT_LIMIT)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return SOFT_LIMIT if soft == resource.RLIM_INFINITY else soft
    with suppress(OSError, ValueError):  # a sandbox may forbid it
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]
