"""The image, built once a run, and a database whose accounts and rights are made as compose.yaml has them made."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests import secrecy
from tests.conftest import ROOT
from tests.database_servers import IS_MYSQL
from tests.image import container
from tests.ports import free_port
from tools import private_server
from tools.private_server import Server

PROGRAMS = ("buildah", "debootstrap", "crun", "unshare", "nsenter")
SCRIPTS = ROOT / "config/container"

AS_IN_THE_IMAGE = """
DROP USER gatepass@localhost, gatepass_migrate@localhost;
CREATE USER root@'%' IDENTIFIED BY '{password}';
GRANT ALL ON *.* TO root@'%' WITH GRANT OPTION;
CREATE DATABASE live;
"""
"""What MariaDB's image has before it runs our script."""


@pytest.fixture(scope="session")
def image() -> str:
    """The name of the image, which is built if this checkout has changed. Without its tools the test is skipped."""
    missing = [name for name in PROGRAMS if not shutil.which(name)]
    if missing or os.geteuid() != 0 or IS_MYSQL:
        pytest.skip(f"this needs root, MariaDB, and what `make test-image` installs; missing: {missing}")
    command = [sys.executable, "-m", "tools.image"]
    code, out, err = container.run(command)
    assert code == 0, err[-3000:]
    return out.split()[0]


@dataclass(frozen=True)
class Deployment:
    """A database with the tables that the image has made, and the settings that secrets.sh has made for it."""

    server: Server
    environ: dict[str, str] = field(repr=False)
    migrated: str
    granted: str


@pytest.fixture(scope="module")
def deployment(
    image: str, new_server: Callable[..., Server], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployment]:
    place = tmp_path_factory.mktemp("deployment")
    server = new_server(place / "server")
    try:
        yield deployed(image, server, place)
    finally:
        private_server.stop(server)


def deployed(image: str, server: Server, place: Path) -> Deployment:
    """Do what compose.yaml does, in its order: secrets, accounts, tables, views and rights."""
    script("secrets.sh", place)
    passwords = place / "secrets"
    (passwords / "root_password").write_text(server.password)
    server.sql(AS_IN_THE_IMAGE.format(password=server.password))
    given = {"SECRETS": str(passwords), "MARIADB_ROOT_PASSWORD": server.password, "MARIADB_DATABASE": "live"}
    script("accounts.sh", place, SOCKET=str(server.socket), **given)
    settings = read(passwords / "service.env", server)
    both = settings | read(passwords / "migrate.env", server)
    migrated = container.once(image, place / "migrate", both, "gatepass", "db", "migrate")
    assert migrated.startswith("0 "), migrated
    where = {"DATABASE_HOST": "127.0.0.1", "DATABASE_PORT": str(server.port), "DATABASE_NAME": "live"}
    granted = script("grants.sh", place, SQL=str(ROOT / "sql"), SECRETS=str(passwords), **where)
    return Deployment(server, settings | {"PORT": str(free_port())}, migrated, granted)


def read(file: Path, server: Server) -> dict[str, str]:
    """The settings of an env file, with this database in place of compose.yaml's. Their values are secrets."""
    text = file.read_text().replace("@database:3306/", f"@127.0.0.1:{server.port}/")
    found = dict(line.split("=", 1) for line in text.splitlines())
    for value in found.values():
        secrecy.learn(value)
    return found


def script(name: str, place: Path, **environ: str) -> str:
    """What a script of config/container/ says on standard error."""
    given = {"PATH": os.environ["PATH"], **environ}
    done = subprocess.run(["sh", str(SCRIPTS / name)], cwd=place, env=given, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stderr
