"""`python -m tools.cluster.processor_time`: what a check and a login cost each part of a cluster.

Two cores cannot show what six machines do. But the processor time of a request adds up the same way everywhere, so it
says which part of a larger cluster is full first.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Final

from tools import engines
from tools.cluster import command, load, network
from tools.cluster.cluster import NODES, Cluster, Plan, running
from tools.cluster.command import say
from tools.cluster.gatepass import ROOT
from tools.cluster.processes import ClusterError
from tools.private_server import free_port

COST: Final = "10"
"""The cost of the hashes, which is PHP's default before 8.4."""

CLIENTS: Final = 8
EXAMPLE: Final = "example:\n  python -m tools.cluster.processor_time --checks 5000 --logins 500"


def main() -> int:
    parser = command.parser(
        "tools.cluster.processor_time", "Measure the processor time of a check and a login on each part.", EXAMPLE
    )
    parser.add_argument("--checks", type=int, default=20000, help="how many checks (default: 20000)")
    parser.add_argument("--logins", type=int, default=1000, help="how many logins (default: 1000)")
    parser.add_argument(
        "--setting", type=command.setting, action="append", default=[], help="of Gatepass, such as CAUSAL_CHECKS=0"
    )
    return command.run(partial(measure, parser.parse_args()))


def measure(arguments: argparse.Namespace) -> int:
    """Print the table of a cluster; the exit code."""
    settings = {"BCRYPT_COST": COST, **dict(arguments.setting)}
    plan = Plan(ROOT / "var" / "cluster", network.loopback(NODES), free_port(), settings, engines.chosen())
    with command.only_one(), running(plan, load.add_users, say) as cluster:
        print(table(cluster, arguments.checks, arguments.logins))
    return 0


def table(cluster: Cluster, checks: int, logins: int) -> str:
    """A Markdown table: milliseconds of processor time for each request, by part."""
    proxy = ("127.0.0.1", cluster.proxy.port)
    tokens = [load.log_in(proxy, f"load{number}")[1] for number in range(CLIENTS)]
    say(f"{checks} checks")
    check = _spent(cluster, checks, lambda number: load.check(proxy, tokens[number % CLIENTS]).status == 200)
    say(f"{logins} logins")
    login = _spent(cluster, logins, lambda number: bool(load.log_in(proxy, f"load{number % CLIENTS}")[1]))
    lines = ["| ms | check | login |", "|---|---|---|"]
    return "\n".join([*lines, *(f"| {part} | {check[part]:.3f} | {login[part]:.2f} |" for part in check)])


def _spent(cluster: Cluster, times: int, request: Callable[[int], bool]) -> dict[str, float]:
    """The milliseconds that each part spends on one of these requests, which must all succeed, and the median time
    that a client waits for one."""
    before, waits = _processor_seconds(cluster), list[float]()

    def timed(number: int) -> bool:
        started = time.monotonic()
        done = request(number)
        waits.append(time.monotonic() - started)
        return done

    with ThreadPoolExecutor(CLIENTS) as pool:
        done = sum(pool.map(timed, range(times)))
    if done < times:
        raise ClusterError(f"{times - done} of {times} requests failed")
    after = _processor_seconds(cluster)
    spent = {part: 1000 * (after[part] - before[part]) / times for part in before}
    return spent | {f"a client's wait, median of {CLIENTS} clients": 1000 * statistics.median(waits)}


def _processor_seconds(cluster: Cluster) -> dict[str, float]:
    """By part: all nodes of a kind together, as the load goes round."""
    return {
        "HAProxy": _of_tree(cluster.proxy.program.pid),
        "Gatepass, all nodes": sum(_of_tree(node.program.pid) for node in cluster.gatepasses),
        "database, all nodes": sum(_of_tree(node.program.pid) for node in cluster.databases),
    }


def _of_tree(pid: int) -> float:
    """The processor seconds of a process and its descendants."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    own = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return own + sum(_of_tree(int(child)) for child in children)


if __name__ == "__main__":
    sys.exit(main())
