"""`python -m tools.cluster.faults`: breaks a cluster under load, counts broken promises, and prints a table."""

import argparse
import sys
import time
from collections.abc import Iterator
from typing import Final

from tools import engines
from tools.cluster import command, network, processes, results
from tools.cluster.cluster import NODES, Cluster, Plan, running
from tools.cluster.command import say
from tools.cluster.fault_list import COMMON, GALERA, Fault, Round
from tools.cluster.gatepass import ROOT
from tools.cluster.group_faults import GROUP
from tools.cluster.load import Load, add_users, check_afterwards
from tools.cluster.migration_faults import BEFORE, MIGRATIONS
from tools.cluster.results import Result
from tools.private_server import free_port

SETTINGS: Final = {"BCRYPT_COST": "4"}
"""Cheap hashes, so that the clients log in often."""

LOGINS, AFTER = 100, 3.0
"""The logins before a fault happens, and the seconds for which the load goes on when the cluster is well again."""

FAULTS: Final[dict[str, dict[str, Fault]]] = {
    "MariaDB": {**COMMON, **GALERA, **MIGRATIONS},
    "MySQL": {**COMMON, **GROUP},
}
"""By the name of the engine."""

EXAMPLES = """
faults:
{faults}

examples:
  python -m tools.cluster.faults --fault kill-database --fault reload-proxy --rounds 1 --loopback
  python -m tools.cluster.faults > table.md      # all of them, as root; `make test-cluster`
"""


def main() -> int:
    return command.run(break_it)


def break_it() -> int:
    """Break a cluster, and print the table, also if it is interrupted; the exit code, 2 for a broken promise."""
    engine, found = engines.chosen(), list[Result]()
    arguments = _arguments(FAULTS[engine.name])
    try:
        places = network.loopback(NODES) if arguments.loopback else network.namespaces(NODES)
        faults = FAULTS[engine.name]
        names = arguments.fault or [name for name in faults if not arguments.loopback or _needs_no_cut(name)]
        plan = Plan(ROOT / "var" / "cluster", places, free_port(), SETTINGS, engine, arguments.option)
        with command.only_one(), running(plan, add_users, say) as cluster:
            for result in rounds(cluster, {name: faults[name] for name in names}, arguments.rounds):
                found.append(result)
    finally:
        print(results.table(found))
    return 0 if all(result.kept for result in found) else 2


def _needs_no_cut(name: str) -> bool:
    return not name.startswith(("cut-", "split-"))


def rounds(cluster: Cluster, faults: dict[str, Fault], times: int) -> Iterator[Result]:
    """Bring about each of these faults so often, and say what came of it."""
    for name, fault in faults.items():
        for number in range(times):
            result = one_round(cluster, name, fault, number)
            say(result.line())
            for example in result.examples:
                say(f"  {example}")
            yield result


def one_round(cluster: Cluster, name: str, fault: Fault, number: int, away: float = 8.0) -> Result:
    """Load the cluster, let the fault happen, wait until all is well, and ask every node about every token."""
    cluster.wait_until_well()
    BEFORE.get(name, lambda cluster: None)(cluster)
    load = Load(("127.0.0.1", cluster.proxy.port))
    processes.wait(lambda: load.logins() >= LOGINS, "logins through HAProxy")
    seen = fault(Round(cluster, load, number, away))
    time.sleep(AFTER)
    book, successes = load.stop()
    cluster.wait_until_well()
    check_afterwards(book, cluster.gatepasses)
    outage = {kind: successes.outage(kind, load.begun, load.ended) for kind in successes.times}
    wait = {kind: successes.wait(kind, load.begun, load.ended) for kind in successes.times}
    return results.of_ledger(name, book, outage, wait, seen)


def _arguments(faults: dict[str, Fault]) -> argparse.Namespace:
    lines = "\n".join(f"  {name:20} {function.__doc__}" for name, function in faults.items())
    parser = command.parser(
        "tools.cluster.faults",
        "Break a cluster (ENGINE=mysql: of MySQL) under the load of 16 clients, and count broken promises.",
        EXAMPLES.format(faults=lines),
    )
    parser.add_argument("--fault", action="append", choices=list(faults), metavar="NAME", help="may be repeated")
    parser.add_argument("--rounds", type=int, default=3, help="how often each of them happens (default: 3)")
    parser.add_argument("--loopback", action="store_true", help="without root: no node can be cut off")
    parser.add_argument(
        "--option", action="append", default=[], help="another option for the database servers; may be repeated"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
