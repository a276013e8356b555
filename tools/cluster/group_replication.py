"""MySQL Group Replication with a single primary: the settings of a node, and how it joins."""

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tools import private_mysql
from tools.cluster.databases import ACCOUNTS, PORT, DatabaseNode, first_data
from tools.cluster.network import Place
from tools.cluster.processes import wait
from tools.private_server import DATABASE, as_root, free_port

GROUP_PORT: Final = 14567
GROUP: Final = "5b1f5bd4-6a0e-4a0c-9a9b-0d5c1d4f2a10"
RECOVERY: Final = f"{DATABASE}_migrate"
"""The account by which a node that joins reads from another what it lacks."""

SETTINGS: Final = {
    # A member that is silent for 5 s is suspected, and then left out at once. The default waits 5 s more.
    "group-replication-member-expel-timeout": "0",
    # A primary without a majority gives up what it was asked to write after 5 s. By default that waits for ever.
    "group-replication-unreachable-majority-timeout": "5",
    # A node that was left out tries so often to come back, once in 5 minutes.
    "group-replication-autorejoin-tries": "3",
}


@dataclass
class GroupNode(DatabaseNode):
    """A node of Group Replication. `peers` are the addresses and ports of all nodes, for the group."""

    peers: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)
    joins: bool = True
    """Whether the node joins by itself when it starts."""

    def start(self, first: bool = False) -> None:
        """Start it. Once its server has been configured, it joins the group by itself, unless `joins` is off."""
        (self.directory / "tmp").mkdir(exist_ok=True)
        joined_before = (self.directory / "joined").exists()
        boot = f"--group-replication-start-on-boot={'ON' if joined_before and self.joins and not first else 'OFF'}"
        self.program.command = [*private_mysql.program(), *as_root(), *self._options(), *self.options, boot]
        self.program.start()
        if first or not joined_before:
            wait(lambda: self.answers("SELECT 1") != "", f"{self.program.name} answers", 60)
            self.found() if first else self.join()
            (self.directory / "joined").touch()

    def found(self) -> None:
        """Make a new group of this node alone."""
        self.sql("SET GLOBAL group_replication_bootstrap_group=ON")
        self.join()
        self.sql("SET GLOBAL group_replication_bootstrap_group=OFF")

    def join(self) -> None:
        """Join the group. Raises ServerError."""
        self.sql(
            f"CHANGE REPLICATION SOURCE TO SOURCE_USER='{RECOVERY}', SOURCE_PASSWORD='{self.password}' "
            "FOR CHANNEL 'group_replication_recovery'; START GROUP_REPLICATION"
        )

    def well(self, nodes: int = 3) -> bool:
        return self.answers(WELL) == f"{nodes}\t1\n"

    def join_again(self) -> None:
        """Leave the group, or what is left of it, and join it. Raises ServerError."""
        self.sql("STOP GROUP_REPLICATION")
        self.join()

    @property
    def online(self) -> bool:
        """Whether it is a working member."""
        return self.answers(WELL).endswith("\t1\n")

    @property
    def primary(self) -> bool:
        """Whether it is the one that takes writes."""
        return self.answers(PRIMARY) == "1\n"

    def become_primary(self) -> None:
        """Take over from the primary of now."""
        self.sql("SELECT group_replication_set_as_primary(@@server_uuid)")

    def conflicts(self) -> dict[str, int]:
        return {"conflicts_detected": int(self.sql(CONFLICTS))}

    def forget(self) -> None:
        self.remove_data()
        (self.directory / "joined").unlink(missing_ok=True)

    def _options(self) -> list[str]:
        place, directory = self.place, self.directory
        return [
            f"--datadir={directory}/data",
            f"--tmpdir={directory}/tmp",
            f"--socket={self.socket}",
            f"--port={PORT}",
            f"--bind-address={place.clients},{place.peers}" if place.can_be_cut else f"--bind-address={place.clients}",
            "--skip-name-resolve",
            "--innodb-buffer-pool-size=64M",
            f"--server-id={place.number}",
            "--gtid-mode=ON",
            "--enforce-gtid-consistency=ON",
            "--plugin-load-add=group_replication.so",
            f"--report-host={place.peers}",
            f"--report-port={PORT}",
            f"--group-replication-group-name={GROUP}",
            f"--group-replication-local-address={self.peers[place.number - 1]}",
            f"--group-replication-group-seeds={','.join(self.peers)}",
            "--group-replication-recovery-get-public-key=ON",
            *(f"--{name}={value}" for name, value in SETTINGS.items()),
        ]


WELL: Final = """
SELECT SUM(member_state = 'ONLINE'), SUM(member_id = @@server_uuid AND member_state = 'ONLINE')
FROM performance_schema.replication_group_members
"""

CONFLICTS: Final = """
SELECT COALESCE(SUM(count_conflicts_detected), 0) FROM performance_schema.replication_group_member_stats
WHERE member_id = @@server_uuid
"""

PRIMARY: Final = """
SELECT COUNT(*) FROM performance_schema.replication_group_members
WHERE member_id = @@server_uuid AND member_role = 'PRIMARY' AND member_state = 'ONLINE'
"""


def nodes(directory: Path, sockets: Path, places: list[Place], var: Path, options: list[str]) -> list[GroupNode]:
    """Prepare the nodes of a new cluster below `directory`, each with a copy of one server's data. No node runs yet."""
    password = first_data(
        private_mysql.ENGINE,
        directory,
        f"GRANT REPLICATION SLAVE, CONNECTION_ADMIN, BACKUP_ADMIN, GROUP_REPLICATION_STREAM ON *.* TO {RECOVERY}@'%';",
        *(f"GRANT SELECT ON performance_schema.replication_group_members TO {each}@'%';" for each in ACCOUNTS),
        "RESET BINARY LOGS AND GTIDS;",
    )
    (directory / "db1/data/auto.cnf").unlink(missing_ok=True)  # each node makes a name of its own
    for place in places[1:]:
        shutil.copytree(directory / "db1/data", directory / f"db{place.number}/data")
    peers = [_for_the_group(place) for place in places]
    return [
        GroupNode(
            place,
            directory / f"db{place.number}",
            sockets / f"db{place.number}.sock",
            password,
            peers=peers,
            options=options,
        )
        for place in places
    ]


def _for_the_group(place: Place) -> str:
    """The address and port at which other members reach it. On loopback only 127.0.0.1 will do: the plugin looks for
    the address among those of the machine's interfaces."""
    return f"{place.peers}:{GROUP_PORT}" if place.can_be_cut else f"127.0.0.1:{free_port()}"
