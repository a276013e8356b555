"""A Gatepass node: gunicorn with the configuration that operators use, on an address of its own."""

import http.client
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tools.cluster.network import HERE
from tools.cluster.processes import ClusterError, Program

ROOT: Final = Path(__file__).resolve().parents[2]
BIN: Final = Path(sys.executable).parent
PORT: Final = 18000


@dataclass
class GatepassNode:
    """A Gatepass node. `settings` are the environment variables that it gets beside those of this process."""

    name: str
    address: str
    log: Path
    settings: Mapping[str, str]

    def __post_init__(self) -> None:
        # gunicorn ends its workers when it gets SIGTERM.
        self.program = Program(
            self.name,
            [str(BIN / "gunicorn"), "--chdir", str(ROOT), "-c", "config/gunicorn.conf.py", "wsgi:application"],
            self.log,
            HERE,
            {**os.environ, **self.settings, "HOST": self.address, "PORT": str(PORT)},
            signal.SIGTERM,
        )

    def start(self) -> None:
        self.program.start()

    def stop(self) -> None:
        self.program.stop()

    def kill(self) -> None:
        self.program.kill()

    def ready(self) -> bool:
        """Whether the node says on /readyz that it can do its work."""
        connection = http.client.HTTPConnection(self.address, PORT, timeout=20)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


def migrate(settings: Mapping[str, str], url: str) -> None:
    """Make or change the tables, with the account that may. Raises ClusterError."""
    environ = {**os.environ, **settings, "MIGRATE_DATABASE_URL": url}
    command = [str(BIN / "gatepass"), "db", "migrate"]
    done = subprocess.run(command, cwd=ROOT, env=environ, start_new_session=True, capture_output=True, text=True)
    if done.returncode:
        raise ClusterError(f"the tables could not be made:\n{done.stdout}{done.stderr}")
