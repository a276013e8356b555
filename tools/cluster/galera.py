"""MariaDB Galera: the settings of a node, and how it joins."""

import os
import re
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tools import private_mariadb
from tools.children import ended_with_parent
from tools.cluster import sst_scripts
from tools.cluster.databases import PORT, DatabaseNode, first_data
from tools.cluster.network import Place
from tools.cluster.processes import ClusterError

PROVIDER: Final = "/usr/lib/galera/libgalera_smm.so"
MISSING: Final = "Galera is not installed: apt-get install galera-4 rsync lsof iproute2"
CLUSTER_PORT, IST_PORT, SST_PORT = 14567, 14568, 14444

UNKNOWN: Final = re.compile(r"^seqno: *-1$", re.MULTILINE)
RECOVERED: Final = re.compile(r"WSREP: Recovered position: *([0-9a-f-]{36}:\d+)")

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
        command = ["mariadbd", "--no-defaults", *self._options(), *self.options]
        self.program.command = [*command, *self._position(command), *(["--wsrep-new-cluster"] if first else [])]
        self.program.start()

    def _position(self, command: list[str]) -> list[str]:
        """After a crash: the option that names the last write in the node's tables, which the server itself does not
        look up. Without it the node would get all data anew. And if all nodes had crashed, none would know which of
        them is ahead. (Debian's unit does the same, by galera_recovery.)"""
        state = self.directory / "data" / "grastate.dat"
        if not state.exists() or not UNKNOWN.search(state.read_text()):
            return []
        ends = ended_with_parent(signal.SIGKILL)
        done = subprocess.run(
            [*command, "--wsrep-recover"], env=self.program.environ, capture_output=True, text=True, preexec_fn=ends
        )
        found = RECOVERED.search(done.stderr)
        return [f"--wsrep-start-position={found[1]}"] if found else []

    def well(self, nodes: int = 3) -> bool:
        wanted = {"wsrep_ready\tON", "wsrep_cluster_status\tPrimary", "wsrep_local_state_comment\tSynced"}
        return {*wanted, f"wsrep_cluster_size\t{nodes}"} <= set(self.answers("SHOW STATUS LIKE 'wsrep%'").split("\n"))

    def forget(self) -> None:
        self.remove_data()

    def conflicts(self) -> dict[str, int]:
        lines = self.sql("SHOW STATUS LIKE 'wsrep_local_%'").splitlines()
        counters = dict(line.split("\t") for line in lines)
        return {name: int(counters[f"wsrep_local_{name}"]) for name in ("cert_failures", "bf_aborts", "replays")}

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
    scripts, password = sst_scripts.folder(var), first_data(private_mariadb.ENGINE, directory)
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
