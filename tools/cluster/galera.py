"""MariaDB Galera: the settings of a node, and the first data of a cluster."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tools import private_mariadb
from tools.cluster import sst_scripts
from tools.cluster.databases import PORT, DatabaseNode
from tools.cluster.network import Place
from tools.cluster.processes import ClusterError
from tools.private_mariadb import DATABASE

PROVIDER: Final = "/usr/lib/galera/libgalera_smm.so"
MISSING: Final = "Galera is not installed: apt-get install galera-4 rsync lsof iproute2"
CLUSTER_PORT, IST_PORT, SST_PORT = 14567, 14568, 14444

PROVIDER_OPTIONS: Final = {
    # A node that is silent for this long is left out. The default is 5 s: so long all writes wait for it.
    "evs.suspect_timeout": "PT2S",
    "evs.inactive_timeout": "PT5S",
    "evs.inactive_check_period": "PT0.25S",
    # Under a third of suspect_timeout, or the node refuses to start.
    "evs.keepalive_period": "PT0.5S",
    "evs.install_timeout": "PT5S",
    "gcache.size": "32M",
}


@dataclass
class GaleraNode(DatabaseNode):
    """A node of MariaDB Galera. `peers` are the addresses of all nodes."""

    peers: list[str] = field(default_factory=list)
    scripts: Path = Path()
    options: list[str] = field(default_factory=list)

    def start(self, first: bool = False) -> None:
        if not (self.directory / "data").exists():
            (self.directory / "data").mkdir(parents=True)
        (self.directory / "tmp").mkdir(exist_ok=True)
        self.program.environ = {**os.environ, "PATH": f"{self.scripts}:{os.environ['PATH']}:/usr/sbin:/sbin"}
        self.program.command = ["mariadbd", "--no-defaults", *self._options(), *self.options]
        if first:
            self.program.command.append("--wsrep-new-cluster")
        self.program.start()

    def well(self, nodes: int = 3) -> bool:
        wanted = {"wsrep_ready\tON", "wsrep_cluster_status\tPrimary", "wsrep_local_state_comment\tSynced"}
        return {*wanted, f"wsrep_cluster_size\t{nodes}"} <= set(self.answers("SHOW STATUS LIKE 'wsrep%'").split("\n"))

    def forget(self) -> None:
        self.remove_data()

    def status(self, name: str) -> int:
        """A counter of the node, such as `wsrep_local_cert_failures`."""
        return int(self.sql(f"SHOW STATUS LIKE '{name}'").split()[1])

    def _options(self) -> list[str]:
        place, directory = self.place, self.directory
        provider = {**PROVIDER_OPTIONS, "gmcast.listen_addr": f"tcp://{place.peers}:{CLUSTER_PORT}"}
        provider |= {"base_port": str(CLUSTER_PORT), "ist.recv_addr": f"{place.peers}:{IST_PORT}"}
        return [
            *(["--user=root"] if os.geteuid() == 0 else []),
            f"--datadir={directory}/data",
            f"--tmpdir={directory}/tmp",
            f"--socket={self.socket}",
            f"--port={PORT}",
            f"--bind-address={place.clients}",
            "--skip-name-resolve",
            "--binlog-format=ROW",
            "--innodb-autoinc-lock-mode=2",
            "--innodb-buffer-pool-size=32M",
            "--wsrep-on=ON",
            f"--wsrep-provider={PROVIDER}",
            "--wsrep-cluster-name=gatepass",
            f"--wsrep-cluster-address=gcomm://{','.join(f'{peer}:{CLUSTER_PORT}' for peer in self.peers)}",
            f"--wsrep-node-name=db{place.number}",
            f"--wsrep-node-address={place.peers}:{CLUSTER_PORT}",
            f"--wsrep-sst-method={sst_scripts.METHOD}",
            f"--wsrep-sst-receive-address={place.peers}:{SST_PORT}",
            f"--wsrep-provider-options={';'.join(f'{name}={value}' for name, value in provider.items())}",
        ]


def nodes(directory: Path, sockets: Path, places: list[Place], var: Path, options: list[str]) -> list[GaleraNode]:
    """Prepare the nodes of a new cluster below `directory`: the first one has data, and no node runs yet."""
    if not Path(PROVIDER).exists():
        raise ClusterError(MISSING)
    scripts, password = sst_scripts.folder(var), _first_data(directory)
    peers = [place.peers for place in places]
    return [
        GaleraNode(
            place,
            directory / f"db{place.number}",
            sockets / f"db{place.number}.sock",
            password,
            peers=peers,
            scripts=scripts,
            options=options,
        )
        for place in places
    ]


def _first_data(directory: Path) -> str:
    """Make the data of node 1, with the accounts: a private server makes them, and ends. Returns their password."""
    server = private_mariadb.start(directory / "db1")
    lines = [f"CREATE USER {account}@'%' IDENTIFIED BY '{server.password}';" for account in ACCOUNTS]
    lines += [f"GRANT SELECT, INSERT, UPDATE, DELETE ON `{DATABASE}%`.* TO {DATABASE}@'%';"]
    lines += [f"GRANT ALL ON `{DATABASE}%`.* TO {DATABASE}_migrate@'%';"]
    try:
        server.sql("\n".join(lines))
    finally:
        private_mariadb.stop(server)
    (directory / "db1" / "init.sql").unlink()
    return server.password


ACCOUNTS: Final = (DATABASE, f"{DATABASE}_migrate")
