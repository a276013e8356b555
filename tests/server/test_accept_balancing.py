"""When a worker leaves a new connection to another worker."""

import os

from v1.server.worker.accept_balancing import SLOTS, ConnectionCounts


def test_only_an_accepting_worker_with_fewer_connections_counts() -> None:
    counts = ConnectionCounts()
    assert not counts.any_below(5), "no worker has reported"
    counts.report(1, 5)
    assert not counts.any_below(5) and counts.any_below(6)
    counts.report(2, 0)
    assert counts.any_below(1) and not counts.any_below(0)
    counts.remove(2)
    assert not counts.any_below(5)


def test_a_worker_s_age_may_be_any_number() -> None:
    counts = ConnectionCounts()
    counts.report(SLOTS * 1_000_000 + 3, 2)
    assert counts.any_below(3)
    counts.remove(SLOTS * 1_000_000 + 3)
    assert not counts.any_below(3)


def test_forked_processes_share_the_counts() -> None:
    counts = ConnectionCounts()
    child = os.fork()
    if not child:
        counts.report(7, 1)
        os._exit(0)
    os.waitpid(child, 0)
    assert counts.any_below(2) and not counts.any_below(1)
