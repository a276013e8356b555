"""The hashing threads: they run only hashes, at a lower priority; and the answer to a login beyond the queue."""

import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.conftest import Service, add_user
from tests.e2e.faults import GENEROUS, log_in, while_hashing
from v1.db.pool import Database
from v1.observe.logs import JsonLines
from v1.passwords.hashes import Passwords
from v1.passwords.hashing_threads import NICER, Hashing


def test_hashing_threads_run_nothing_but_hashes(
    make_service: Callable[..., Service], monkeypatch: pytest.MonkeyPatch
) -> None:
    service = make_service(BCRYPT_COST="5")  # over that of the stored hash: a login hashes anew
    add_user(service.server, "admin")
    hashed: set[int] = set()
    others = {threading.get_ident()}
    for name in ("check", "hash"):
        spy(monkeypatch, Passwords, name, hashed)
    for owner, name in ((Database, "read"), (Database, "write"), (JsonLines, "format")):
        spy(monkeypatch, owner, name, others)
    assert [log_in(service.client, name).code for name in ("admin", "admin", "nobody")] == ["ok", "ok", "1142"]
    assert hashed and not hashed & others


def spy(monkeypatch: pytest.MonkeyPatch, owner: type, name: str, threads: set[int]) -> None:
    """Note on which threads this runs from now on."""
    real = getattr(owner, name)

    def noting(*args: object, **values: object) -> object:
        threads.add(threading.get_ident())
        return real(*args, **values)

    monkeypatch.setattr(owner, name, noting)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a thread has no priority of its own")
def test_a_hash_runs_at_a_lower_priority_and_its_caller_does_not() -> None:
    before = priority()
    assert [Hashing(1, 1, GENEROUS).run(priority) for _ in range(2)] == [before + NICER] * 2
    assert priority() == before


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a thread has no priority of its own")
def test_hashing_works_where_the_priority_cannot_be_lowered(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: int) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "setpriority", refuse)
    line = Hashing(2, 2, GENEROUS)
    assert [line.run(priority) for _ in range(3)] == [priority()] * 3


def priority() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


@pytest.mark.parametrize(("mode", "status"), [("php", 200), ("http", 503)])
@pytest.mark.parametrize("threads", ["3", "4"], ids=["the line is full", "the line does not move"])
def test_a_login_beyond_the_queue_is_5501_and_does_not_count_as_a_failed_login(
    make_service: Callable[..., Service], monkeypatch: pytest.MonkeyPatch, mode: str, status: int, threads: str
) -> None:
    """With three threads one login is let in; with four two, of which one waits its second in vain."""
    line = {"THREADS": threads, "HASH_THREADS": "1", "HASH_WAIT_SECONDS": "1"}
    service = make_service(ERROR_STATUS=mode, THROTTLE_PAIR="1", **line)
    add_user(service.server, "admin")
    begun, go = threading.Event(), threading.Event()
    with ThreadPoolExecutor(1) as other, monkeypatch.context() as patch:
        while_hashing(patch, lambda: (begun.set(), go.wait(GENEROUS)))
        login = other.submit(log_in, service.app.test_client())
        assert begun.wait(GENEROUS)
        refused = [log_in(service.client) for _ in range(3)]
        go.set()
        assert login.result().code == "ok"

    assert {(each.status, each.code, each.headers["Retry-After"]) for each in refused} == {(status, "5501", "2")}
    assert service.server.sql("SELECT * FROM login_throttle", "gatepass") == ""
    assert log_in(service.client).code == "ok"
    service.core.write_behind.write()
    counts = service.server.sql("SELECT outcome, logins FROM login_stats ORDER BY outcome", "gatepass")
    assert counts.split() == ["busy", "3", "ok", "2"]
