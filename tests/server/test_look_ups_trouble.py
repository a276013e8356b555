"""Look-ups while a database server stalls, stops or is lost: others go on, and later ones are answered."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.db.two_servers import two_servers, url
from tests.e2e.faults import GENEROUS, SOON, over_tcp, started_again, until
from tests.e2e.relay import relay
from tests.e2e.test_faults_silence import over
from tests.server.lookup_loop import DIGESTS, FILL, Loop
from tools import private_server
from tools.private_server import Server
from v1.db import connections as database_connections
from v1.db import host_watch, hosts
from v1.db.prepared_check import MOST


def test_a_host_that_is_killed_is_left_and_an_outdated_connection_closed(
    tmp_path: Path, migrated_directory: Path, monkeypatch: pytest.MonkeyPatch, loop_on: Callable[..., Loop]
) -> None:
    monkeypatch.setattr(hosts, "RETURN_SECONDS", (0.0, 0.0))
    monkeypatch.setattr(host_watch, "ANSWER_SECONDS", GENEROUS)
    monkeypatch.setattr(database_connections, "FIRST_CONNECT_SECONDS", GENEROUS)
    with two_servers(tmp_path, migrated_directory) as pair:
        pair[1].sql("DELETE FROM users", "gatepass")
        pair[1].sql(FILL, "gatepass")
        pair[0].sql("DELETE FROM users", "gatepass")
        loop = loop_on(pair[0], DATABASE_URL=url(pair[0].port, pair[1].port))
        assert loop.are_right(loop.ask(*DIGESTS[:10]))
        private_server.stop(pair[0], kill=True)
        assert loop.are_right(loop.ask(*DIGESTS[10:20]))
        (second,) = loop.look_ups._idle
        with started_again(pair[0]):
            until(lambda: not second.is_current(), "the first host is used again")
            assert loop.are_right(loop.ask(*DIGESTS[20:30]))
            assert second.fileno() == -1


def test_a_select_that_stalls_holds_up_the_others_for_a_moment(database: Server, loop_on: Callable[..., Loop]) -> None:
    with relay(database.port) as way:
        loop = loop_on(database, DATABASE_URL=over(way, database), **SOON)
        assert loop.are_right(loop.ask(DIGESTS[0]))
        way.fall_silent()
        stalled = loop.ask(*DIGESTS[:3])
        loop.round()
        for _ in range(3):
            assert loop.are_right(loop.ask(*DIGESTS[:5]))
        assert loop.fail(stalled)


def test_a_server_that_was_started_anew_is_noticed_by_nobody(
    own_server: Server, loop_on: Callable[..., Loop]
) -> None:
    loop = loop_on(own_server, **over_tcp(own_server))
    assert loop.are_right(loop.ask(DIGESTS[0]))
    private_server.stop(own_server)
    with started_again(own_server):
        assert loop.are_right(loop.ask(*DIGESTS[:5]))


def test_without_a_server_all_who_wait_fail_and_later_ones_are_answered(
    own_server: Server, loop_on: Callable[..., Loop]
) -> None:
    loop = loop_on(own_server, **over_tcp(own_server))
    private_server.stop(own_server, kill=True)
    for _ in range(2):
        assert loop.fail(loop.ask(*random.choices(DIGESTS, k=3 * MOST)))
    with started_again(own_server):
        assert loop.are_right(loop.ask(*DIGESTS[:5]))
