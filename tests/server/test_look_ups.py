"""Look-ups go together while a SELECT is under way, and each gets its own row; trouble stays with its batch."""

import hashlib
import random
import select
import selectors
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from gunicorn.workers.gthread import PollableMethodQueue

from tests.conftest import NOW, build_core, environment
from tests.db.in_line import cut_off, running
from tests.db.two_servers import two_servers, url
from tests.e2e.faults import GENEROUS, SOON, as_root, over_tcp, started_again, until
from tests.e2e.relay import relay
from tests.e2e.test_faults_silence import over
from tests.numbers import numbers
from tools import private_server
from tools.private_server import Server
from v1.auth.core import Core
from v1.db import connections as database_connections
from v1.db import host_watch, hosts
from v1.db.prepared_check import MOST
from v1.errors import DatabaseDown
from v1.server.worker import look_ups
from v1.server.worker.look_ups import Batch, LookUps, Row
from v1.tokens import find

TOKENS = 500
DIGESTS = [hashlib.sha256(str(number).encode()).hexdigest()[:40] for number in range(1, 2 * TOKENS)]
"""Of tokens with ids from 1 on. The second half are digests of no token."""

CHECK = "auth_tokens.check"
LOCK = "LOCK TABLES auth_tokens WRITE"
FILL = f"""
INSERT INTO users (id, username, password, creation_time, remote_ip) VALUES (1, 'admin', 'x', NOW(), '');
INSERT INTO auth_tokens (id, auth_key, user_id, creation_time, expiry, last_access, device_info, remote_ip)
SELECT seq, LEFT(SHA2(seq, 256), 40), 1, 0, {2 * NOW}, {NOW}, '', '' FROM {numbers(TOKENS)};
"""


class Loop:
    """A main loop with nothing but look-ups. Who asks is a number; `found` is what each has got."""

    def __init__(self, core: Core) -> None:
        self.poller, self.queue = selectors.DefaultSelector(), PollableMethodQueue()
        self.queue.init()
        self.poller.register(self.queue.fileno(), selectors.EVENT_READ, self.queue.run_callbacks)
        self.look_ups: LookUps[int] = LookUps(core, self.poller, self.queue.defer)
        self.found: dict[int, Row] = {}
        self.asked: dict[int, str] = {}

    def ask(self, *auth_keys: str) -> list[int]:
        """Ask for each of these. The numbers of those who ask."""
        asking = list(range(len(self.asked), len(self.asked) + len(auth_keys)))
        for number, auth_key in zip(asking, auth_keys, strict=True):
            self.asked[number] = auth_key
            self.look_ups.add(auth_key, number)
        return asking

    def round(self) -> None:
        for key, _ in self.poller.select(min(0.02, self.look_ups.seconds_to_wait())):
            key.data(key.fileobj)
        for number, row in self.look_ups.next_round():
            assert number not in self.found, "answered twice"
            self.found[number] = row

    def run(self, condition: Callable[[], bool], what: str) -> None:
        until(lambda: self.round() or condition(), what)

    def answers(self, numbers: list[int]) -> list[Row]:
        """What these get, once all of them have got something."""
        self.run(lambda: self.found.keys() >= set(numbers), "all are answered")
        return [self.found[number] for number in numbers]

    def are_right(self, numbers: list[int]) -> bool:
        """Whether each of these gets the row of its own digest."""
        ids = [int(row.split(" ")[0]) if isinstance(row, str) else row for row in self.answers(numbers)]
        places = [DIGESTS.index(self.asked[number]) for number in numbers]
        return ids == [place + 1 if place < TOKENS else None for place in places]

    def fail(self, numbers: list[int]) -> bool:
        """Whether each of these gets DatabaseDown."""
        return all(isinstance(row, DatabaseDown) for row in self.answers(numbers))

    def close(self) -> None:
        self.run(lambda: not self.look_ups._connecting, "no connection is being made")
        self.look_ups.close()
        self.poller.close()
        self.queue.close()


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


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next batch waits for the one before."""
    monkeypatch.setattr(look_ups, "PATIENCE_SECONDS", GENEROUS)


def selects(server: Server) -> int:
    """How many prepared SELECTs the server has run."""
    return int(server.sql("SHOW GLOBAL STATUS LIKE 'Com_stmt_execute'").split()[1])


def at_the_server(loop: Loop, server: Server, number: int = 1) -> None:
    """Wait until so many SELECTs are under way there."""
    asked, there = loop.look_ups._under_way, lambda: running(server, CHECK)
    loop.run(lambda: len(asked) == number == there(), f"{number} SELECTs are under way")


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
