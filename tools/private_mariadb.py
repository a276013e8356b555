"""A private MariaDB, of Debian's packages mariadb-server-core and mariadb-client-core."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from tools import private_server
from tools.private_server import Engine, Server, ServerError, as_root

MISSING: Final = "MariaDB is not installed: apt-get install mariadb-server-core mariadb-client-core"


def start(directory: Path, *options: str, port: int = 0) -> Server:
    """Start the MariaDB of this directory; make its data directory first if there is none. Raises ServerError."""
    return private_server.start(ENGINE, directory, *options, port=port)


def version() -> str:
    """As in `10.11.14-MariaDB-0+deb12u2`. Raises ServerError if there is none."""
    done = subprocess.run([*_program(), "--version"], capture_output=True, text=True, check=True)
    return done.stdout.split()[2]


def _program() -> list[str]:
    if not shutil.which("mariadbd") or not shutil.which("mariadb-install-db"):
        raise ServerError(MISSING)
    return ["mariadbd", "--no-defaults"]


def _install(directory: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="gatepass-", dir="/tmp") as short:
        # By a symbolic link, because mariadb-install-db does not quote the path, which may hold a space.
        place = Path(short) / "directory"
        place.symlink_to(directory.resolve())
        command = ["mariadb-install-db", "--no-defaults", f"--datadir={place}/data", *as_root(), "--skip-test-db"]
        command += ["--auth-root-authentication-method=normal"]
        # Its own TMPDIR: the server that it runs deletes the temporary tables that other servers have there.
        done = subprocess.run(command, env={**os.environ, "TMPDIR": short}, capture_output=True, check=False)
    if done.returncode:
        raise ServerError("mariadb-install-db failed:\n" + (done.stdout + done.stderr).decode(errors="replace"))


ENGINE: Final = Engine(
    "MariaDB",
    "mariadb",
    version,
    _program,
    _install,
    ("DELETE FROM mysql.global_priv WHERE user = 'root' AND host <> 'localhost';", "FLUSH PRIVILEGES;"),
)
