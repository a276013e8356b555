"""Real parts for every test: a private database server, the application, gunicorn, and PHP."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck

from tests import applications
from tests import database_servers as servers
from tests import processes, secrecy
from tests.commands import migrate
from tests.environments import ROOT, environment
from tests.gunicorns import Gunicorn, serve
from tools import private_server
from tools.private_server import Server
from v1.auth import core
from v1.auth.core import Core
from v1.settings import load

NOW = 1_700_000_000
TABLES = ["auth_tokens", "users", "login_throttle", "login_stats", "profiles", "profile_words", "events", "counts"]
EMPTY = "".join(f"DELETE FROM {each};" for each in TABLES)

COST_4 = "$2y$04$CmaSFaeUzyfNCL4czC1qfuXE2agsvV8eiwa5g2ZgVqZFIq4i/1vdu"
"""PHP's hash of "password" at the lowest cost."""


def pytest_configure(config: pytest.Config) -> None:
    """Whatever the suite logs is searched for secrets, and a suite that is killed leaves nothing running."""
    config.pluginmanager.register(secrecy, "secrecy")
    processes.end_with_starter()
    # An example takes as long as it takes: on a busy machine Hypothesis's own limit of 200 ms failed tests.
    hypothesis.settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    hypothesis.settings.load_profile("untimed")


MARKS = {"database_server": "database", "new_server": "database", "chromium": "browser"}
"""The mark of a test that uses the fixture."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests get their marks from the fixtures that they use, directly or by another; none is written by hand."""
    for item in items:
        for name in MARKS.keys() & set(getattr(item, "fixturenames", ())):
            item.add_marker(MARKS[name])
        if vars(item.getparent(pytest.Module).obj).keys() & {"examples", "Case"}:
            item.add_marker("fuzz")


@pytest.fixture(scope="session")
def kept_servers(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where installed servers are kept to be copied: pytest's cache, in which the next run finds them."""
    cache = getattr(pytestconfig, "cache", None)
    return cache.mkdir("servers") if cache else tmp_path_factory.getbasetemp()


@pytest.fixture(scope="session")
def new_server(kept_servers: Path) -> Callable[..., Server]:
    """`new_server(directory, *options)` starts a new server there, without tables; the caller stops it."""

    def start(directory: Path, *options: str) -> Server:
        return servers.start(servers.copy(servers.installed(kept_servers), directory), *options)

    return start


@pytest.fixture(scope="session")
def migrated_directory(kept_servers: Path) -> Path:
    """A directory to copy, of a server that has the tables of today."""
    return servers.migrated(kept_servers, lambda server: migrate(server, "gatepass"))


@pytest.fixture(scope="session")
def database_server(tmp_path_factory: pytest.TempPathFactory, migrated_directory: Path) -> Iterator[Server]:
    """The suite's own server. A test that kills its server takes `own_server`."""
    server = servers.start(servers.copy(migrated_directory, tmp_path_factory.mktemp("server")))
    yield server
    private_server.stop(server)


@pytest.fixture
def own_server(tmp_path: Path, migrated_directory: Path) -> Iterator[Server]:
    """A server that this test may kill and start again: `servers.start(server.directory, port=server.port)`."""
    server = servers.start(servers.copy(migrated_directory, tmp_path / "server"))
    yield server
    private_server.stop(server)
    private_server.end_leftover(server.directory)  # one that the test started again


@pytest.fixture(scope="session")
def migrated(database_server: Server) -> Server:
    migrate(database_server, "gatepass")
    return database_server


@pytest.fixture
def database(migrated: Server) -> Server:
    """The suite's server with the tables of database `gatepass` empty."""
    migrated.sql(EMPTY, "gatepass")
    return migrated


@pytest.fixture
def fresh(database_server: Server) -> Iterator[str]:
    """The name of a new database without tables."""
    name = "gatepass_fresh"
    database_server.sql(f"DROP DATABASE IF EXISTS {name}; CREATE DATABASE {name} CHARACTER SET latin1;")
    yield name
    database_server.sql(f"DROP DATABASE {name}")


def add_user(server: Server, name: str, stored: str = COST_4, database: str = "gatepass") -> int:
    """A user as PHP would insert one: only the old columns are named. The new id."""
    columns = "username, password, creation_time, remote_ip, access_level"
    values = f"_utf8mb4 X'{name.encode().hex()}', _latin1 X'{stored.encode().hex()}', NOW(), '10.0.0.1', 1"
    return int(server.sql(f"INSERT INTO users ({columns}) VALUES ({values}); SELECT LAST_INSERT_ID()", database))


@dataclass
class Clock:
    """Unix seconds that a test moves."""

    now: int = NOW

    def __call__(self) -> int:
        return self.now


MADE: Final[list[Core]] = []
"""What `build_core` has made in this test."""


def build(environ: Mapping[str, str], clock: Callable[[], float] | None = None) -> Flask:
    """An application that ends with its test: its last notes are written, and its connections closed."""
    return applications.lend(environ, clock)


def build_core(environ: Mapping[str, str]) -> Core:
    """The same without an application."""
    MADE.append(core.build(load(environ)))
    return MADE[-1]


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    """Close what the test has built: a later test would be blamed for what it writes or leaves open."""
    yield
    while MADE:
        MADE.pop().close()
    applications.take_all_back()


@dataclass
class Service:
    """The application on the suite's database, with a user `admin` of password `password`."""

    app: Flask
    client: FlaskClient
    server: Server
    clock: Clock
    core: Core = field(init=False)

    def __post_init__(self) -> None:
        self.core = self.app.extensions["gatepass"]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def make_service(database: Server, clock: Clock) -> Iterator[Callable[..., Service]]:
    """Build the application with other settings: `make_service(ERROR_STATUS="http")`."""
    made: list[Service] = []

    def make(**settings: str) -> Service:
        app = build(environment(database, **settings), clock)
        made.append(Service(app, app.test_client(), database, clock))
        return made[-1]

    yield make
    for service in made:
        applications.take_back(service.app)


@pytest.fixture
def service(make_service: Callable[..., Service]) -> Service:
    made = make_service()
    add_user(made.server, "admin")
    return made


@pytest.fixture
def gunicorn(tmp_path: Path) -> Iterator[Callable[..., Gunicorn]]:
    """`gunicorn(server, WORKERS="2")` starts the service for this test; it is stopped afterwards."""
    started: list[Gunicorn] = []

    def start(server: Server, database: str = "gatepass", **given: Any) -> Gunicorn:
        started.append(serve(tmp_path / f"gunicorn-{len(started)}.log", server, database, **given))
        return started[-1]

    yield start
    for running in started:
        running.stop()


def installed(command: str, packages: str) -> str:
    """Where the command is. Without it the test is skipped, but never in CI, which installs these Debian packages."""
    found = shutil.which(command, path=os.environ["PATH"] + ":/usr/sbin:/sbin")
    if found is None:
        assert os.environ.get("CI") != "true", f"CI must have {packages}: see `make test`"
        pytest.skip(f"{command} is not installed: apt-get install {packages}")
    return found


@pytest.fixture(scope="session")
def php() -> str:
    """The PHP command."""
    return installed("php", "php-cli php-mysql")


@pytest.fixture(scope="session")
def curl() -> str:
    """The curl command."""
    return installed("curl", "curl")


@pytest.fixture
def run_php(php: str, tmp_path: Path) -> Callable[..., str]:
    """Run a script of tests/php/ with arguments in its environment; what it printed. Any warning fails it."""

    def run(script: str, server: Server, database: str = "gatepass", **arguments: str) -> str:
        given = {"DB_SOCKET": str(server.socket), "DB_PASSWORD": server.password, "DB_NAME": database, **arguments}
        command = [php, "-d", "display_errors=stderr", "-d", "error_reporting=-1", str(ROOT / "tests/php" / script)]
        environ = {"PATH": os.environ["PATH"], **given}
        done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0 and not done.stderr, done.stdout + done.stderr
        return done.stdout

    return run
