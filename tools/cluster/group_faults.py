"""The faults of MySQL Group Replication: what happens to the primary, to the others, and to the majority."""

import time
from typing import Final

from tools.cluster.cluster import Cluster
from tools.cluster.fault_list import Round, named, well_again
from tools.cluster.group_replication import GroupNode
from tools.cluster.processes import ClusterError

LONG: Final = 12.0
"""Seconds after which a member that does not answer has been left out."""


def members(cluster: Cluster) -> tuple[GroupNode, list[GroupNode]]:
    """The primary and the secondaries."""
    nodes = [node for node in cluster.databases if isinstance(node, GroupNode)]
    for node in nodes:
        if node.primary:
            return node, [other for other in nodes if other is not node]
    raise ClusterError("the group has no primary")


def kill_primary(at: Round) -> str:
    """kill -9 of the primary; 8 s after the others have left it out it is started again"""
    primary, _ = members(at.cluster)
    primary.kill()
    time.sleep(at.away + LONG)
    primary.start()
    return well_by_hand(at.cluster)


def kill_secondary(at: Round) -> str:
    """kill -9 of a secondary; 20 s later it is started again"""
    _, secondaries = members(at.cluster)
    secondary = secondaries[at.number % len(secondaries)]
    secondary.kill()
    time.sleep(at.away + LONG)
    secondary.start()
    return well_by_hand(at.cluster)


def pause_primary(at: Round) -> str:
    """the primary paused (SIGSTOP) for 12 s, then woken"""
    primary, _ = members(at.cluster)
    primary.pause()
    time.sleep(LONG)
    primary.wake()
    return well_by_hand(at.cluster)


def cut_primary(at: Round) -> str:
    """the primary cut off from everybody for 12 s"""
    return _apart(at, whole=True)


def split_primary(at: Round) -> str:
    """the primary cut off from the other members alone for 12 s"""
    return _apart(at, whole=False)


def _apart(at: Round, whole: bool) -> str:
    primary, _ = members(at.cluster)
    primary.cut(whole)
    time.sleep(LONG)
    primary.heal()
    return well_by_hand(at.cluster)


def switch_primary(at: Round) -> str:
    """another member made the primary (group_replication_set_as_primary)"""
    _, secondaries = members(at.cluster)
    started = time.monotonic()
    secondaries[0].become_primary()
    return f"switched in {time.monotonic() - started:.1f} s"


def stop_primary(at: Round) -> str:
    """the primary stopped in order (SIGTERM), without a switch; started again 8 s later"""
    primary, _ = members(at.cluster)
    primary.stop()
    time.sleep(at.away)
    primary.start()
    return well_by_hand(at.cluster)


def switch_and_stop(at: Round) -> str:
    """another member made the primary, then the old one stopped in order; started again 8 s later"""
    primary, secondaries = members(at.cluster)
    secondaries[0].become_primary()
    time.sleep(1)
    primary.stop()
    time.sleep(at.away)
    primary.start()
    return well_by_hand(at.cluster)


def restart_offline(at: Round) -> str:
    """the primary killed and started again outside the group (OFFLINE) for 8 s; then it joins"""
    primary, _ = members(at.cluster)
    primary.kill()
    primary.joins = False
    primary.start()
    time.sleep(at.away + LONG)
    primary.join()
    primary.joins = True
    return well_by_hand(at.cluster)


def pause_majority(at: Round) -> str:
    """both secondaries paused for 12 s, so that the primary has no majority; then woken"""
    _, secondaries = members(at.cluster)
    for node in secondaries:
        node.pause()
    time.sleep(LONG)
    for node in secondaries:
        node.wake()
    return well_by_hand(at.cluster)


def kill_majority(at: Round) -> str:
    """both secondaries killed; 12 s later the primary founds the group anew, and they are started again"""
    primary, secondaries = members(at.cluster)
    for node in secondaries:
        node.kill()
    time.sleep(LONG)
    primary.sql("STOP GROUP_REPLICATION")
    primary.found()
    for node in secondaries:
        node.start()
    return well_by_hand(at.cluster)


def well_by_hand(cluster: Cluster) -> str:
    """Wait until the cluster is well. After 30 s do what an operator does: let each node that is out join again. A
    node that was left out tries by itself too, but only every 5 minutes."""
    started = time.monotonic()
    try:
        cluster.wait_until_well(30)
        return well_again(cluster)
    except ClusterError:
        for node in cluster.databases:
            if isinstance(node, GroupNode) and not node.online:
                node.join_again()
        cluster.wait_until_well()
        return f"well again after {time.monotonic() - started:.1f} s, with START GROUP_REPLICATION by hand"


GROUP: Final = named(
    kill_primary,
    kill_secondary,
    pause_primary,
    cut_primary,
    split_primary,
    switch_primary,
    stop_primary,
    switch_and_stop,
    restart_offline,
    pause_majority,
    kill_majority,
)
