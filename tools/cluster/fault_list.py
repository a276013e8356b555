"""The faults of every cluster and those of Galera. Each happens under load, and leaves the cluster well again."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from tools.cluster.cluster import Cluster
from tools.cluster.databases import DatabaseNode
from tools.cluster.gatepass import GatepassNode
from tools.cluster.load import Load


@dataclass(frozen=True)
class Round:
    """One round of a fault: the cluster, the load on it, and the number of the round, from 0."""

    cluster: Cluster
    load: Load
    number: int
    away: float = 8.0
    """Seconds for which a node stays away."""

    @property
    def database(self) -> DatabaseNode:
        """The database node whose turn it is."""
        return self.cluster.databases[self.number % len(self.cluster.databases)]

    @property
    def gatepass(self) -> GatepassNode:
        """The Gatepass node whose turn it is."""
        return self.cluster.gatepasses[self.number % len(self.cluster.gatepasses)]


Fault = Callable[[Round], str]
"""Brings it about and undoes it. Returns what else was seen, for the table."""


def kill_database(at: Round) -> str:
    """kill -9 of a database node; 8 s later it is started again"""
    at.database.kill()
    time.sleep(at.away)
    return _rejoin(at)


def stop_database(at: Round) -> str:
    """a database node stopped in order (SIGTERM); 8 s later it is started again"""
    at.database.stop()
    time.sleep(at.away)
    return _rejoin(at)


def pause_database(at: Round) -> str:
    """a database node paused (SIGSTOP) for 8 s, then woken"""
    at.database.pause()
    time.sleep(at.away)
    at.database.wake()
    return well_again(at.cluster)


def cut_database(at: Round) -> str:
    """a database node cut off from everybody for 8 s"""
    return _apart(at, whole=True)


def split_database(at: Round) -> str:
    """a database node cut off from the other database nodes alone for 8 s"""
    return _apart(at, whole=False)


def _apart(at: Round, whole: bool) -> str:
    at.database.cut(whole)
    time.sleep(at.away)
    at.database.heal()
    return well_again(at.cluster)


def lose_quorum(at: Round) -> str:
    """two database nodes killed at once, so that the third has no majority; 8 s later both are started again"""
    nodes = at.cluster.databases
    lost = [nodes[(at.number + other) % len(nodes)] for other in (1, 2)]
    for node in lost:
        node.kill()
    time.sleep(at.away)
    for node in lost:
        node.start()
    return well_again(at.cluster)


def kill_all_databases(at: Round) -> str:
    """all database nodes killed at once, and started again 4 s later"""
    for node in at.cluster.databases:
        node.kill()
    time.sleep(at.away / 2)
    for node in at.cluster.databases:
        node.start()
    return well_again(at.cluster)


def rebuild_database(at: Round) -> str:
    """a database node killed, its data removed, and rebuilt by state transfer"""
    at.database.kill()
    at.database.forget()
    return _rejoin(at)


def rolling_restart(at: Round) -> str:
    """every database node stopped in order and started again, one after the other"""
    for node in at.cluster.databases:
        node.stop()
        node.start()
        at.cluster.wait_until_well()
    return ""


def kill_gatepass(at: Round) -> str:
    """kill -9 of a Gatepass node; 8 s later it is started again"""
    at.gatepass.kill()
    time.sleep(at.away)
    at.gatepass.start()
    return well_again(at.cluster)


def stop_gatepass(at: Round) -> str:
    """a Gatepass node stopped in order (SIGTERM); 8 s later it is started again"""
    at.gatepass.stop()
    time.sleep(at.away)
    at.gatepass.start()
    return well_again(at.cluster)


def reload_proxy(at: Round) -> str:
    """HAProxy reloaded, three times in 6 s"""
    for _ in range(3):
        at.cluster.proxy.reload()
        time.sleep(2)
    return ""


def no_fault(at: Round) -> str:
    """nothing, for 8 s: what the table looks like without a fault"""
    time.sleep(at.away)
    return ""


def well_again(cluster: Cluster) -> str:
    return f"well again after {cluster.wait_until_well():.1f} s"


def _rejoin(at: Round) -> str:
    at.database.start()
    return well_again(at.cluster)


def named(*functions: Fault) -> dict[str, Fault]:
    """Faults by their names on the command line."""
    return {function.__name__.replace("_", "-"): function for function in functions}


COMMON: Final = named(no_fault, kill_gatepass, stop_gatepass, reload_proxy)

GALERA: Final = named(
    kill_database,
    stop_database,
    pause_database,
    cut_database,
    split_database,
    lose_quorum,
    kill_all_databases,
    rebuild_database,
    rolling_restart,
)
