"""How tests get database servers: each is a copy of one that was installed once, and none waits for the disk.

The variable ENGINE chooses MariaDB (the default) or MySQL for the whole suite.
"""

import fcntl
import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from tests.ports import free_port
from tools import engines, private_mysql, private_server
from tools.private_server import Server

ROOT: Final = Path(__file__).resolve().parent.parent

ENGINE: Final = engines.chosen()
IS_MYSQL: Final = ENGINE is private_mysql.ENGINE

only_mariadb: Final = pytest.mark.skipif(IS_MYSQL, reason="about MariaDB alone")
only_mysql: Final = pytest.mark.skipif(not IS_MYSQL, reason="about MySQL alone: make test ENGINE=mysql")

QUICK: Final = (
    *("--innodb-flush-method=nosync", "--innodb-flush-log-at-trx-commit=2"),
    *(
        ("--sync-binlog=0", "--innodb-redo-log-capacity=16M", "--innodb-doublewrite=OFF")
        if IS_MYSQL
        else ("--sync-frm=0", "--innodb-log-file-size=16M")
    ),
)
"""What is committed outlives the server, however that ends, and not the machine."""


def start(directory: Path, *options: str, port: int = 0) -> Server:
    """Start the server of this directory, the first time or again."""
    return private_server.start(ENGINE, directory, *QUICK, *options, port=port or free_port())


def installed(place: Path) -> Path:
    """A directory to copy: a server that has no tables of ours. `place` keeps it from run to run."""
    return _made(place / _digest(ENGINE.version().encode()), lambda server: None)


def migrated(place: Path, migrate: Callable[[Server], object]) -> Path:
    """The same with the tables of today in the database `gatepass`."""
    base = installed(place)
    statements = sorted((ROOT / "sql").rglob("*.sql"))
    return _made(place / _digest(base.name.encode(), *(each.read_bytes() for each in statements)), migrate, base)


def copy(made: Path, directory: Path) -> Path:
    """A new directory to start a server on."""
    shutil.copytree(made / "data", directory / "data")
    return directory


def _digest(*parts: bytes) -> str:
    return hashlib.sha256(repr((QUICK, parts)).encode()).hexdigest()[:16]


def _made(directory: Path, prepare: Callable[[Server], object], base: Path | None = None) -> Path:
    """Make it unless that was done; another process that is about to has the lock."""
    done = directory / "done"
    with directory.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(directory, ignore_errors=True)
            if base:
                copy(base, directory)
            server = start(directory)
            try:
                prepare(server)
            finally:
                private_server.stop(server)
            done.touch()
    return directory
