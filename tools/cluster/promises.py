"""`python -m tools.cluster.promises`: what a cluster promises without faults, counted."""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Final

from tools import engines
from tools.cluster import command, hot_rows, network, promise_list
from tools.cluster.cluster import NODES, Cluster, Plan, running
from tools.cluster.command import say
from tools.cluster.faults import SETTINGS
from tools.cluster.gatepass import ROOT
from tools.cluster.load import Load, add_users
from tools.private_server import free_port

SECONDS: Final = 20


def main() -> int:
    example = "example:\n  python -m tools.cluster.promises --setting CAUSAL_CHECKS=0"
    parser = command.parser("tools.cluster.promises", "Count what a cluster promises without faults.", example)
    parser.add_argument(
        "--option", action="append", default=[], help="another option for the database servers; may be repeated"
    )
    parser.add_argument(
        "--setting", type=command.setting, action="append", default=[], help="of Gatepass, such as CAUSAL_CHECKS=0"
    )
    return command.run(partial(count, parser.parse_args()))


def count(arguments: argparse.Namespace) -> int:
    """Print the counts of a cluster; the exit code."""
    settings = {**SETTINGS, **dict(arguments.setting)}
    places, engine = network.loopback(NODES), engines.chosen()
    plan = Plan(ROOT / "var" / "cluster", places, free_port(), settings, engine, arguments.option)
    with command.only_one(), running(plan, add_users, say) as cluster:
        for line in lines(cluster):
            print(line, flush=True)
    return 0


def lines(cluster: Cluster) -> Iterator[str]:
    """Keep count of each promise in turn."""
    yield f"memory of the database nodes: {[node.memory() for node in cluster.databases]} MiB"
    yield f"logged in at A, checked at B: {promise_list.logins_elsewhere(cluster).line()}"
    yield f"revoked at A, checked at B: {promise_list.revocations_elsewhere(cluster).line()}"
    for nodes in (1, NODES):
        yield f"wrong guesses at {nodes} nodes: {dict(promise_list.guesses(cluster, nodes))}"
    yield from conflicts(cluster)
    yield from hot(cluster)


def hot(cluster: Cluster) -> Iterator[str]:
    """Let all nodes change the same rows at once, and count the writes that were undone."""
    before = _conflicts(cluster)
    statuses, twins = hot_rows.same_names(cluster)
    between = _conflicts(cluster)
    yield f"one name at {NODES} nodes at once: {dict(statuses)}, {twins} twins; conflicts: {dict(between - before)}"
    statuses, after = hot_rows.same_tokens(cluster), _conflicts(cluster)
    yield f"last use of 8 tokens at {NODES} nodes at once: {dict(statuses)}; conflicts: {dict(after - between)}"


def conflicts(cluster: Cluster) -> Iterator[str]:
    """Load all nodes for a while, and count the writes that were undone because another node wrote the same row."""
    before = _conflicts(cluster)
    load = Load(("127.0.0.1", cluster.proxy.port))
    time.sleep(SECONDS)
    book, _ = load.stop()
    after = _conflicts(cluster)
    rates = {name: (after[name] - before[name]) / SECONDS for name in after}
    done = {name: book.counts[name] / SECONDS for name in ("logins", "checks", "revocations", "failed")}
    yield f"a second, under load: {done}; conflicts: {rates}"


def _conflicts(cluster: Cluster) -> Counter[str]:
    found = Counter[str]()
    for node in cluster.databases:
        found.update(node.conflicts())
    return found


if __name__ == "__main__":
    sys.exit(main())
