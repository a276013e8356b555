"""Look-ups go together while a SELECT is under way, and each gets its own row; trouble stays with its batch."""

import random
import select
import socket
import threading

import pytest

from tests.db.in_line import cut_off, running
from tests.e2e.faults import GENEROUS, as_root, until
from tests.server.lookup_loop import CHECK, DIGESTS, Loop, at_the_server
from tools.private_server import Server
from v1.db.prepared_check import MOST
from v1.server.worker import look_ups
from v1.server.worker.look_ups import Batch
from v1.tokens import find

LOCK = "LOCK TABLES auth_tokens WRITE"


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next batch waits for the one before."""
    monkeypatch.setattr(look_ups, "PATIENCE_SECONDS", GENEROUS)


def selects(server: Server) -> int:
    """How many prepared SELECTs the server has run."""
    return int(server.sql("SHOW GLOBAL STATUS LIKE 'Com_stmt_execute'").split()[1])


@pytest.mark.usefixtures("patient")
def test_those_that_come_meanwhile_go_together_and_each_gets_its_own(loop: Loop, database: Server) -> None:
    before = selects(database)
    with as_root(database) as root:
        root(LOCK)
        first = loop.ask(DIGESTS[7])
        at_the_server(loop, database)
        others = loop.ask(*DIGESTS[:10], DIGESTS[3], *DIGESTS[-10:])
        loop.round()
    assert loop.are_right(first + others)
    assert selects(database) - before == 2


@pytest.mark.usefixtures("patient")
def test_any_number_at_once_gets_what_is_asked_for(loop: Loop, database: Server) -> None:
    before = selects(database)
    assert loop.are_right(loop.ask(*random.choices(DIGESTS, k=10 * MOST + 1)))
    assert selects(database) - before == 11


@pytest.mark.usefixtures("patient")
def test_a_token_revoked_before_the_question_is_not_found(loop: Loop, database: Server) -> None:
    """Although a SELECT that has found it is under way: its rows are here, and were not read yet."""
    first = loop.ask(DIGESTS[0])
    loop.look_ups.next_round()
    (connection,) = loop.look_ups._under_way
    assert select.select([connection], [], [], GENEROUS)[0]
    database.sql("DELETE FROM auth_tokens WHERE id = 1", "gatepass")
    second = loop.ask(DIGESTS[0])
    assert loop.are_right(first) and loop.answers(second) == [None]


@pytest.mark.usefixtures("patient")
def test_an_error_fails_its_batch_alone(loop: Loop, database: Server) -> None:
    with as_root(database) as root:
        root(LOCK)
        failing = loop.ask(*DIGESTS[:3])
        at_the_server(loop, database)
        others = loop.ask(*DIGESTS[:5])
        database.sql(f"KILL QUERY {connections(database)[0]}")
        assert loop.fail(failing) and not loop.found.keys() & set(others)
    assert loop.are_right(others)


def connections(server: Server) -> list[str]:
    """The connections that are at the check."""
    like = f"info LIKE '/* {CHECK} */%'"
    return server.sql(f"SELECT id FROM information_schema.processlist WHERE {like}").split()


def test_look_ups_of_a_lost_connection_are_repeated_and_not_for_ever(loop: Loop, database: Server) -> None:
    with as_root(database) as root:
        root(LOCK)
        asked = loop.ask(*DIGESTS[:3])
        for _ in range(look_ups.REPEATS):
            at_the_server(loop, database)
            cut_off(database, CHECK)
        at_the_server(loop, database)
    assert loop.are_right(asked)
    with as_root(database) as root:
        root(LOCK)
        asked = loop.ask(*DIGESTS[:3])
        for _ in range(look_ups.REPEATS + 1):
            at_the_server(loop, database)
            cut_off(database, CHECK)
        assert loop.fail(asked)
    assert loop.are_right(loop.ask(DIGESTS[5]))


def test_a_lock_takes_a_few_connections_without_a_spinning_loop_and_one_is_kept(
    loop: Loop, database: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(look_ups, "MOST_CONNECTIONS", 3)
    before = open_connections(database)
    with as_root(database) as root:
        root(LOCK)
        asked = []
        for number in (1, 2, 3):
            asked += loop.ask(*DIGESTS[:3])
            at_the_server(loop, database, number)
        asked += loop.ask(*DIGESTS[:3])
        monkeypatch.setattr(look_ups, "PATIENCE_SECONDS", 0.0)
        for _ in range(3):  # in each of which another batch would start
            loop.round()
        assert running(database, CHECK) == 3
        assert loop.look_ups.seconds_to_wait() > 0
    assert loop.are_right(asked)
    until(lambda: open_connections(database) == before, "the others are closed")
    assert loop.are_right(loop.ask(DIGESTS[5]))


def test_the_loop_does_not_spin_while_a_second_connection_is_made(
    loop: Loop, database: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, connect = threading.Event(), find.prepared_check
    monkeypatch.setattr(find, "prepared_check", lambda core, causal: made.wait(GENEROUS) and connect(core, causal))
    with as_root(database) as root:
        root(LOCK)
        asked = loop.ask(DIGESTS[0])
        at_the_server(loop, database)
        asked += loop.ask(DIGESTS[1])
        loop.run(lambda: loop.look_ups._connecting, "it connects")
        assert loop.look_ups.seconds_to_wait() > 0
        made.set()
        at_the_server(loop, database, 2)
    assert loop.are_right(asked)


def open_connections(server: Server) -> int:
    return int(server.sql("SELECT COUNT(*) FROM information_schema.processlist WHERE user = 'gatepass'"))


def test_a_batch_that_cannot_be_sent_is_repeated_at_once(loop: Loop) -> None:
    """The main loop does not wait for an event before."""
    asked = loop.ask(*DIGESTS[:3])
    (connection,) = loop.look_ups._idle
    connection._socket.shutdown(socket.SHUT_WR)
    assert loop.look_ups.next_round() == [] and not loop.look_ups._under_way
    assert loop.look_ups.seconds_to_wait() == 0
    assert loop.are_right(asked)


def test_an_idle_connection_is_used_while_another_is_being_made(loop: Loop, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long that takes, and although a third one stalls."""
    monkeypatch.setattr(look_ups, "PATIENCE_SECONDS", 0.0)
    asked = loop.ask(*DIGESTS[:3])
    stalled = Batch([], loop.look_ups._waiting[0].since)
    monkeypatch.setattr(loop.look_ups, "_connecting", True)
    monkeypatch.setitem(loop.look_ups._under_way, object(), stalled)
    assert loop.are_right(asked)
