"""What is written outside requests: a token's last use at most once a minute, and the counts of logins."""

import threading
import weakref
from collections.abc import Callable, Iterator
from hashlib import sha1
from typing import Any

import pytest

from tests.conftest import NOW, Server, Service
from tests.e2e.faults import GENEROUS, until
from tests.numbers import numbers
from v1.auth import write_behind
from v1.auth.write_behind import WriteBehind
from v1.db.connections import Connections
from v1.db.pool import Database
from v1.errors import DatabaseDown

MINUTE = write_behind.LAST_ACCESS_SECONDS
TOKEN = "ab" * 20
DIGEST = sha1(TOKEN.encode()).hexdigest()


@pytest.fixture
def by_hand(service: Service, monkeypatch: pytest.MonkeyPatch) -> Service:
    """A service with a session of TOKEN; its notes are written when the test says so."""
    monkeypatch.setattr(WriteBehind, "_start", lambda self: None)
    add_sessions(service.server, f"SELECT '{DIGEST}' AS auth_key")
    return service


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, dict[str, Any]]]]:
    """The statements that write, in their order."""
    seen: list[tuple[str, dict[str, Any]]] = []
    write = Database.write

    def watched(self: Database, name: str, /, **values: Any) -> Any:
        seen.append((name, values))
        return write(self, name, **values)

    monkeypatch.setattr(Database, "write", watched)
    yield seen


def add_sessions(server: Server, digests: str) -> None:
    """Sessions of `admin`, last used at NOW, of the digests that a SELECT gives as `auth_key`."""
    server.sql(
        "INSERT INTO auth_tokens (auth_key, user_id, creation_time, expiry, last_access, device_info)"
        f" SELECT auth_key, users.id, {NOW}, {NOW + 2_592_000}, {NOW}, 'x' FROM users, ({digests}) AS digests",
        "gatepass",
    )


def last_access(service: Service) -> int:
    return int(service.server.sql(f"SELECT last_access FROM auth_tokens WHERE auth_key = '{DIGEST}'", "gatepass"))


def use(service: Service, at: int, write: bool = True) -> int:
    """Present the token `at` seconds after it was last used, and see what is stored then."""
    service.clock.now = NOW + at
    assert service.client.get("/v1/verify/", headers={"Authorization": f"Token {TOKEN}"}).status_code == 200
    if write:
        service.core.write_behind.write()
    return last_access(service) - NOW


def stats(server: Server) -> list[str]:
    return server.sql("SELECT * FROM login_stats ORDER BY hour, door, outcome", "gatepass").splitlines()


def test_within_the_minute_nothing_is_written_and_after_it_once(by_hand: Service, written: list) -> None:
    assert [use(by_hand, at) for at in (0, 1, MINUTE - 1)] == [0, 0, 0]
    assert written == []
    assert [use(by_hand, at) for at in (MINUTE, MINUTE + 1, 2 * MINUTE - 1, 2 * MINUTE)] == [60, 60, 60, 120]
    assert [name for name, _ in written] == ["auth_tokens.touch"] * 2


def test_the_check_itself_writes_nothing_and_many_checks_are_one_note(by_hand: Service, written: list) -> None:
    assert [use(by_hand, MINUTE + at, write=False) for at in range(5)] == [0] * 5
    assert written == []
    by_hand.core.write_behind.write()
    assert last_access(by_hand) == NOW + MINUTE + 4
    assert len(written) == 1


def test_many_tokens_are_marked_by_one_statement_and_very_many_by_few(by_hand: Service, written: list) -> None:
    add_sessions(by_hand.server, f"SELECT seq AS auth_key FROM {numbers(250)}")
    by_hand.clock.now = NOW + MINUTE
    tokens = by_hand.server.sql("SELECT id FROM auth_tokens", "gatepass").split()
    by_hand.core.write_behind._used.update(map(int, tokens))
    by_hand.core.write_behind.write()
    assert [len(values["ids"]) for _, values in written] == [100, 100, 51]
    count = f"SELECT COUNT(*) FROM auth_tokens WHERE last_access = {NOW + MINUTE}"
    assert by_hand.server.sql(count, "gatepass") == "251\n"


def test_a_refused_token_is_not_noted(by_hand: Service) -> None:
    by_hand.clock.now = NOW + MINUTE
    headers = {"Authorization": f"Token {TOKEN}"}
    assert by_hand.client.post("/v1/oauth/introspect/", headers=headers).status_code == 401
    by_hand.core.write_behind.write()
    assert last_access(by_hand) == NOW


def test_while_the_database_is_down_the_notes_are_kept(by_hand: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    use(by_hand, MINUTE, write=False)
    by_hand.core.write_behind.login("oauth", "ok")
    with monkeypatch.context() as patch:
        patch.setattr(Connections, "take", down)
        by_hand.core.write_behind.write()
        by_hand.core.write_behind.write()
        by_hand.core.write_behind.login("oauth", "ok")
    by_hand.core.write_behind.write()
    by_hand.core.write_behind.write()
    assert last_access(by_hand) == NOW + MINUTE
    assert [line.split("\t")[1:] for line in stats(by_hand.server)] == [["oauth", "ok", "2"]]


def down(*_: object) -> None:
    raise DatabaseDown(2003, "no server")


def test_notes_are_bounded_while_the_database_is_down(by_hand: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write_behind, "MAX_KEPT", 1)
    by_hand.core.write_behind._used.add(1)
    use(by_hand, MINUTE, write=False)
    assert by_hand.core.write_behind._used == {1}


def test_logins_are_counted_by_hour_door_and_outcome(by_hand: Service) -> None:
    for at, password in ((0, "password"), (1, "wrong"), (2, "password"), (3600, "wrong"), (3601, "wrong")):
        by_hand.clock.now = NOW + at
        by_hand.client.post("/v1/oauth/", data={"username": "admin", "password": password})
    by_hand.core.write_behind.write()
    first, second = "2023-11-14 22:00:00\toauth\t", "2023-11-14 23:00:00\toauth\t"
    assert stats(by_hand.server) == [first + "failed\t1", first + "ok\t2", second + "failed\t2"]
    by_hand.core.write_behind.login("oauth", "failed")
    by_hand.core.write_behind.write()
    assert stats(by_hand.server)[-1] == second + "failed\t3"


def test_a_request_that_misses_its_fields_is_no_login(by_hand: Service) -> None:
    by_hand.client.post("/v1/oauth/", data={"username": "admin"})
    by_hand.core.write_behind.write()
    assert stats(by_hand.server) == []


def test_the_thread_writes_by_itself_and_outlives_an_error(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write_behind, "PAUSE_SECONDS", 0.02)
    add_sessions(service.server, f"SELECT '{DIGEST}' AS auth_key")
    with monkeypatch.context() as patch:
        tried: list[int] = []
        patch.setattr(WriteBehind, "write", lambda self: tried.append(1) or 1 / 0)
        use(service, MINUTE, write=False)
        until(lambda: len(tried) > 1, "it has outlived an error")
    until(lambda: last_access(service) == NOW + MINUTE, "it has written")


class Pauses(list[float]):
    """Stands for the event that ends the thread: notes how long each pause was to be, and calls `then` instead."""

    def __init__(self, then: Callable[[int], bool]) -> None:
        self.then = then

    def wait(self, seconds: float) -> bool:
        self.append(seconds)
        return self.then(len(self))


def test_the_pause_doubles_with_every_failure_up_to_a_minute_and_nothing_is_lost(by_hand: Service) -> None:
    """The server refuses one of the two cells: the other one is written every time, and not counted again."""
    notes, server = by_hand.core.write_behind, by_hand.server
    broken = "CREATE TRIGGER broken BEFORE INSERT ON login_stats FOR EACH ROW"
    broken += " IF NEW.outcome = 'ok' THEN SIGNAL SQLSTATE '45000'; END IF"

    def then(number: int) -> bool:
        if number in (1, 10):
            server.sql(broken, "gatepass")
        if number in (8, 12):
            server.sql("DROP TRIGGER broken", "gatepass")
        for outcome in ("failed", "ok"):
            notes.login("oauth", outcome)
        return number == 13

    use(by_hand, MINUTE, write=False)
    pauses = Pauses(then)
    try:
        write_behind._write_until_ended(weakref.ref(notes), pauses)  # type: ignore[arg-type]
    finally:
        server.sql("DROP TRIGGER IF EXISTS broken", "gatepass")
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 1, 1, 2, 4, 1]
    assert (write_behind.PAUSE_SECONDS, write_behind.LONGEST_PAUSE_SECONDS) == (1, 60)
    assert [line.split("\t")[1:] for line in stats(server)] == [["oauth", "failed", "12"], ["oauth", "ok", "12"]]
    notes.close()  # the notes of the last pause
    assert [line.split("\t")[3] for line in stats(server)] == ["13", "13"]
    assert last_access(by_hand) == NOW + MINUTE


def test_what_an_unforeseen_error_kept_is_written_later(by_hand: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    write_behind, stats = by_hand.core.write_behind, by_hand.core.tables.login_stats
    write_behind.login("oauth", "ok")
    write_behind.login("oauth", "failed")
    with monkeypatch.context() as patch:
        patch.setattr(type(stats), "add", lambda *given: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            write_behind.write()
    assert write_behind.write()
    written = by_hand.server.sql("SELECT outcome, logins FROM login_stats ORDER BY outcome", "gatepass")
    assert written.split() == ["failed", "1", "ok", "1"]


def test_whoever_writes_waits_for_what_is_being_written(by_hand: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    ahead, begun, behind = by_hand.core.write_behind, threading.Event(), threading.Event()
    add, waiting = Database.write, threading.Event()

    def held(self: Database, name: str, /, **values: Any) -> Any:
        if not begun.is_set():
            begun.set()
            assert waiting.wait(GENEROUS)
        return add(self, name, **values)

    monkeypatch.setattr(Database, "write", held)
    ahead.login("oauth", "ok")
    threads = [threading.Thread(target=ahead.write), threading.Thread(target=lambda: ahead.write() and behind.set())]
    threads[0].start()
    assert begun.wait(GENEROUS)
    threads[1].start()
    assert not behind.wait(0.2), "the first has not written yet"
    waiting.set()
    for thread in threads:
        thread.join()
    assert behind.is_set() and len(stats(by_hand.server)) == 1
