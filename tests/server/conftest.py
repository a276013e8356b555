"""Loops of look-ups for the tests of the server."""

from collections.abc import Callable, Iterator

import pytest

from tests.conftest import build_core, environment
from tests.server.lookup_loop import DIGESTS, FILL, Loop
from tools.private_server import Server


@pytest.fixture
def loop_on() -> Iterator[Callable[..., Loop]]:
    """`loop_on(server, SETTING="1")` makes a loop on this server, with the rows."""
    made: list[Loop] = []

    def make(server: Server, **settings: str) -> Loop:
        server.sql(FILL, "gatepass")
        made.append(Loop(build_core(environment(server, **settings))))
        return made[-1]

    yield make
    for loop in made:
        loop.close()


@pytest.fixture
def loop(database: Server, loop_on: Callable[..., Loop]) -> Loop:
    """A loop with a connection."""
    made = loop_on(database)
    assert made.are_right(made.ask(DIGESTS[0]))
    return made
