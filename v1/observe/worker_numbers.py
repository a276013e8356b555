"""The files in which workers keep their numbers for `/metrics`: those of workers that have ended are joined into one.

Counters outlive their worker. With a file for each worker that ever was, every reload would make the directory larger
and `/metrics` slower.
"""

import fcntl
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from prometheus_client.mmap_dict import MmapedDict

ENDED: Final = 0
"""Stands for the process id in the names of the joined files: `counter_0.db`."""

LOCK: Final = "numbers.lock"
"""The file that is locked while files are joined. (`lock` in the same directory is that of the service.)"""

NEW: Final = "numbers.new"
"""A joined file until it is whole."""

PAGE: Final = 4096
OVERHEAD: Final = 28
"""Bytes that a number takes at most in a file, beside its key."""

_waiting: Final[set[int]] = set()
"""Workers that have ended, whose files are not joined yet."""

Number = tuple[float, float]
"""A value, and when it was set (0 for most kinds)."""

JOIN: Final[dict[str, Callable[[Number, Number], Number]]] = {
    "counter": lambda one, other: (one[0] + other[0], 0),
    "histogram": lambda one, other: (one[0] + other[0], 0),
    "gauge_max": max,
    "gauge_mostrecent": lambda one, other: max(one, other, key=lambda number: number[1]),
}
"""How two numbers become one, by the beginning of the files' names. Files of other gauges end with their worker."""


@contextmanager
def unchanged(directory: Path) -> Iterator[None]:
    """While the block runs no files are joined: else a number might be read twice, or not at all."""
    with (directory / LOCK).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield


def join_ended(directory: Path, pid: int) -> None:
    """Join the files of a worker that has ended to those of others.

    It waits for nobody. While they are being read, they are left for the end of the next worker.
    """
    _waiting.add(pid)
    with (directory / LOCK).open("a") as lock:
        with suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for kind in JOIN:
                files = [path for each in sorted(_waiting) if (path := directory / f"{kind}_{each}.db").exists()]
                if files:
                    _join(directory / f"{kind}_{ENDED}.db", JOIN[kind], files)
            _waiting.clear()


def _join(joined: Path, join: Callable[[Number, Number], Number], files: Sequence[Path]) -> None:
    numbers: dict[str, Number] = {}
    for path in (joined, *files) if joined.exists() else files:
        for key, value, timestamp, _ in MmapedDict.read_all_values_from_file(path):  # type: ignore[no-untyped-call]
            found = value, timestamp
            numbers[key] = join(numbers[key], found) if key in numbers else found
    new = joined.with_name(NEW)
    _make_room(new, sum(len(key.encode()) + OVERHEAD for key in numbers))
    written = MmapedDict(str(new))  # type: ignore[no-untyped-call]
    for key, number in numbers.items():
        written.write_value(key, *number)  # type: ignore[no-untyped-call]
    written.close()  # type: ignore[no-untyped-call]
    os.replace(new, joined)
    for path in files:
        path.unlink()


def _make_room(path: Path, size: int) -> None:
    """A file of zeros that has its room on the disk. Without it, a full disk would end this process by SIGBUS."""
    with path.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, PAGE + size)
