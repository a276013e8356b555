"""`python -m tools.cluster`: a cluster to try, on loopback addresses. Ctrl-C ends all of it."""

import os
import shlex
import sys
import time
from functools import partial

from tools import demo, engines
from tools.cluster import command, network
from tools.cluster.cluster import NODES, Cluster, Plan, running
from tools.cluster.gatepass import PORT, ROOT
from tools.cluster.processes import ClusterError
from v1.auth.core import Core

EXAMPLE = """
example:
  python -m tools.cluster --port 8001
  curl -d username=demo -d password=demo-password http://127.0.0.1:8001/v1/oauth/

Everything is below var/cluster/ and made anew at each start. `python -m tools.cluster.faults --help` breaks a cluster
under load.
"""


def main() -> int:
    about = "Start three database nodes (ENGINE=mysql: of MySQL), three of Gatepass and HAProxy. Ctrl-C ends them."
    parser = command.parser("tools.cluster", about, EXAMPLE)
    port = int(os.environ.get("PORT", "8000"))
    parser.add_argument("--port", type=int, default=port, help=f"the port of HAProxy on 127.0.0.1 (default: {port})")
    arguments = parser.parse_args()
    return command.run(partial(show, arguments.port))


def show(port: int) -> int:
    """Start a cluster, say where it is, and wait until the user has enough; the exit code."""
    plan = Plan(ROOT / "var" / "cluster", network.loopback(NODES), port, {}, engines.chosen())
    try:
        with command.only_one(), running(plan, prepare, partial(print, flush=True)) as cluster:
            print(welcome(cluster), flush=True)
            wait_for_the_end(cluster)
    except KeyboardInterrupt:
        command.say("\nstopped")
    return 0


def prepare(parts: Core) -> None:
    demo.prepare(parts)


def welcome(cluster: Cluster) -> str:
    url, var = f"http://127.0.0.1:{cluster.proxy.port}", ROOT / "var" / "cluster"
    lines = [f"\nGatepass is at {url}, behind HAProxy", "  nodes:"]
    lines += [f"    http://{node.address}:{PORT}/readyz" for node in cluster.gatepasses]
    lines += [f"  logs:      {os.path.relpath(var)}/*.log, {os.path.relpath(var)}/db*/log"]
    client = shlex.quote(os.path.relpath(cluster.databases[0].directory / "root.cnf"))
    lines += [f"  database:  {engines.chosen().client} --defaults-file={client} gatepass"]
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
