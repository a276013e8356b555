"""A private MySQL, of Debian's package mysql-server-core, which `fetch_mysql` brings.

`python -m tools.private_mysql` fetches it, starts one and stops it again: what `make test ENGINE=mysql` does first.
"""

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from tools import fetch_mysql, private_server
from tools.private_server import Engine, Server, ServerError, as_root


def start(directory: Path, *options: str, port: int = 0) -> Server:
    """Start the MySQL of this directory; make its data directory first if there is none. Raises ServerError."""
    return private_server.start(ENGINE, directory, *options, port=port)


def program() -> list[str]:
    """The command that starts mysqld, to which options are added. Raises ServerError."""
    usr = fetch_mysql.root() / "usr"
    places = [f"--basedir={usr}", f"--lc-messages-dir={usr}/share/mysql", f"--plugin-dir={usr}/lib/mysql/plugin"]
    options = ["--no-defaults", *places, "--secure-file-priv=NULL", "--mysqlx=OFF"]
    return [*fetch_mysql.command("usr/sbin/mysqld"), *options]


def version() -> str:
    """As in `9.7.4-2`. Raises ServerError if MySQL does not run on this machine."""
    command = [*fetch_mysql.command("usr/sbin/mysqld"), "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    words = done.stdout.split()
    if done.returncode or "Ver" not in words:
        why = (done.stderr.strip().splitlines() or [f"status {done.returncode}"])[-1]
        raise ServerError(f"MySQL cannot be started: {why}; use MariaDB on this machine")
    return words[words.index("Ver") + 1]


def _install(directory: Path) -> None:
    command = [*program(), f"--datadir={directory}/data", *as_root(), "--initialize-insecure"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ServerError("mysqld --initialize-insecure failed:\n" + done.stdout + done.stderr)
    # The server makes another one, so copies of the directory are servers of different names.
    (directory / "data" / "auto.cnf").unlink(missing_ok=True)


ENGINE: Final = Engine("MySQL", "var/mysql-server/mysql", version, program, _install)


def main() -> int:
    try:
        name = version()
        with tempfile.TemporaryDirectory(prefix="gatepass-", dir="/tmp") as short:
            private_server.stop(start(Path(short)))
    except ServerError as error:
        print(str(error).splitlines()[0], file=sys.stderr)
        return 1
    print(f"MySQL {name} runs")
    return 0


if __name__ == "__main__":
    sys.exit(main())
