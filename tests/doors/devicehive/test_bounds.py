"""The bounds of what a bearer makes: whose bearer is bound, and how many pairs a login may have."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.conftest import NOW, Service, add_user
from tests.doors.contract import MakeService
from tests.doors.devicehive.hive import (
    MINTING,
    access,
    add_admin,
    bearer,
    create,
    is_live,
    is_refused,
    log_in,
    me,
    pair,
    payload,
    refresh,
    revoke,
)
from v1.tokens.pairs import FULL
from v1.tokens.text import digest

SHORT = {"expiration": (NOW + 60) * 1000}
LONG = {"expiration": (NOW + 86_400) * 1000}
LESS: list[dict[str, Any]] = [
    {"actions": ["*"], "networkIds": [1], "deviceTypeIds": ["*"]},
    {"actions": ["*"], "networkIds": ["*"], "deviceTypeIds": [1]},
    {"actions": ["*"], "networkIds": ["*"]},
    {"actions": ["*"], "deviceTypeIds": ["*"]},
    {"actions": list(range(2, 20)), "networkIds": ["*"], "deviceTypeIds": ["*"]},
]
"""Every right but one, or fewer."""

EVERYTHING: dict[str, Any] = {"actions": ["*"], "networkIds": ["*"], "deviceTypeIds": ["*"]}


def parent(service: Service, token: str) -> str:
    """The digest of the token that this one is a child of; "" for none."""
    sql = f"""SELECT p.auth_key FROM auth_tokens t JOIN auth_tokens p ON p.id = t.parent_id
        WHERE t.auth_key = '{digest(token)}'"""
    return service.server.sql(sql, "gatepass").strip()


def live_refresh_tokens(service: Service) -> int:
    where = f"kind = 'jwt_refresh' AND expiry > {service.clock()}"
    return int(service.server.sql(f"SELECT COUNT(*) FROM auth_tokens WHERE {where}", "gatepass"))


@pytest.mark.parametrize("rights", LESS, ids=str)
def test_an_administrators_bearer_with_less_than_every_right_is_bound_as_a_clients_is(
    service: Service, rights: dict[str, Any]
) -> None:
    ann, root = add_user(service.server, "ann"), add_admin(service, "root")
    short = pair(create(service, log_in(service, "root").access, userId=root, **rights, **SHORT))
    for user_id in (ann, add_admin(service, "other"), 999_999):
        assert is_refused(create(service, short.access, userId=user_id, **MINTING), 403, "Access is denied")
    end = payload(short.refresh)["e"]
    child = pair(create(service, short.access, userId=root, networkIds=[1], deviceTypeIds=[1], **MINTING))
    assert [payload(each)["e"] for each in vars(child).values()] == [end, end]
    assert parent(service, child.refresh) == digest(short.refresh)
    revoke(service, short.refresh)
    assert is_live(service, child) == (False, False)


def test_a_token_that_a_bound_bearer_refreshes_is_bound_too(service: Service) -> None:
    ann, root = add_user(service.server, "ann"), add_admin(service, "root")
    short = pair(create(service, log_in(service, "root").access, userId=root, networkIds=[1], **MINTING, **SHORT))
    renewed = access(refresh(service, short.refresh))
    assert payload(renewed)["e"] == payload(short.refresh)["e"]
    assert is_refused(create(service, renewed, userId=ann), 403, "Access is denied")
    assert is_refused(create(service, renewed, userId=root, networkIds=[1], **LONG), 403, "Access is denied")


def test_an_administrators_bearer_with_every_right_stays_unbound_and_so_does_what_it_makes(service: Service) -> None:
    ann, root = add_user(service.server, "ann"), add_admin(service, "root")
    given = pair(create(service, log_in(service, "root").access, userId=root, **EVERYTHING, **SHORT))
    for token in (given.access, access(refresh(service, given.refresh))):
        made = pair(create(service, token, userId=ann, **MINTING, **LONG))
        assert parent(service, made.refresh) == "" and payload(made.refresh)["e"] == LONG["expiration"]


@pytest.fixture
def three(make_service: MakeService) -> Service:
    """A login may have three refresh tokens: its own, and those of two pairs."""
    service = make_service(PAIRS_PER_LOGIN="3")
    add_user(service.server, "admin")
    return service


def test_the_family_of_a_login_is_full_at_the_limit_whoever_of_it_asks(three: Service) -> None:
    tokens = log_in(three)
    child = pair(create(three, tokens.access, userId=me(tokens), **MINTING))
    grandchild = pair(create(three, child.access, userId=me(tokens), **MINTING))
    renewed = access(refresh(three, tokens.refresh))
    for token in (tokens.access, child.access, grandchild.access, renewed):
        for fields in ({}, MINTING, SHORT, {"refreshExpiration": (NOW + 60) * 1000}):
            assert is_refused(create(three, token, userId=me(tokens), **fields), 403, FULL), fields
    assert live_refresh_tokens(three) == 3
    other = log_in(three)
    assert pair(create(three, other.access, userId=me(other))), "another login is another family"


def test_a_refresh_token_that_ended_makes_room(three: Service) -> None:
    tokens = log_in(three)
    first = pair(create(three, tokens.access, userId=me(tokens), **SHORT))
    second = pair(create(three, tokens.access, userId=me(tokens)))
    assert is_refused(create(three, tokens.access, userId=me(tokens)), 403, FULL)
    revoke(three, second.refresh)
    assert pair(create(three, tokens.access, userId=me(tokens)))
    assert is_refused(create(three, tokens.access, userId=me(tokens)), 403, FULL)
    three.clock.now = payload(first.refresh)["e"] // 1000
    assert pair(create(three, tokens.access, userId=me(tokens)))
    assert is_refused(create(three, tokens.access, userId=me(tokens)), 403, FULL)


@pytest.mark.parametrize("end", [0, (NOW + 60) * 1000], ids=["dead", "short"])
def test_access_tokens_that_outlive_their_refresh_tokens_are_no_way_around_it(three: Service, end: int) -> None:
    tokens = log_in(three)
    fields = {"userId": me(tokens), **LONG, "refreshExpiration": end}
    answers = [create(three, tokens.access, **fields) for _ in range(8)]
    three.clock.now = NOW + 100
    assert [create(three, tokens.access, **fields, networkIds=[n]).status_code for n in range(8)].count(201) <= 3
    long_lived = f"kind = 'jwt_access' AND expiry > {NOW + 1800}"
    assert int(three.server.sql(f"SELECT COUNT(*) FROM auth_tokens WHERE {long_lived}", "gatepass")) == 3
    assert {answer.status_code for answer in answers} == {201, 403}


@pytest.mark.parametrize(("path", "most", "made"), [("/token/create", "6", 5), ("/token/refresh", "1", 9)])
def test_calls_that_come_at_once_cannot_pass_the_limit(
    make_service: MakeService, path: str, most: str, made: int
) -> None:
    service = make_service(PAIRS_PER_LOGIN=most)
    add_user(service.server, "admin")
    tokens = log_in(service)
    fields = {"userId": me(tokens), **MINTING, "refreshToken": tokens.refresh}

    def ask(_: int) -> int:
        return service.app.test_client().post(path, json=fields, headers=bearer(tokens.access)).status_code

    with ThreadPoolExecutor(12) as pool:
        assert sorted(pool.map(ask, range(24))) == [201] * made + [403] * (24 - made)


def test_a_refresh_token_renews_ten_times_as_many_access_tokens_and_more_once_one_ends(three: Service) -> None:
    tokens = log_in(three)
    renewed = [access(refresh(three, tokens.refresh)) for _ in range(29)]
    assert is_refused(refresh(three, tokens.refresh), 403, FULL), "that of the login counts too"
    revoke(three, renewed[7])
    assert access(refresh(three, tokens.refresh))
    assert is_refused(refresh(three, tokens.refresh), 403, FULL)
    assert pair(create(three, tokens.access, userId=me(tokens))), "they leave room for pairs"
    three.clock.now = NOW + 1801
    assert access(refresh(three, tokens.refresh))


def test_an_unrestricted_administrator_has_no_limit_and_a_restricted_one_has(three: Service) -> None:
    ann, root = add_user(three.server, "ann"), add_admin(three, "root")
    tokens = log_in(three, "root")
    for user_id in (ann, root) * 3:
        assert pair(create(three, tokens.access, userId=user_id, **MINTING))
    restricted = pair(create(three, tokens.access, userId=root, networkIds=[1], **MINTING))
    answers = [create(three, restricted.access, userId=root, networkIds=[1]) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [201, 201, 403, 403]
    assert json.loads(answers[-1].data) == {"error": 403, "message": FULL}
