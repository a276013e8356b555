"""Starts and stops a private MariaDB, with all its files in one directory, for `make run` and `make test`.

It listens on a Unix socket in a short temporary directory (mariadbd aborts on socket paths over 107 bytes) and on a
free loopback port. Every account has a random password, kept in files that only their owner can read.
"""

import ctypes
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import quote

import pymysql
from pymysql.connections import Connection
from pymysql.constants import CLIENT
from pymysql.cursors import Cursor

Rows = tuple[tuple[bytes | None, ...], ...]

DATABASE = "gatepass"
MISSING = "MariaDB is not installed: apt-get install mariadb-server-core mariadb-client-core"


class ServerError(Exception):
    """The private server cannot be started; the text says what to do."""


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
        printed = ""
        try:
            with self._root(database) as root, root.cursor() as cursor:
                for rows in _results(cursor, text):
                    printed += _printed(rows)
        except (pymysql.MySQLError, OSError) as error:
            if error.args[0] != EMPTY:
                raise ServerError(" ".join(map(str, error.args))) from None
        return printed

    def _root(self, database: str) -> "Connection[Cursor]":
        """A connection that returns every value as the bytes that the server sent."""
        connection = pymysql.connect(
            user="root",
            password=self.password,
            database=database or None,
            charset="utf8mb4",
            use_unicode=False,
            conv={},
            autocommit=None,
            ssl_disabled=True,
            client_flag=CLIENT.MULTI_STATEMENTS,
            defer_connect=True,
        )
        unix = socket.socket(socket.AF_UNIX)
        try:
            unix.connect(str(self.socket))
            connection.connect(unix)
        except BaseException:
            unix.close()  # the driver leaves it open
            raise
        return connection


EMPTY: Final = 1065
"""The error number for an empty statement, such as a comment after the last one. The mariadb client does not send it.
"""

_ESCAPED: Final = {0: r"\0", 9: r"\t", 10: r"\n", 92: r"\\"}


def _results(cursor: Cursor, text: str) -> Iterator[Rows]:
    """Run the statements of the text, and yield the rows of each."""
    cursor.execute(text)
    yield cursor.fetchall()
    while cursor.nextset():
        yield cursor.fetchall()


def _printed(rows: Rows) -> str:
    """The rows as `mariadb --batch` prints them, a line each."""
    lines = ["\t".join("NULL" if each is None else each.decode().translate(_ESCAPED) for each in row) for row in rows]
    return "".join(f"{line}\n" for line in lines)


def start(directory: Path, *options: str, port: int = 0) -> Server:
    """Start the server of this directory; make its data directory first if there is none. Raises ServerError."""
    if not shutil.which("mariadbd") or not shutil.which("mariadb-install-db"):
        raise ServerError(MISSING)
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    end_leftover(directory)
    password = _password(directory)
    if not (directory / "data" / "ready").exists():
        _install(directory)
    (directory / "tmp").mkdir(exist_ok=True)  # not shared: a server deletes the temporary tables in it when it starts
    _remove_old_socket(directory)
    runtime = Path(tempfile.mkdtemp(prefix="gatepass-", dir="/tmp"))
    place, port = runtime / "mysqld.sock", port or free_port()
    write_private(directory / "init.sql", _accounts(password))
    write_private(directory / "client.cnf", _client_cnf(place, DATABASE, password, DATABASE))
    write_private(directory / "root.cnf", _client_cnf(place, "root", password, ""))
    arguments = [f"--socket={place}", f"--port={port}", "--bind-address=127.0.0.1", f"--init-file={directory}/init.sql"]
    process = _spawn(directory, [*arguments, f"--pid-file={directory}/mariadbd.pid", *options])
    server = Server(directory, place, port, password, process)
    try:
        _wait(server)
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


def _spawn(directory: Path, arguments: list[str]) -> subprocess.Popen[bytes]:
    user = ["--user=root"] if os.geteuid() == 0 else []
    places = [f"--datadir={directory}/data", f"--tmpdir={directory}/tmp"]
    command = ["mariadbd", "--no-defaults", *places, *user, *arguments]
    with (directory / "mariadbd.log").open("ab") as log:
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


def die_with_parent() -> None:
    """For a child: SIGTERM when the parent dies, however it dies (Linux's PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def ended_with_parent(number: int, parent: int = 0) -> Callable[[], None]:
    """A `preexec_fn` for a child that gets this signal when its parent dies, even if the parent is dead already.

    The kernel sends the signal when the thread that started the child ends, so start it on a thread that stays.
    """
    parent, libc = parent or os.getpid(), ctypes.CDLL(None)

    def arrange() -> None:
        libc.prctl(1, number)
        if os.getppid() != parent:
            os.kill(os.getpid(), number)

    return arrange


def _install(directory: Path) -> None:
    shutil.rmtree(directory / "data", ignore_errors=True)  # left by an installation that was interrupted
    user = ["--user=root"] if os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory(prefix="gatepass-", dir="/tmp") as short:
        # By a symbolic link, because mariadb-install-db does not quote the path, which may hold a space.
        place = Path(short) / "directory"
        place.symlink_to(directory.resolve())
        command = ["mariadb-install-db", "--no-defaults", f"--datadir={place}/data", *user, "--skip-test-db"]
        command += ["--auth-root-authentication-method=normal"]
        # Its own TMPDIR: the server that it runs deletes the temporary tables that other servers have there.
        done = subprocess.run(command, env={**os.environ, "TMPDIR": short}, capture_output=True, check=False)
    if done.returncode:
        raise ServerError("mariadb-install-db failed:\n" + (done.stdout + done.stderr).decode(errors="replace"))
    (directory / "data" / "ready").touch()


def _accounts(password: str) -> str:
    """The init file, which makes the accounts. It runs at every start, so an interrupted one does no harm. Each line is
    a statement."""
    lines = ["DELETE FROM mysql.global_priv WHERE user = 'root' AND host <> 'localhost';", "FLUSH PRIVILEGES;"]
    lines += [f"ALTER USER root@localhost IDENTIFIED BY '{password}';"]
    lines += [f"CREATE DATABASE IF NOT EXISTS {DATABASE} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci;"]
    for account in (DATABASE, f"{DATABASE}_migrate"):
        lines += [f"CREATE USER IF NOT EXISTS {account}@localhost;"]
        lines += [f"ALTER USER {account}@localhost IDENTIFIED BY '{password}';"]
    lines += [f"GRANT SELECT, INSERT, UPDATE, DELETE ON `gatepass%`.* TO {DATABASE}@localhost;"]
    lines += [f"GRANT ALL ON `gatepass%`.* TO {DATABASE}_migrate@localhost;"]
    return "\n".join(lines) + "\n"


def _client_cnf(place: Path, user: str, password: str, database: str) -> str:
    lines = ["[client]", f"socket={place}", f"user={user}", f"password={password}", "default-character-set=utf8mb4"]
    return "\n".join(lines + ([f"[mariadb-client]\ndatabase={database}"] if database else [])) + "\n"


def _password(directory: Path) -> str:
    path = directory / "password"
    if not path.exists():
        write_private(path, secrets.token_hex(16))
    return path.read_text()


def _remove_old_socket(directory: Path) -> None:
    """Remove the short directory of a server that was killed together with its parent."""
    with suppress(OSError):
        lines = (directory / "root.cnf").read_text().splitlines()
        old = Path(next((line for line in lines if line.startswith("socket=")), "")[len("socket=") :]).parent
        if old.parent == Path("/tmp") and old.name.startswith("gatepass-"):
            shutil.rmtree(old, ignore_errors=True)


def write_private(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def end_leftover(directory: Path) -> None:
    """End a server that a crash left running on this directory. Servers of other directories are left alone."""
    try:
        pid = int((directory / "mariadbd.pid").read_text())
    except (OSError, ValueError):
        return
    if _is_ours(pid, directory):
        print("ending a MariaDB that an earlier run left behind", file=sys.stderr)
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


def _wait(server: Server, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if server.process.poll() is not None:
            raise ServerError(f"mariadbd ended at once; its log is {server.directory / 'mariadbd.log'}")
        try:
            server.sql("SELECT 1")
            return
        except ServerError:
            time.sleep(0.05)
    raise ServerError(f"mariadbd did not answer; its log is {server.directory / 'mariadbd.log'}")
