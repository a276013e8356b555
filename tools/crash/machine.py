"""One database server and one Gatepass, which are started again when they end, as systemd does (Restart=)."""

import http.client
import os
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tools import engines, private_server
from tools.cluster import gatepass, load
from tools.cluster.gatepass import BIN, ROOT
from tools.cluster.network import HERE
from tools.cluster.processes import Program, wait
from tools.crash import doors
from tools.private_server import Server, ServerError, free_port
from v1.auth import core
from v1.settings import load as load_settings

DURABLE: Final = "--innodb-flush-log-at-trx-commit=1"
OPTIONS: Final = {
    "MariaDB": (DURABLE, "--innodb-log-file-size=16M"),
    "MySQL": (DURABLE, "--sync-binlog=1", "--innodb-redo-log-capacity=16M"),
}
"""By engine: what an answered commit needs to outlive a crash (the defaults, said here), and small files."""

RESTART_SECONDS: Final = 2.0
"""After so long Gatepass is started again: RestartSec= of config/gatepass.service."""

SETTINGS: Final = {"APP_ENV": "development", "BCRYPT_COST": "4", "WORKERS": "2", "HOST": "127.0.0.1"}
COMMAND: Final = (str(BIN / "gunicorn"), "--chdir", str(ROOT), "-c", "config/gunicorn.conf.py", "wsgi:application")


@dataclass
class Machine:
    """What is running, and how it is brought up again. `maker` is the API token that makes stream tokens."""

    server: Server
    options: tuple[str, ...]
    gatepass: Program
    maker: str = field(repr=False)
    restarts: int = 0
    """How often Gatepass has been started again."""
    _ended: float = 0.0

    @property
    def address(self) -> tuple[str, int]:
        return self.gatepass.environ["HOST"], int(self.gatepass.environ["PORT"])

    @property
    def log(self) -> Path:
        return self.gatepass.log

    def workers(self) -> list[int]:
        """The process ids of gunicorn's workers."""
        master = self.gatepass.pid
        try:
            return list(map(int, Path(f"/proc/{master}/task/{master}/children").read_text().split()))
        except OSError:
            return []

    def keep(self) -> None:
        """Start again what has ended: the database at once, Gatepass when RESTART_SECONDS have passed."""
        if self.server.process.poll() is not None:
            self.start_database()
        if self.gatepass.running:
            self._ended = 0.0
        elif not self._ended:
            self._ended = time.monotonic()
        elif time.monotonic() - self._ended > RESTART_SECONDS:
            self.restarts += 1
            self._ended = 0.0
            self.gatepass.start()

    def start_database(self) -> None:
        """Start the database on its data. One that cannot be started yet is tried again by the next `keep`."""
        private_server.stop(self.server, kill=True)
        try:
            engine = engines.chosen()
            self.server = private_server.start(engine, self.server.directory, *self.options, port=self.server.port)
        except ServerError as error:
            load_note(self.server.directory, str(error))

    def restart_gatepass(self, log: Path | None = None, command: tuple[str, ...] = COMMAND, **environ: str) -> None:
        """Stop Gatepass in order, and start it with another log, command or setting."""
        self.gatepass.stop()
        merged = {**self.gatepass.environ, **environ}
        self.gatepass = Program("Gatepass", command, log or self.log, HERE, merged, signal.SIGTERM)
        self.gatepass.start()
        self.wait_until_well()

    def well(self) -> bool:
        """Whether Gatepass says that it can do its work, and has all its workers."""
        self.keep()
        return ready(self.address)[0] == 200 and len(self.workers()) == int(self.gatepass.environ["WORKERS"])

    def wait_until_well(self, seconds: float = 120) -> float:
        return wait(self.well, f"/readyz says that all is well; the log is {self.log}", seconds)

    def hold(self, seconds: float) -> None:
        """Let this time pass, with all that ends meanwhile started again."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.keep()
            time.sleep(0.05)


def load_note(directory: Path, text: str) -> None:
    """Write beside the data why the database could not be started."""
    with (directory / "starts.log").open("a") as log:
        log.write(text + "\n")


def ready(address: tuple[str, int]) -> tuple[int, str]:
    """The status and the text of /readyz; 0 if there is no answer."""
    connection = http.client.HTTPConnection(*address, timeout=20)
    try:
        connection.request("GET", "/readyz", headers={"Host": f"localhost:{address[1]}"})
        answer = connection.getresponse()
        return answer.status, answer.read().decode(errors="replace")
    except (OSError, http.client.HTTPException):
        return 0, ""
    finally:
        connection.close()


@contextmanager
def running(directory: Path, data: Path | None = None) -> Iterator[Machine]:
    """A machine with its files in this directory, made anew, while the block runs; `data`: the directory of the
    database, if it is another. Raises ServerError."""
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True, mode=0o700)
    engine = engines.chosen()
    server = private_server.start(engine, data or directory / "database", *OPTIONS[engine.name])
    try:
        gatepass.migrate({**os.environ, **_settings(server)}, server.url("gatepass_migrate", tcp=True))
        with served(server, OPTIONS[engine.name], directory / "gatepass.log") as machine:
            yield machine
    finally:
        private_server.stop(server, kill=True)


@contextmanager
def served(server: Server, options: tuple[str, ...], log: Path) -> Iterator[Machine]:
    """A machine on this database server, which has the tables, while the block runs. The caller stops the server; one
    that was started again ends here."""
    environ = {**os.environ, **_settings(server)}
    with closing(core.build(load_settings(environ))) as parts:
        load.add_users(parts)
        maker = doors.stream_maker(parts)
    machine = Machine(server, options, Program("Gatepass", COMMAND, log, HERE, environ, signal.SIGTERM), maker)
    machine.gatepass.start()
    try:
        machine.wait_until_well()
        yield machine
    finally:
        machine.gatepass.stop()
        if machine.server is not server:
            private_server.stop(machine.server, kill=True)


def _settings(server: Server) -> dict[str, str]:
    return {**SETTINGS, "DATABASE_URL": server.url(tcp=True), "PORT": str(free_port())}
