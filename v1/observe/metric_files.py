"""The files in which a worker counts for /metrics, on a disk that may be full.

prometheus_client makes a sparse file and writes to it by mmap. If the disk has no room for a page, the kernel ends the
worker (SIGBUS), and each worker that follows. Here the room is reserved first. Where there is none, the worker counts
in memory: /metrics lacks these numbers, and logins go on.
"""

import errno
import os
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Final

from prometheus_client.mmap_dict import MmapedDict

from v1.observe import logs

FIRST_BYTES: Final = 1 << 16
"""The size of a new file."""

LONGEST_ENTRY: Final = 40
"""An entry is longer than its key by less than this."""

NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT)


class ReservedFile(MmapedDict):
    """Overrides the constructor, which opens a file, and `_init_value`, which makes it larger."""

    def __init__(self, filename: str, read_mode: bool = False) -> None:
        memory = 0
        if not read_mode and not _reserved_file(filename):
            memory, filename = _memory(filename)
        try:
            super().__init__(filename, read_mode)  # type: ignore[no-untyped-call]
        finally:
            if memory:
                os.close(memory)  # it was opened once more

    def _init_value(self, key: str) -> None:
        if self._used + len(key.encode()) + LONGEST_ENTRY > self._capacity:
            if not _reserved(self._f.fileno(), 2 * self._capacity):
                self._move_to_memory()
        super()._init_value(key)  # type: ignore[no-untyped-call]

    def _move_to_memory(self) -> None:
        """Go on in memory, with all numbers so far."""
        numbers = bytes(self._m)
        memory, path = _memory(self._fname)
        os.write(memory, numbers)
        self.close()  # type: ignore[no-untyped-call]
        super().__init__(path)  # type: ignore[no-untyped-call]
        os.close(memory)


def _reserved_file(filename: str) -> bool:
    """Whether the file of this name has room for its first numbers. If it has not, no new file is left."""
    try:
        with open(filename, "ab") as file:
            is_new = not file.tell()
            if not is_new or _reserved(file.fileno(), FIRST_BYTES):
                return True
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
    with suppress(OSError):
        Path(filename).unlink()
    return False


def _reserved(file: int, size: int) -> bool:
    """Whether there is room for so many bytes of this file."""
    try:
        os.posix_fallocate(file, 0, size)
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        return False
    return True


def _memory(filename: str) -> tuple[int, str]:
    """A new file in memory, and a path to open it by."""
    _report(os.getpid(), str(Path(filename).parent))
    memory = os.memfd_create("gatepass-metrics")
    return memory, f"/proc/self/fd/{memory}"


@lru_cache(maxsize=1)
def _report(pid: int, directory: str) -> None:
    """Log once in each process that /metrics lacks numbers of it."""
    logs.event("metrics.no_room", reason=directory)
