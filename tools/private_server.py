"""Starts and stops a private database server, with all its files in one directory, for `make run` and `make test`.

It listens on a Unix socket in a short temporary directory (mariadbd aborts on socket paths over 107 bytes) and on a
free loopback port. Every account has a random password, kept in files that only their owner can read. What differs
between MariaDB and MySQL is an `Engine`: see `private_mariadb.py` and `private_mysql.py`.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import quote

from tools import private_files, root_sql
from tools.children import ended_with_parent

DATABASE: Final = "gatepass"


class ServerError(Exception):
    """The private server cannot be started; the text says what to do."""


@dataclass(frozen=True)
class Engine:
    """What differs between database servers."""

    name: str
    client: str
    """Its command-line client, as in a shell in the top folder of a clone."""
    version: Callable[[], str]
    """Which one is installed. Raises ServerError if none is, or if it does not run on this machine."""
    program: Callable[[], list[str]]
    """The command that starts the server, to which options are added. Raises ServerError if it is not to be had."""
    install: Callable[[Path], None]
    """Makes `data` in this directory, with an account root@localhost that has no password. Raises ServerError."""
    accounts: tuple[str, ...] = ()
    """Statements that run at each start before the accounts of Gatepass are made."""


@dataclass(frozen=True)
class Server:
    """A running private server. `directory` holds its data, its log and `client.cnf` for the mariadb client."""

    directory: Path
    socket: Path
    port: int
    password: str = field(repr=False)
    process: subprocess.Popen[bytes] = field(repr=False)

    def url(self, user: str = DATABASE, database: str = DATABASE, tcp: bool = False) -> str:
        """A DATABASE_URL for the account `gatepass` (rows), `gatepass_migrate` (tables) or `root`."""
        options = "" if tcp else f"?unix_socket={quote(str(self.socket), safe='')}"
        return f"mysql://{user}:{self.password}@127.0.0.1:{self.port}/{database}{options}"

    def sql(self, text: str, database: str = "") -> str:
        """Run SQL as root in a new session. Returns the rows as the client prints them: tab-separated, no headings."""
        try:
            return root_sql.run(self.socket, self.password, text, database)
        except root_sql.Refused as error:
            raise ServerError(str(error)) from None


def start(engine: Engine, directory: Path, *options: str, port: int = 0) -> Server:
    """Start the server of this directory; make its data directory first if there is none. Raises ServerError."""
    program = engine.program()
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    end_leftover(directory)
    password = private_files.password(directory)
    if not (directory / "data" / "ready").exists():
        shutil.rmtree(directory / "data", ignore_errors=True)  # left by an installation that was interrupted
        engine.install(directory)
        (directory / "data" / "ready").touch()
    (directory / "tmp").mkdir(exist_ok=True)  # not shared: a server deletes the temporary tables in it when it starts
    private_files.remove_old_socket(directory)
    place, port = Path(tempfile.mkdtemp(prefix="gatepass-", dir="/tmp")) / "mysqld.sock", port or free_port()
    private_files.write_accounts(directory, engine.accounts, password, DATABASE)
    private_files.write_client_files(directory, place, password, DATABASE)
    process = _spawn(program, directory, [f"--socket={place}", f"--port={port}", *options])
    server = Server(directory, place, port, password, process)
    try:
        _wait(server, engine)
    except BaseException:
        stop(server, kill=True)
        raise
    return server


def stop(server: Server, kill: bool = False) -> None:
    """Stop it by SIGTERM, or with `kill` by SIGKILL, like a crash. The data stay."""
    if server.process.poll() is None:
        server.process.send_signal(signal.SIGKILL if kill else signal.SIGTERM)
    server.process.wait(timeout=60)
    shutil.rmtree(server.socket.parent, ignore_errors=True)


def as_root() -> list[str]:
    """The option without which a server refuses to run for root."""
    return ["--user=root"] if os.geteuid() == 0 else []


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _spawn(program: list[str], directory: Path, options: list[str]) -> subprocess.Popen[bytes]:
    places = [f"--datadir={directory}/data", f"--tmpdir={directory}/tmp", f"--pid-file={directory}/server.pid"]
    command = [*program, *places, *as_root(), "--bind-address=127.0.0.1", f"--init-file={directory}/init.sql", *options]
    with (directory / "server.log").open("ab") as log:
        # In a session of its own: Ctrl-C in the terminal does not reach it, and `stop` ends it in order.
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            # SIGKILL, because MariaDB 10.11 hangs for ever if it gets SIGTERM while it starts. No data is lost.
            preexec_fn=ended_with_parent(signal.SIGKILL),
        )


def end_leftover(directory: Path) -> None:
    """End a server that a crash left running on this directory. Servers of other directories are left alone."""
    try:
        pid = int((directory / "server.pid").read_text())
    except (OSError, ValueError):
        return
    if _is_ours(pid, directory):
        print("ending a database server that an earlier run left behind", file=sys.stderr)
        os.kill(pid, signal.SIGTERM)
        until = time.monotonic() + 30
        while _is_ours(pid, directory) and time.monotonic() < until:
            time.sleep(0.1)
    if _is_ours(pid, directory):
        os.kill(pid, signal.SIGKILL)


def _is_ours(pid: int, directory: Path) -> bool:
    """Whether this process is a server of the directory. (The command line of a zombie is empty.)"""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return f"--datadir={directory}/data".encode() in command.split(b"\0")


def _wait(server: Server, engine: Engine, seconds: float = 60) -> None:
    until, log = time.monotonic() + seconds, server.directory / "server.log"
    while time.monotonic() < until:
        if server.process.poll() is not None:
            raise ServerError(f"{engine.name} ended at once; its log is {log}")
        try:
            server.sql("SELECT 1")
            return
        except ServerError:
            time.sleep(0.05)
    raise ServerError(f"{engine.name} did not answer; its log is {log}")
