"""What operations on a token say when the database dies midway, or its answer is lost: come again. Nothing is lost."""

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.e2e.faults import GENEROUS, SOON, service_on, started_again, statements_running, until
from tests.e2e.relay import Relay
from tests.e2e.test_faults_silence import over, way
from tests.e2e.token_operations import (
    KILLS_OTHER,
    KILLS_OWN,
    OPERATIONS,
    WRITERS,
    all_at_once,
    busy,
    each_works,
    people,
)
from tools import private_server
from tools.private_server import Server
from v1.auth.write_behind import WriteBehind
from v1.db.connections import Connections
from v1.db.pool import Database

__all__ = ["way"]


def test_a_database_killed_between_two_statements_of_any_operation_loses_nothing(
    own_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    of = people(own_server, service_on(own_server))
    http = service_on(own_server, ERROR_STATUS="http").application
    two_statements = OPERATIONS.keys() - {"verify"}
    with monkeypatch.context() as patch:
        after_first_read(patch, len(two_statements), lambda: private_server.stop(own_server, kill=True))
        answers = all_at_once(of, two_statements)
    assert all(busy(operation, answer) for operation, answer in answers.items())
    for app in (None, http):  # and of those that begin now
        for operation, person in of.items():
            answer = replace(person, app=app or person.app).do(operation)
            assert busy(operation, answer, http=app is http)

    with started_again(own_server):
        each_works(of)


def after_first_read(patch: pytest.MonkeyPatch, threads: int, happen: Callable[[], object]) -> None:
    """Once so many threads have read something each, it happens before any of them goes on."""
    read = Database.read
    seen, all_have = threading.local(), threading.Barrier(threads, happen, timeout=GENEROUS)

    def reading(self: Database, name: str, /, **values: object) -> object:
        rows = read(self, name, **values)
        if not hasattr(seen, "it"):
            seen.it = all_have.wait()
        return rows

    patch.setattr(Database, "read", reading)


def test_a_revocation_whose_outcome_never_came_back_may_be_done_and_can_be_repeated(
    database: Server, way: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WriteBehind, "_start", lambda self: None)  # else its thread waits at the barrier, too
    of = people(database, service_on(database, DATABASE_URL=over(way, database), **SOON))
    with monkeypatch.context() as patch:
        take = Connections.take
        all_have = threading.Barrier(len(WRITERS), lambda: swallow_answers(way), timeout=GENEROUS)

        def taking(self: Connections, tried: bool) -> object:
            connection = take(self, tried)
            if tried:
                all_have.wait()
            return connection

        patch.setattr(Connections, "take", taking)
        assert all(busy(operation, answer) for operation, answer in all_at_once(of, WRITERS).items())

    until(lambda: statements_running(database) == 0, "the server is through")
    again = {operation: of[operation].do(operation) for operation in sorted(WRITERS)}
    for operation, code in {"revoke one": "3404", "revoke all": "1403", "log out": "1403"}.items():
        assert again[operation].json["errors"]["code"] == code  # it was done
    assert again["revoke others"].json["data"] == {"revoked": 0}
    assert [again[operation].status_code for operation in ("revoke a token", "revoke a user")] == [200, 200]
    for operation in WRITERS:
        assert of[operation].alive() == (operation not in KILLS_OWN, operation not in KILLS_OTHER), operation


def swallow_answers(way: Relay) -> None:
    """What is sent on its connections arrives, and no answer comes back."""
    way.silent = way.ends[1::2]
