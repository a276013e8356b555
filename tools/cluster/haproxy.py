"""HAProxy in front of the Gatepass nodes, with config/haproxy.cfg. Only the lines that it marks CHANGE are changed."""

import re
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Final

from tools.cluster.gatepass import ROOT
from tools.cluster.network import HERE
from tools.cluster.processes import ClusterError, Program

EXAMPLE: Final = ROOT / "config" / "haproxy.cfg"
BIND: Final = re.compile(r"^    bind .*# CHANGE.*$", re.MULTILINE)
SERVER: Final = re.compile(r"^    server gatepass1 .*# CHANGE.*$", re.MULTILINE)
MISSING: Final = "HAProxy is not installed: apt-get install haproxy"


def configuration(bind: str, nodes: list[str]) -> str:
    """The example, for HAProxy at this address before these nodes. Raises ClusterError if a mark is missing."""
    text, binds = BIND.subn(f"    bind {bind}", EXAMPLE.read_text())
    text, backends = SERVER.subn(lambda line: _servers(nodes, tracking=" track " in line[0]), text)
    if (binds, backends) != (1, 3):
        raise ClusterError(f"{EXAMPLE} has other lines marked CHANGE than expected")
    return text


def _servers(nodes: list[str], tracking: bool) -> str:
    """A line for each node. With `tracking` its state is that of the node of the same name in another backend."""
    names = [f"gatepass{number}" for number in range(1, len(nodes) + 1)]
    tracks = [f" track gatepass/{name}" if tracking else "" for name in names]
    return "\n".join(f"    server {name} {node}{track}" for name, node, track in zip(names, nodes, tracks))


class HAProxy:
    """A running HAProxy, at `address`. It can be reloaded."""

    def __init__(self, directory: Path, port: int, nodes: list[str]) -> None:
        command = shutil.which("haproxy") or shutil.which("haproxy", path="/usr/sbin:/sbin")
        if not command:
            raise ClusterError(MISSING)
        self.port = port
        self.file = directory / "haproxy.cfg"
        self.file.write_text(configuration(f"{HERE.clients}:{port}", nodes))
        checked = subprocess.run([command, "-c", "-f", self.file], capture_output=True, text=True)
        if checked.returncode or "WARNING" in checked.stderr:
            raise ClusterError(f"haproxy refuses {self.file}:\n{checked.stderr}")
        # -W: a master that starts new workers at a reload. They end when it does.
        arguments = [command, "-W", "-db", "-f", str(self.file)]
        self.program = Program("HAProxy", arguments, directory / "haproxy.log", HERE)

    def start(self) -> None:
        self.program.start()

    def stop(self) -> None:
        self.program.stop(seconds=5)

    def reload(self) -> None:
        """Let new workers take over, as `systemctl reload haproxy` does."""
        self.program.send(signal.SIGUSR2)
