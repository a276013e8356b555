"""Starts a whole cluster: database nodes, tables and users, Gatepass nodes, HAProxy; and stops it."""

import contextlib
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tools import private_mariadb, private_mysql
from tools.cluster import galera, gatepass, group_replication, processes
from tools.cluster.databases import DatabaseNode
from tools.cluster.gatepass import ROOT, GatepassNode
from tools.cluster.haproxy import HAProxy
from tools.cluster.network import Place
from tools.private_server import DATABASE, Engine
from v1.auth import core
from v1.auth.core import Core
from v1.settings import load

NODES: Final = 3
PREPARE: Final[dict[Engine, Callable[..., Sequence[DatabaseNode]]]] = {
    private_mariadb.ENGINE: galera.nodes,
    private_mysql.ENGINE: group_replication.nodes,
}
"""What prepares the database nodes of a cluster, by engine."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class Cluster:
    """A running cluster."""

    databases: Sequence[DatabaseNode]
    gatepasses: Sequence[GatepassNode]
    proxy: HAProxy
    settings: Mapping[str, str]
    migrate_url: str

    def well(self) -> bool:
        """Whether every database node is in the cluster and every Gatepass node is ready."""
        return all(node.well() for node in self.databases) and all(node.ready() for node in self.gatepasses)

    def wait_until_well(self, seconds: float = 180) -> float:
        return processes.wait(self.well, "the cluster is well", seconds)


@dataclass(frozen=True)
class Plan:
    """What cluster to start, and where. `settings` go to every Gatepass node, `options` to every database node."""

    directory: Path
    places: Sequence[Place]
    port: int
    settings: Mapping[str, str]
    engine: Engine
    options: Sequence[str] = ()


@contextmanager
def running(plan: Plan, prepare: Callable[[Core], None], say: Say) -> Iterator[Cluster]:
    """A cluster, while the block runs. `prepare` makes its users. Raises ServerError if it cannot be started."""
    with contextlib.ExitStack() as stack:
        sockets = stack.enter_context(_empty(plan.directory))
        prepare_nodes = PREPARE[plan.engine]
        databases = prepare_nodes(plan.directory, sockets, list(plan.places), ROOT / "var", list(plan.options))
        for node in databases:
            stack.callback(node.kill)  # the data are made anew at the next start
            _join(node, databases, say)
        settings = _settings(plan, databases)
        say("making the tables and the users")
        migrate_url = _url(databases, databases[0], f"{DATABASE}_migrate")
        gatepass.migrate(settings[0], migrate_url)
        databases[0].sql((ROOT / "sql" / "views.sql").read_text(), DATABASE)
        with closing(core.build(load(settings[0]))) as parts:
            prepare(parts)
        cluster = Cluster(databases, _gatepass_nodes(plan, settings), _proxy(plan), settings[0], migrate_url)
        programs: list[GatepassNode | HAProxy] = [*cluster.gatepasses, cluster.proxy]
        for program in programs:
            stack.callback(program.stop)
            program.start()
        say(f"starting {NODES} Gatepass nodes and HAProxy")
        cluster.wait_until_well()
        yield cluster


@contextmanager
def _empty(directory: Path) -> Iterator[Path]:
    """Make the directory anew, and one with a short path for sockets, which is removed afterwards."""
    note = directory / "sockets"
    if note.exists():  # of a cluster that was killed
        shutil.rmtree(note.read_text(), ignore_errors=True)
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True, mode=0o700)
    with tempfile.TemporaryDirectory(prefix="gatepass-", dir="/tmp", ignore_cleanup_errors=True) as sockets:
        note.write_text(sockets)
        yield Path(sockets)


def _join(node: DatabaseNode, databases: Sequence[DatabaseNode], say: Say) -> None:
    number, started = node.place.number, time.monotonic()
    node.start(first=number == 1)
    processes.wait(lambda: node.well(number) or not node.program.running, f"{node.program.name} is well")
    if not node.program.running:
        raise processes.ClusterError(f"{node.program.name} ended at once; its log is {node.program.log}")
    say(f"database node {number} of {len(databases)} is up after {time.monotonic() - started:.1f} s")


def _settings(plan: Plan, databases: Sequence[DatabaseNode]) -> list[dict[str, str]]:
    """The environment of each Gatepass node. It prefers the database node of its own number."""
    local = {"TRUSTED_PROXIES": "127.0.0.1/32", "METRICS_ALLOW": "127.0.0.1/32"}
    common = {"APP_ENV": "development", "WORKERS": "2", **local, **plan.settings}
    return [{**common, "DATABASE_URL": _url(databases, own)} for own in databases]


def _url(databases: Sequence[DatabaseNode], first: DatabaseNode, user: str = DATABASE) -> str:
    """A DATABASE_URL that names all nodes, this one first."""
    hosts = ",".join([first.host, *(node.host for node in databases if node is not first)])
    # MySQL's accounts want TLS over TCP. Its server makes a certificate by itself; MariaDB's does not.
    mode = "REQUIRED" if isinstance(first, group_replication.GroupNode) else "DISABLED"
    return f"mysql://{user}:{first.password}@{hosts}/{DATABASE}?ssl_mode={mode}"


def _gatepass_nodes(plan: Plan, settings: Sequence[Mapping[str, str]]) -> list[GatepassNode]:
    return [
        GatepassNode(f"Gatepass node {number}", address, plan.directory / f"gatepass{number}.log", each)
        for number, (address, each) in enumerate(zip(_addresses(plan), settings), 1)
    ]


def _addresses(plan: Plan) -> list[str]:
    """The addresses of the Gatepass nodes: on loopback, in the network of the database nodes if they are there too."""
    first = plan.places[0].clients
    network = first.rpartition(".")[0] if first.startswith("127.") else "127.77.1"
    return [f"{network}.{10 + place.number}" for place in plan.places]


def _proxy(plan: Plan) -> HAProxy:
    return HAProxy(plan.directory, plan.port, [f"{address}:{gatepass.PORT}" for address in _addresses(plan)])
