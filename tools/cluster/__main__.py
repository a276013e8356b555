"""`python -m tools.cluster`: a cluster to try, on loopback addresses. Ctrl-C ends all of it."""

import argparse
import fcntl
import os
import shlex
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from tools import demo, engines
from tools.cluster import network, processes
from tools.cluster.cluster import NODES, Cluster, Plan, running
from tools.cluster.gatepass import PORT, ROOT
from tools.cluster.processes import ClusterError
from tools.private_server import ServerError
from v1.auth.core import Core

EXAMPLE = """
example:
  python -m tools.cluster --port 8001
  curl -d username=demo -d password=demo-password http://127.0.0.1:8001/v1/oauth/

Everything is below var/cluster/ and made anew at each start. `python -m tools.cluster.faults --help` breaks a cluster
under load.
"""


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tools.cluster",
        description="Start three MariaDB Galera nodes, three Gatepass nodes and HAProxy. Ctrl-C ends them.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    port = int(os.environ.get("PORT", "8000"))
    parser.add_argument("--port", type=int, default=port, help=f"the port of HAProxy on 127.0.0.1 (default: {port})")
    arguments = parser.parse_args()
    processes.interrupt_by_signals()
    try:
        with only_one():
            plan = Plan(ROOT / "var" / "cluster", network.loopback(NODES), arguments.port, {}, engines.chosen())
            with running(plan, prepare, partial(print, flush=True)) as cluster:
                print(welcome(cluster), flush=True)
                wait_for_the_end(cluster)
    except KeyboardInterrupt:
        print("\nstopped")
    except ServerError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


@contextmanager
def only_one() -> Iterator[None]:
    """Allow one cluster for each checkout. The kernel frees the lock when the process ends, even in a crash."""
    (ROOT / "var").mkdir(exist_ok=True)
    with (ROOT / "var" / "cluster.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ClusterError("a cluster is already running in this checkout") from None
        yield


def prepare(parts: Core) -> None:
    demo.prepare(parts)


def welcome(cluster: Cluster) -> str:
    url, var = f"http://127.0.0.1:{cluster.proxy.port}", ROOT / "var" / "cluster"
    lines = [f"\nGatepass is at {url}, behind HAProxy", "  nodes:"]
    lines += [f"    http://{node.address}:{PORT}/readyz" for node in cluster.gatepasses]
    lines += [f"  logs:      {os.path.relpath(var)}/*.log, {os.path.relpath(var)}/db*/log"]
    client = shlex.quote(os.path.relpath(cluster.databases[0].directory / "root.cnf"))
    lines += [f"  database:  mariadb --defaults-file={client} gatepass"]
    form = f"-d username={demo.NAME} -d password={demo.PASSWORD} -d device-info=curl"
    lines += [f"  log in:    curl {form} {url}/v1/oauth/"]
    return "\n".join([*lines, "Ctrl-C stops all of it.\n"])


def wait_for_the_end(cluster: Cluster) -> None:
    """Wait until the user has enough. A node that ends meanwhile is none of our business: they may try that."""
    while cluster.proxy.program.running:
        time.sleep(0.5)
    raise ClusterError("HAProxy ended by itself; its log is var/cluster/haproxy.log")


if __name__ == "__main__":
    sys.exit(main())
