"""A database node of a cluster, whichever the engine: what can happen to it, and how it is asked. And the first data of
a cluster, with its accounts."""

import shutil
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tools import private_server
from tools.cluster.network import Place
from tools.cluster.processes import Program
from tools.private_files import write_private
from tools.private_server import DATABASE, Engine, Server, ServerError

PORT: Final = 13306
"""The port of every database node, at an address of its own. An unusual one: a program on this machine may listen on
3306 at all addresses."""


@dataclass
class DatabaseNode(ABC):
    """A database server of the cluster, with all its files in `directory`."""

    place: Place
    directory: Path
    socket: Path
    password: str

    def __post_init__(self) -> None:
        self.directory.mkdir(exist_ok=True)
        log = self.directory / "log"
        self.program = Program(f"database node {self.place.number}", [], log, self.place)
        client = ["[client]", f"socket={self.socket}", "user=root", f"password={self.password}"]
        write_private(self.directory / "root.cnf", "\n".join(client) + "\n")

    @abstractmethod
    def start(self, first: bool = False) -> None:
        """Start it, and let it join the others. The `first` node makes a new cluster."""

    @abstractmethod
    def well(self, nodes: int = 3) -> bool:
        """Whether it works in a cluster of so many nodes, with all that they have written."""

    @abstractmethod
    def conflicts(self) -> dict[str, int]:
        """How many writes of this node were undone because another had written the same row, by the engine's names."""

    @abstractmethod
    def forget(self) -> None:
        """Remove its data, as if its machine had been replaced. It must have ended."""

    def kill(self) -> None:
        self.program.kill()

    def stop(self) -> None:
        self.program.stop()

    def pause(self) -> None:
        self.program.pause()

    def wake(self) -> None:
        self.program.wake()

    def cut(self, whole: bool = True) -> None:
        """Cut it off from everybody, or only from the other database nodes."""
        self.place.link(whole, up=False)

    def heal(self) -> None:
        self.place.link(whole=True, up=True)

    def sql(self, text: str, database: str = "") -> str:
        """Run SQL as root on this node. Raises ServerError if it does not answer or refuses."""
        return self._server().sql(text, database)

    def answers(self, text: str) -> str:
        """What the node answers to this SQL; nothing if it does not answer."""
        try:
            return self.sql(text)
        except ServerError:
            return ""

    @property
    def host(self) -> str:
        """Its host and port, as in a DATABASE_URL."""
        return f"{self.place.clients}:{PORT}"

    def memory(self) -> int:
        """The memory that it uses, in MiB."""
        lines = Path(f"/proc/{self.program.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) // 1024

    def remove_data(self) -> None:
        shutil.rmtree(self.directory / "data", ignore_errors=True)

    def _server(self) -> Server:
        assert self.program.process is not None, f"{self.program.name} was not started"
        return Server(self.directory, self.socket, PORT, self.password, self.program.process)


ACCOUNTS: Final = (DATABASE, f"{DATABASE}_migrate")


def first_data(engine: Engine, directory: Path, *more: str) -> str:
    """Make the data of node 1, with the accounts and what `more` statements make: a private server makes them, and
    ends. Returns the password of all accounts."""
    server = private_server.start(engine, directory / "db1")
    lines = [f"CREATE USER {account}@'%' IDENTIFIED BY '{server.password}';" for account in ACCOUNTS]
    lines += [f"GRANT SELECT, INSERT, UPDATE, DELETE ON `{DATABASE}%`.* TO {DATABASE}@'%';"]
    lines += [f"GRANT ALL ON `{DATABASE}%`.* TO {DATABASE}_migrate@'%';"]
    try:
        server.sql("\n".join([*lines, *more]))
    finally:
        private_server.stop(server)
    (directory / "db1" / "init.sql").unlink()
    return server.password
