"""What DeviceHive's door answers to a request during which its user or its token goes away, and what is left of it."""

from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.conftest import COST_4, Service, add_user
from tests.doors.devicehive.hive import (
    MINTING,
    Pair,
    access,
    add_admin,
    change,
    create,
    current,
    is_live,
    is_refused,
    log_in,
    me,
    pair,
    payload,
    post,
    refresh,
    rows,
)
from v1.auth import accounts
from v1.db.tables.tokens import Tokens
from v1.tokens import revoke
from v1.tokens.rights import USER_ACTIONS

DENIED = "Access is denied"


@pytest.fixture
def before_a_row(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, Callable[[], object]], None]:
    """Make something happen once, right before the row of the `number`th token from now on is written."""
    add: Callable[..., Any] = Tokens.add

    def arrange(number: int, happen: Callable[[], object]) -> None:
        left = [number]

        def late(tokens: Tokens, *given: Any) -> Any:
            left[0] -= 1
            if left[0] == 0:
                happen()
            return add(tokens, *given)

        monkeypatch.setattr(Tokens, "add", late)

    return arrange


Arrange = Callable[[int, Callable[[], object]], None]


@pytest.mark.parametrize("number", [1, 2])
def test_a_user_who_is_disabled_during_the_login_gets_no_pair(
    service: Service, before_a_row: Arrange, number: int
) -> None:
    before_a_row(number, lambda: accounts.disable(service.core, "admin"))
    answer = post(service, "/token", {"login": "admin", "password": "password"})
    assert is_refused(answer, 401, "Invalid credentials") and rows(service) == 0


def test_a_login_whose_refresh_token_is_revoked_at_once_is_made_again(
    service: Service, before_a_row: Arrange, lines: list[str]
) -> None:
    """Another device signs out all others. The password was right, so the login is."""
    user_id = log_in(service) and accounts.find(service.core, "admin").id
    before_a_row(2, lambda: revoke.devices(service.core, user_id, ""))
    tokens = log_in(service)
    assert is_live(service, tokens) == (True, True)
    assert not [line for line in lines if '"login.failed"' in line]


def test_an_administrator_is_not_told_that_their_token_is_bad_when_the_new_one_is_revoked_at_once(
    service: Service, before_a_row: Arrange
) -> None:
    ann, _ = add_user(service.server, "ann"), add_admin(service, "root")
    token = log_in(service, "root").access
    before_a_row(2, lambda: revoke.devices(service.core, ann, ""))
    assert is_live(service, pair(create(service, token, userId=ann, **MINTING))) == (True, True)


def a_pair(service: Service, tokens: Pair) -> TestResponse:
    return create(service, tokens.access, userId=me(tokens), **MINTING)


def a_renewal(service: Service, tokens: Pair) -> TestResponse:
    return refresh(service, tokens.refresh)


@pytest.mark.parametrize("number, ask", [(1, a_pair), (2, a_pair), (1, a_renewal)])
def test_nothing_is_made_once_its_login_is_revoked_or_its_user_disabled(
    service: Service, before_a_row: Arrange, number: int, ask: Callable[[Service, Pair], TestResponse]
) -> None:
    ends: list[Callable[[str], object]] = [
        lambda token: revoke.presented(service.core, token, ""),
        lambda _: accounts.disable(service.core, "admin"),
    ]
    for end in ends:
        tokens = log_in(service)
        before_a_row(number, lambda: end(tokens.refresh))
        assert is_refused(ask(service, tokens), 401, "Unauthorized") and rows(service) == 0


def test_a_user_who_is_disabled_while_an_administrator_makes_a_pair_for_them_gets_none(
    service: Service, before_a_row: Arrange
) -> None:
    ann, _ = add_user(service.server, "ann"), add_admin(service, "root")
    token = log_in(service, "root").access
    for number in (1, 2):
        before_a_row(number, lambda: accounts.disable(service.core, "ann"))
        assert is_refused(create(service, token, userId=ann, **MINTING), 401)
        assert rows(service) == 2
        assert is_refused(create(service, token, userId=ann), 403, "User is locked or disabled")
        change(service, f"UPDATE users SET password = '{COST_4}' WHERE id = {ann}")


def test_an_administrator_who_is_demoted_meanwhile_gets_a_token_that_opens_no_more_than_a_clients(
    service: Service, before_a_row: Arrange
) -> None:
    ann, root = add_user(service.server, "ann"), add_admin(service, "root")
    tokens = log_in(service, "root")
    makers: list[Callable[[], str]] = [
        lambda: access(refresh(service, tokens.refresh)),
        lambda: pair(create(service, tokens.access, userId=root, actions=["*"], networkIds=["*"])).access,
    ]
    for make in makers:
        change(service, f"UPDATE users SET is_admin = 1 WHERE id = {root}")
        before_a_row(1, lambda: change(service, f"UPDATE users SET is_admin = 0 WHERE id = {root}"))
        token = make()
        assert current(service, token).json["role"] == 1
        for fields in ({"userId": ann}, {"userId": root, "actions": ["*"]}, {"userId": root, "networkIds": ["*"]}):
            assert is_refused(create(service, token, **fields), 403, DENIED), fields
        given = pair(create(service, token, userId=root, actions=list(USER_ACTIONS)))
        assert payload(given.access)["a"] == list(USER_ACTIONS)
