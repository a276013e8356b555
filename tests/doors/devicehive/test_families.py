"""Families of tokens: no client's token outlives the login it descends from, and it is revoked with it."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.commands import flask
from tests.conftest import NOW, Service, add_user
from tests.doors.contract import MakeService
from tests.doors.devicehive.hive import (
    MINTING,
    Pair,
    access,
    add_admin,
    create,
    current,
    is_live,
    is_refused,
    log_in,
    me,
    pair,
    payload,
    refresh,
    revoke,
    rows,
)
from tests.doors.kinds import mint
from tests.doors.operations import bearer
from v1.tokens.text import digest

DEAD = (False, False)


def pair_of(service: Service, tokens: Pair, **fields: Any) -> Pair:
    """A pair made with that one for its own user, which may make others."""
    return pair(create(service, tokens.access, **{"userId": me(tokens), **MINTING, **fields}))


def row(service: Service, token: str) -> int:
    return int(service.server.sql(f"SELECT id FROM auth_tokens WHERE auth_key = '{digest(token)}'", "gatepass"))


def test_default_lifetimes_are_capped_without_a_word(service: Service) -> None:
    tokens = log_in(service)
    end = payload(tokens.refresh)["e"]
    service.clock.now = end // 1000 - 600
    late = Pair(access(refresh(service, tokens.refresh)), tokens.refresh)
    made = pair_of(service, late)
    assert [payload(each)["e"] for each in (late.access, made.access, made.refresh)] == [end] * 3
    service.clock.now = end // 1000
    assert is_refused(current(service, made.access), 401, "Token expired")
    assert is_refused(refresh(service, made.refresh), 401, "Token has expired")


@pytest.mark.parametrize("name", ["expiration", "refreshExpiration"])
def test_a_date_to_the_last_millisecond_of_the_login_is_taken_and_a_later_one_403(service: Service, name: str) -> None:
    service.clock.now = NOW + 0.123  # type: ignore[assignment]
    tokens = log_in(service)
    end = payload(tokens.refresh)["e"]
    assert end % 1000 == 123
    assert payload(pair_of(service, tokens, **{name: end}).refresh)["e"] == end
    later = create(service, tokens.access, userId=me(tokens), **{name: end + 1000})
    assert is_refused(later, 403, "Access is denied")


def test_an_access_token_that_outlives_its_refresh_token_by_wish_is_a_child_of_the_login(service: Service) -> None:
    tokens = log_in(service)
    child = pair_of(service, tokens, expiration=(NOW + 120) * 1000, refreshExpiration=(NOW + 60) * 1000)
    revoke(service, child.refresh)
    assert is_live(service, child) == (True, False)
    grandchild = pair_of(service, child)
    assert payload(grandchild.refresh)["e"] == (NOW + 120) * 1000
    revoke(service, tokens.refresh)
    assert is_live(service, child) == is_live(service, grandchild) == DEAD and rows(service) == 0


def test_what_a_client_makes_is_below_a_refresh_token_though_an_administrator_made_its_own(service: Service) -> None:
    """Even where the access token outlives its refresh token, by the administrator's wish."""
    ann, _ = add_user(service.server, "ann"), add_admin(service, "root")
    dates = {"expiration": (NOW + 120) * 1000, "refreshExpiration": (NOW + 60) * 1000}
    given = pair(create(service, log_in(service, "root").access, userId=ann, **MINTING, **dates))
    child = pair_of(service, given)
    assert payload(child.refresh)["e"] == (NOW + 60) * 1000
    revoke(service, given.refresh)
    assert is_live(service, given) == is_live(service, child) == DEAD


def as_a_session(service: Service, token: str) -> None:
    bearer("DELETE", f"/v1/sessions/{row(service, token)}/")(service, mint(service, "mobile"))


def by_an_operator(service: Service, token: str) -> None:
    flask(service.server, "session", "revoke", str(row(service, token)))


@pytest.mark.parametrize("end", [revoke, as_a_session, by_an_operator])
def test_what_is_below_a_refresh_token_ends_with_it_to_the_last_generation(
    service: Service, end: Callable[[Service, str], object]
) -> None:
    tokens, other = log_in(service), log_in(service)
    child, renewed = pair_of(service, tokens), access(refresh(service, tokens.refresh))
    grandchild = pair_of(service, Pair(access(refresh(service, child.refresh)), child.refresh))
    end(service, tokens.refresh)
    for each in (tokens, child, grandchild):
        assert is_live(service, each) == DEAD
        assert is_refused(create(service, each.access, userId=me(each)), 401, "Unauthorized")
    assert is_refused(current(service, renewed), 401, "Unauthorized")
    assert is_live(service, other) == (True, True), "another login is no part of it"


def test_what_an_administrator_made_for_somebody_stays_good_without_the_administrator(service: Service) -> None:
    ann, root = add_user(service.server, "ann"), add_admin(service, "root")
    tokens = log_in(service, "root")
    anns, own = (pair(create(service, tokens.access, userId=user_id, **MINTING)) for user_id in (ann, root))
    revoke(service, tokens.refresh)
    assert is_live(service, tokens) == DEAD
    assert is_live(service, anns) == is_live(service, own) == (True, True)
    child = pair_of(service, anns)
    revoke(service, anns.refresh)
    assert is_live(service, anns) == is_live(service, child) == DEAD and is_live(service, own) == (True, True)


def test_an_access_token_is_revoked_alone(service: Service) -> None:
    tokens = log_in(service)
    child = pair_of(service, tokens)
    revoke(service, tokens.access)
    assert is_live(service, tokens) == (False, True) and is_live(service, child) == (True, True)


@pytest.mark.parametrize("text", ["\ud800", "\udc00\ud800", "\0", "📱", '","refresh":0,"', "\\", "x" * 64])
def test_no_id_of_a_network_keeps_a_token_alive_when_its_login_is_revoked(service: Service, text: str) -> None:
    tokens = log_in(service)
    answer = create(service, tokens.access, userId=me(tokens), networkIds=[text], deviceTypeIds=[text])
    revoke(service, tokens.refresh)
    assert rows(service) == 0
    assert answer.status_code == 400 or is_live(service, pair(answer)) == DEAD


def test_at_the_limit_the_pair_that_was_used_least_ends_whole(make_service: MakeService) -> None:
    service = make_service(MAX_SESSIONS_PER_USER="2")
    add_user(service.server, "admin")
    add_user(service.server, "other")
    others, first, second = log_in(service, "other"), log_in(service), log_in(service)
    child = pair_of(service, second)
    service.clock.now = NOW + 100
    renewed = access(refresh(service, first.refresh))
    service.core.write_behind.write()
    third = log_in(service)
    assert is_live(service, second) == is_live(service, child) == DEAD
    assert is_live(service, first) == is_live(service, third) == is_live(service, others) == (True, True)
    assert current(service, renewed).status_code == 200
    service.clock.now = NOW + 200
    service.client.post("/v1/oauth/", data={"username": "admin", "password": "password"})
    assert sorted(is_live(service, each) for each in (first, third)) == [DEAD, (True, True)], "a phone counts as one"


def test_access_tokens_and_pairs_of_the_family_of_a_login_are_no_sessions_beside_it(make_service: MakeService) -> None:
    service = make_service(MAX_SESSIONS_PER_USER="2")
    add_user(service.server, "admin")
    first = log_in(service)
    made = [pair_of(service, first) for _ in range(5)]
    renewed = [access(refresh(service, first.refresh)) for _ in range(5)]
    second = log_in(service)
    assert all(is_live(service, each) == (True, True) for each in (first, second, *made))
    assert all(current(service, each).status_code == 200 for each in renewed)
    third = log_in(service)
    assert is_live(service, third) == is_live(service, second) == (True, True)
    assert all(is_live(service, each) == DEAD for each in (first, *made))


def test_the_log_says_which_token_asked_for_a_token(service: Service, lines: list[str]) -> None:
    """So that what a stolen one of an administrator made can be found."""
    ann = add_user(service.server, "ann")
    add_admin(service, "root")
    root = log_in(service, "root")
    by = row(service, root.access)
    lines.clear()
    pair(create(service, root.access, userId=ann))
    told = [json.loads(line) for line in lines if '"event": "token.issued"' in line]
    assert [(each["user_id"], each["by"]) for each in told] == [(ann, f"token {by}")] * 2
