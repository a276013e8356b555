"""How long a login holds its place in the line: until its token is there."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from tests.auth.guessing import MakeService
from tests.conftest import Service, add_user
from tests.db.in_line import wait_for
from tests.doors.contract.login_door import tokens_kept
from tests.doors.contract.meanwhile import before_the_token, set_password
from tests.doors.mobile.test_oauth import code, log_in
from tests.e2e.faults import as_root
from v1.errors import Busy
from v1.passwords.hashing_threads import Hashing


def test_a_login_that_stalls_at_its_token_leaves_the_other_threads_free(make_service: MakeService) -> None:
    service = make_service(THREADS="3")  # one for logins
    add_user(service.server, "admin")
    answers: list[str | None] = []
    with as_root(service.server) as run:
        run("LOCK TABLES auth_tokens READ")
        first = threading.Thread(target=lambda: answers.append(code(log_in(service))))
        first.start()
        wait_for(service.server, "auth_tokens.add")
        second = log_in(service)
        assert (code(second), second.headers["Retry-After"]) == ("5501", "2")
        assert not answers, "the first is still there"
        run("UNLOCK TABLES")
        first.join()
    assert answers == [None]
    assert code(log_in(service)) is None


def test_a_login_holds_its_place_for_its_second_look_as_well(
    make_service: MakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = make_service(THREADS="3")
    add_user(service.server, "admin")
    look, answers = service.core.tables.users.password, list[str | None]()

    def looking(user_id: int) -> object:
        answers.append(code(log_in(service)))
        return look(user_id)

    monkeypatch.setattr(type(service.core.tables.users), "password", lambda _, user_id: looking(user_id))
    assert code(log_in(service)) is None
    assert answers == ["5501"]


def test_a_login_that_gets_no_turn_for_its_second_look_leaves_no_token(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The password was changed meanwhile, and the hashing threads are busy when it is checked again."""
    before_the_token(monkeypatch, lambda: set_password(service, "another one"))
    run, turns = Hashing.run, []

    def busy(self: Hashing, work: Callable[[], Any]) -> Any:
        turns.append(work)
        if len(turns) > 1:
            raise Busy
        return run(self, work)

    monkeypatch.setattr(Hashing, "run", busy)
    assert code(log_in(service)) == "5501" and len(turns) == 2
    assert tokens_kept(service) == 0
