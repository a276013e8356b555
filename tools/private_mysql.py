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

_LINKERS: Final = "usr/lib/*-linux-gnu*/ld-linux*.so.*"


def start(directory: Path, *options: str, port: int = 0) -> Server:
    """Start the MySQL of this directory; make its data directory first if there is none. Raises ServerError."""
    return private_server.start(ENGINE, directory, *options, port=port)


def program() -> list[str]:
    """The command that runs mysqld with its own libraries."""
    root = fetch_mysql.root()
    linkers = list(root.glob(_LINKERS))
    if not linkers:
        raise ServerError(f"MySQL cannot be started: no {_LINKERS} in {root}; remove {root.parent} and try again")
    options = ["--no-defaults", f"--basedir={root}/usr", f"--lc-messages-dir={root}/usr/share/mysql"]
    options += [f"--plugin-dir={root}/usr/lib/mysql/plugin", "--secure-file-priv=NULL", "--mysqlx=OFF"]
    return [str(linkers[0]), "--library-path", str(linkers[0].parent), f"{root}/usr/sbin/mysqld", *options]


def version() -> str:
    """As in `9.7.4-2`. Raises ServerError if MySQL does not run on this machine."""
    done = subprocess.run([*program(), "--version"], capture_output=True, text=True, check=False)
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


ENGINE: Final = Engine("MySQL", program, _install)


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
