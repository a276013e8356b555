"""Pins what DeviceHive's door answers to, and leaves of, a request during which its user or its token goes away."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import COST_4, Service, add_user
from tests.doors.devicehive.hive import (
    access,
    add_admin,
    bearer,
    change,
    create,
    current,
    is_refused,
    log_in,
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

MINTING = {"actions": ["ManageToken"]}
DENIED = "Access is denied"


@pytest.fixture
def before_a_row(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, Callable[[], object]], None]:
    """Have something happen once, right before the row of so manieth token from now on is written."""
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


@pytest.mark.parametrize("number", [1, 2])
def test_a_client_whose_login_is_revoked_or_who_is_disabled_while_a_pair_is_made_gets_none(
    service: Service, before_a_row: Arrange, number: int
) -> None:
    ends: list[Callable[[str], object]] = [
        lambda token: revoke.presented(service.core, token, ""),
        lambda _: accounts.disable(service.core, "admin"),
    ]
    for end in ends:
        tokens = log_in(service)
        before_a_row(number, lambda: end(tokens.refresh))
        answer = create(service, tokens.access, userId=payload(tokens.access)["u"], **MINTING)
        assert is_refused(answer, 401, "Unauthorized") and rows(service) == 0


def test_a_refresh_token_that_is_revoked_or_whose_user_is_disabled_meanwhile_is_renewed_no_more(
    service: Service, before_a_row: Arrange
) -> None:
    ends: list[Callable[[str], object]] = [
        lambda token: revoke.presented(service.core, token, ""),
        lambda _: accounts.disable(service.core, "admin"),
    ]
    for end in ends:
        tokens = log_in(service)
        before_a_row(1, lambda: end(tokens.refresh))
        assert is_refused(refresh(service, tokens.refresh), 401, "Unauthorized") and rows(service) == 0


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


def test_nothing_that_is_made_while_its_login_is_revoked_is_left(service: Service) -> None:
    for _ in range(5):
        tokens, begun = log_in(service), threading.Barrier(3)
        makers = [threading.Thread(target=make, args=(service, tokens, begun)) for _ in range(2)]
        for maker in makers:
            maker.start()
        begun.wait(timeout=60)
        assert service.client.post("/v1/oauth/revoke/", data={"token": tokens.refresh}).status_code == 200
        for maker in makers:
            maker.join(timeout=60)
        assert rows(service) == 0


def make(service: Service, tokens: Any, begun: threading.Barrier) -> None:
    """Pairs from pairs and access tokens, again and again."""
    client, made = service.app.test_client(), tokens.access
    begun.wait(timeout=60)
    for _ in range(8):
        fields = {"userId": payload(made)["u"], **MINTING}
        answer = client.post("/token/create", json=fields, headers=bearer(made))
        client.post("/token/refresh", json={"refreshToken": tokens.refresh})
        made = answer.json.get("accessToken", made)
