"""The kills (kill -9) at random moments under load, in turns: of the database, of a worker, of gunicorn's master."""

import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from tools.cluster import ledger
from tools.cluster.load import Load
from tools.cluster.processes import wait
from tools.crash import results
from tools.crash.clients import check_afterwards, loaded
from tools.crash.machine import Machine
from tools.crash.probe import Probe
from tools.crash.results import Result

MOMENT: Final = (0.1, 1.5)
"""A kill happens so many seconds after each client's first login, at random."""

AFTER: Final = 0.5
"""So long the load goes on when it is over."""


def kill_database(machine: Machine, chance: random.Random) -> list[int]:
    """kill -9 of the database server"""
    machine.server.process.kill()
    machine.server.process.wait(60)
    return []


def kill_worker(machine: Machine, chance: random.Random) -> list[int]:
    """kill -9 of a worker of gunicorn"""
    killed = chance.choice(machine.workers())
    os.kill(killed, signal.SIGKILL)
    return [killed]


def kill_master(machine: Machine, chance: random.Random) -> list[int]:
    """kill -9 of gunicorn's master alone; its workers must end by themselves"""
    orphans = machine.workers()
    machine.gatepass.send(signal.SIGKILL)
    return orphans


Kill = Callable[[Machine, random.Random], list[int]]
"""Kills, and returns the process ids that must be gone afterwards."""

KILLS: Final[tuple[Kill, ...]] = (kill_database, kill_worker, kill_master)


def rounds(machine: Machine, chance: random.Random, times: int) -> Iterator[tuple[Result, Load]]:
    """Kill so often, in turns, and ask about all tokens of the round after each."""
    for number in range(times):
        yield one_round(machine, KILLS[number % len(KILLS)], chance)


def one_round(machine: Machine, kill: Kill, chance: random.Random) -> tuple[Result, Load]:
    """Load Gatepass, kill at a random moment, wait until all is well, and ask about every token."""
    machine.wait_until_well()
    load = loaded(machine)
    time.sleep(chance.uniform(*MOMENT))
    restarts, gone = machine.restarts, kill(machine, chance)
    seconds = Probe(machine.address).wait(machine)
    time.sleep(AFTER)
    load.stop()
    wait(lambda: not any(map(lives, gone)), f"the processes {gone} end")
    machine.wait_until_well()
    check_afterwards(load)
    book = ledger.joined([client.ledger for client in load.clients])
    again = machine.restarts - restarts
    seen = f"Gatepass was started {again} times until it stayed" if again > 1 else ""
    return results.of_ledger(str(kill.__doc__), book, seconds, seen), load


def lives(pid: int) -> bool:
    """Whether this process runs; a zombie has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def asked_again(machine: Machine, loads: list[Load]) -> Result:
    """Ask once more about the tokens of all rounds, after the last."""
    for load in loads:
        for client in load.clients:
            client.ledger.counts.clear()
            client.ledger.examples.clear()
        check_afterwards(load)
    book = ledger.joined([client.ledger for load in loads for client in load.clients])
    seen = f"{book.counts['afterwards']:,} tokens of all rounds, asked about once more"
    return results.of_ledger("after the last kill", book, 0.0, seen)
