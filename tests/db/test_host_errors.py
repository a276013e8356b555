"""What is done after an error of one of several database hosts: once more there, once at another host, or nothing."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.db.proxy import answering, error
from tests.db.two_servers import add, added, two_servers, used
from tools.private_server import Server
from v1.db import pool as pool_module
from v1.db.pool import Database
from v1.errors import DatabaseDown

REFUSED = [1290, 1836, 1047]
UNKNOWN = [1053, 3100, 3796, 3797, 1205, 2013, 1927]
CONFLICTS = [1213, 1467, 3101]
LEFT = [1047, 1053, 3100, 3796, 3797]
LOST = [2013, 1927, 3169, 4031]

ADD = "/* login_stats.add */"
READ = "/* users.page_by_name */"


@pytest.fixture(scope="module")
def lasting(
    tmp_path_factory: pytest.TempPathFactory, migrated_directory: Path
) -> Iterator[tuple[Server, Server]]:
    """Two servers for tests that change nothing but rows of login_stats."""
    with two_servers(tmp_path_factory.mktemp("lasting"), migrated_directory) as made:
        yield made


@pytest.fixture
def calm(lasting: tuple[Server, Server]) -> tuple[Server, Server]:
    """The same, before the first write."""
    for server in lasting:
        server.sql("DELETE FROM login_stats", "gatepass")
    return lasting


@pytest.mark.parametrize("number", REFUSED)
def test_a_write_that_was_refused_is_done_once_at_another_host(
    number: int, calm: tuple[Server, Server], open_pool: Callable[..., Database]
) -> None:
    with answering(calm[0], {ADD: error(number, "refused")}) as port, closing(open_pool(port, calm[1].port)) as pool:
        assert used(pool) == "first"
        assert add(pool) and used(pool) == "second"
        assert added(calm) == [0, 1]


@pytest.mark.parametrize("number", UNKNOWN)
def test_a_write_that_may_have_been_done_is_an_error(
    number: int, calm: tuple[Server, Server], open_pool: Callable[..., Database]
) -> None:
    with answering(calm[0], {ADD: error(number, "who knows")}) as port, closing(open_pool(port, calm[1].port)) as pool:
        assert used(pool) == "first"
        with pytest.raises(DatabaseDown) as caught:
            add(pool)
        assert caught.value.number == number and added(calm) == [0, 0]


@pytest.mark.parametrize("number", CONFLICTS)
def test_a_write_that_was_rolled_back_is_repeated_at_the_same_host(
    number: int, calm: tuple[Server, Server], open_pool: Callable[..., Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A batch of a purge may lose 21 conflicts in a row. Of 60 nothing is noticed; a write that loses all fails."""
    answers, pauses = {ADD: error(number, "rolled back")}, []

    def paused(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 60:
            answers.clear()

    monkeypatch.setattr(pool_module, "time", SimpleNamespace(sleep=paused))
    with answering(calm[0], answers) as port, closing(open_pool(port, calm[1].port)) as pool:
        assert used(pool) == "first"
        assert add(pool) and added(calm) == [1, 0]
        assert len(pauses) == 60 and max(pauses) <= 0.04
        answers[ADD] = error(number, "rolled back")
        with pytest.raises(DatabaseDown):
            add(pool)
        assert added(calm) == [1, 0]


@pytest.mark.parametrize("number", LEFT)
def test_a_read_is_repeated_at_another_host(
    number: int, calm: tuple[Server, Server], open_pool: Callable[..., Database]
) -> None:
    answers: dict[str, bytes] = {}
    with answering(calm[0], answers) as port, closing(open_pool(port, calm[1].port)) as pool:
        assert used(pool) == "first"
        answers[READ] = error(number, "not here")
        assert used(pool) == "second"


@pytest.mark.parametrize("number", LOST)
def test_a_read_that_loses_every_connection_is_an_error(
    number: int, calm: tuple[Server, Server], open_pool: Callable[..., Database]
) -> None:
    """The host answers each time that it is connected to, so it is not left."""
    answers: dict[str, bytes] = {}
    with answering(calm[0], answers) as port, closing(open_pool(port, calm[1].port)) as pool:
        assert used(pool) == "first"
        answers[READ] = error(number, "lost")
        with pytest.raises(DatabaseDown):
            used(pool)
        answers.clear()
        assert used(pool) == "first"
