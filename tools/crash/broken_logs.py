"""Logs that nobody can read: a pipe whose reader is gone, and standard error closed."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from tools.crash.machine import COMMAND, Machine
from tools.crash.small_disk import SmallDisk

WITHOUT: Final = ("sh", "-c", 'exec "$@" >&- 2>&-', "sh", *COMMAND)


READERS: Final = dict[Path, "Reader"]()
"""The reader of each pipe, for as long as this process lives."""


class Reader:
    """Reads what comes out of a pipe, on a thread, and writes it down beside it."""

    def __init__(self, pipe: Path) -> None:
        self._descriptor, self._over = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK), threading.Event()
        self._read = pipe.with_suffix(".read")
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        with self._read.open("ab", buffering=0) as file:
            while not self._over.wait(0.01):
                with suppress(BlockingIOError):
                    while data := os.read(self._descriptor, 65536):
                        file.write(data)

    def end(self) -> None:
        self._over.set()
        self._thread.join()
        os.close(self._descriptor)


def pipe_there(machine: Machine, _: SmallDisk) -> None:
    """Have Gatepass write its log into a pipe that is read."""
    pipe = machine.log.with_name("pipe")
    os.mkfifo(pipe)
    READERS[pipe] = Reader(pipe)
    machine.restart_gatepass(log=pipe)


@contextmanager
def no_reader(machine: Machine, _: SmallDisk) -> Iterator[None]:
    """The reader ends, and another one comes when the fault is over."""
    READERS[machine.log].end()
    yield
    READERS[machine.log] = Reader(machine.log)


def close(machine: Machine, _: SmallDisk) -> None:
    machine.restart_gatepass(command=WITHOUT)


@contextmanager
def closed(machine: Machine, _: SmallDisk) -> Iterator[None]:
    """The fault ends when Gatepass is started with both again."""
    yield
    machine.restart_gatepass(command=COMMAND)
