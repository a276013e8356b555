"""Full disks: under the database, under TMPDIR, under the log file."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from tools.crash.machine import Machine
from tools.crash.small_disk import SmallDisk

REFILL_SECONDS: Final = 0.2


def tmp_there(machine: Machine, disk: SmallDisk) -> None:
    """Have Gatepass keep its temporary files on the small disk."""
    machine.restart_gatepass(TMPDIR=str(disk.path))


def log_there(machine: Machine, disk: SmallDisk) -> None:
    """Have Gatepass write its log on the small disk."""
    machine.restart_gatepass(log=disk.path / "gatepass.log")


@contextmanager
def full_tmp(machine: Machine, disk: SmallDisk) -> Iterator[None]:
    """The worker that is started meanwhile finds no room for its files."""
    with full(machine, disk):
        os.kill(machine.workers()[0], signal.SIGKILL)
        yield


@contextmanager
def full(machine: Machine, disk: SmallDisk) -> Iterator[None]:
    """Filled, and filled again whenever something frees some of it."""
    over = threading.Event()

    def refill() -> None:
        disk.fill()
        while not over.wait(REFILL_SECONDS):
            disk.fill()

    thread = threading.Thread(target=refill, daemon=True)
    disk.fill()
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        disk.free()
