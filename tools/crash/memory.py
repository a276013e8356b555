"""No more memory: a limit on the address space of running processes (RLIMIT_AS): what they have now.

The kernel's OOM killer is another fault: its kill is a kill -9.
"""

import resource
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tools.crash.machine import Machine
from tools.crash.small_disk import SmallDisk


@contextmanager
def of_workers(machine: Machine, _: SmallDisk) -> Iterator[None]:
    """A worker that ends is replaced by one without the limit."""
    with _limited(machine.workers()):
        yield


@contextmanager
def of_database(machine: Machine, _: SmallDisk) -> Iterator[None]:
    with _limited([machine.server.process.pid]):
        yield


@contextmanager
def _limited(pids: list[int]) -> Iterator[None]:
    for pid in pids:
        _limit(pid, _size(pid))
    try:
        yield
    finally:
        for pid in pids:
            with suppress(ProcessLookupError):
                _limit(pid, resource.RLIM_INFINITY)


def _limit(pid: int, most: int) -> None:
    _, hard = resource.prlimit(pid, resource.RLIMIT_AS)
    resource.prlimit(pid, resource.RLIMIT_AS, (most, hard))


def _size(pid: int) -> int:
    """The bytes of its address space."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[0]) * resource.getpagesize()
