"""What several files of end-to-end tests run: a gunicorn, nginx before it, and a browser before its console."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.conftest import EMPTY, Gunicorn, add_user, serve
from tests.e2e import browser, console_data, nginx, streams
from tests.e2e.back_end import BackEnd
from tests.e2e.browser import Pages
from tests.e2e.console import OWNER, Console
from tests.e2e.nginx import Nginx, Site
from tests.e2e.streams import Streams
from tools.private_server import Server


@pytest.fixture(scope="module")
def file_service(
    migrated: Server, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Gunicorn]:
    """One gunicorn for all tests of a file, with the SETTINGS that it names."""
    settings = getattr(request.module, "SETTINGS", {})
    running = serve(tmp_path_factory.mktemp("file") / "gunicorn.log", migrated, **settings)
    yield running
    running.stop()


@pytest.fixture
def admin(database: Server) -> Server:
    """The suite's database with one user, `admin`."""
    add_user(database, "admin")
    return database


@pytest.fixture
def running(file_service: Gunicorn, admin: Server) -> Gunicorn:
    """The gunicorn of the file, on a database with one user, `admin`."""
    return file_service


@pytest.fixture(scope="module")
def file_site(
    migrated: Server, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Site]:
    """One nginx before a back end and such a gunicorn, for all tests of a file."""
    with nginx.site(tmp_path_factory.mktemp("file"), migrated, **getattr(request.module, "SETTINGS", {})) as made:
        yield made


@pytest.fixture
def site(file_site: Site, admin: Server) -> Site:
    """The same, on a database with one user, `admin`; the back end has seen nothing yet."""
    file_site.guarded.seen.clear()
    return file_site


@pytest.fixture
def front(site: Site) -> Nginx:
    return site.nginx


@pytest.fixture
def guarded(site: Site) -> BackEnd:
    return site.guarded


@pytest.fixture(scope="module")
def guard(migrated: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Streams]:
    """One nginx over a folder of streams, and the gunicorn that it asks, for all tests of a file."""
    nginx.command()
    place = tmp_path_factory.mktemp("streams")
    gatepass = serve(place / "gatepass.log", migrated, TRUSTED_PROXIES="127.0.0.1/32")
    try:
        with streams.running(place, gatepass.port) as made:
            yield Streams(made, gatepass)
    finally:
        gatepass.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for all tests of this process."""
    with browser.chromium() as running:
        yield running


@pytest.fixture
def pages(chromium: Browser) -> Iterator[Pages]:
    """`pages.new(gunicorn.port, size="phone")` makes a page. Whatever goes wrong on one fails the test at its end, but
    for what the test says it expects: `pages.allow(404)`."""
    with browser.checked(chromium) as made:
        yield made


@pytest.fixture
def console(file_service: Gunicorn, database: Server, pages: Pages) -> Console:
    """The console with one user, OWNER, and browsers that watch what goes wrong."""
    made = Console(file_service, database, pages)
    made.add(OWNER)
    return made


@pytest.fixture(scope="module")
def filled(migrated: Server) -> Iterator[Server]:
    """The suite's database with made-up rows, for all tests of a file that empties it nowhere."""
    migrated.sql(EMPTY, "gatepass")
    console_data.fill(migrated, int(time.time()))
    yield migrated
    migrated.sql(EMPTY, "gatepass")


@pytest.fixture
def full_console(file_service: Gunicorn, filled: Server, pages: Pages) -> Console:
    """The console on it."""
    return Console(file_service, filled, pages)
