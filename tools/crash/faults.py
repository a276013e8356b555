"""The faults of the machine: each lasts for some seconds under load, and Gatepass recovers by itself when it ends."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from tools.cluster import ledger
from tools.cluster.command import say
from tools.cluster.gatepass import ROOT
from tools.crash import broken_logs, full_disks, machine, memory, results, told
from tools.crash.clients import check_afterwards, loaded
from tools.crash.kills import AFTER
from tools.crash.machine import Machine
from tools.crash.probe import Probe
from tools.crash.results import Result
from tools.crash.small_disk import SmallDisk, may_mount, mounted

SECONDS: Final = 6.0
"""So long each fault lasts."""


@dataclass(frozen=True)
class Fault:
    """`happen` breaks something when its block begins, and mends it at the end. `prepare` runs before the load begins.
    `disk`: the size of the small disk that it needs in MiB; 0 for none. `on_disk`: whether the database has its data
    there. `stops`: whether logins may fail for as long as it lasts."""

    about: str
    happen: Callable[[Machine, SmallDisk], AbstractContextManager[None]]
    prepare: Callable[[Machine, SmallDisk], None] = lambda machine, disk: None
    disk: int = 0
    on_disk: bool = False
    stops: bool = False


FAULTS: Final = {
    "full-disk": Fault("the disk of the database is full", full_disks.full, disk=256, on_disk=True, stops=True),
    "full-tmp": Fault(
        "/tmp is full (TMPDIR), and a worker is killed meanwhile", full_disks.full_tmp, full_disks.tmp_there, 16
    ),
    "full-log": Fault("the disk of the log file is full", full_disks.full, full_disks.log_there, 16),
    "memory-worker": Fault("no worker gets more memory (RLIMIT_AS)", memory.of_workers),
    "memory-database": Fault("the database gets no more memory (RLIMIT_AS)", memory.of_database, stops=True),
    "no-reader": Fault("the reader of the log's pipe is gone", broken_logs.no_reader, broken_logs.pipe_there),
    "no-stderr": Fault("standard output and error were closed at the start", broken_logs.closed, broken_logs.close),
}


def happened(name: str, seconds: float = SECONDS) -> Iterator[Result]:
    """Let this fault happen on a machine of its own; nothing if this user may not bring it about."""
    fault = FAULTS[name]
    if fault.disk and not may_mount():
        say(f"skipped: {name} needs root, who may mount a small disk")
        return
    with ExitStack() as stack:
        place = ROOT / "var" / "crash-disk"
        disk = stack.enter_context(mounted(place, fault.disk)) if fault.disk else SmallDisk(place)
        data = disk.path / "database" if fault.on_disk else None
        running = stack.enter_context(machine.running(ROOT / "var" / "crash", data))
        fault.prepare(running, disk)
        yield one_round(running, fault, partial(fault.happen, running, disk), seconds)


def one_round(
    machine: Machine, fault: Fault, happen: Callable[[], AbstractContextManager[None]], seconds: float
) -> Result:
    """Load Gatepass, let the fault last, and ask about every token when all is well again."""
    load, log = loaded(machine), told.log_of(machine)
    begin, restarts = log.stat().st_size, machine.restarts
    with happen():
        during = Probe(machine.address)
        ready = told.while_held(machine, seconds)
        if not fault.stops:
            during.wait(machine)
    recovered = Probe(machine.address).wait(machine)
    time.sleep(AFTER)
    load.stop()
    machine.wait_until_well()
    check_afterwards(load)
    book = ledger.joined([client.ledger for client in load.clients])
    return results.of_ledger(fault.about, book, recovered, _seen(log, begin, ready, machine.restarts - restarts))


def _seen(log: Path, begin: int, ready: str, restarts: int) -> str:
    lines = [f"{words} ({count})" for words, count in told.log_lines(log, begin).most_common(6)]
    again = [f"Gatepass ended {restarts} times"] if restarts else []
    return "; ".join([*again, f"/readyz: {ready}", f"log: {', '.join(lines) or 'nothing'}"]).replace("|", "/")
