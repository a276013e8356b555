"""The browser of the end-to-end tests, and the console that it looks at."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.conftest import EMPTY, Gunicorn, add_user, serve
from tests.e2e import browser, console_data
from tests.e2e.browser import Pages
from tests.e2e.console import OWNER, Console
from tools.private_mariadb import Server


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
