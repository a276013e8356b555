"""The life of DeviceHive's pair: what it says, when it ends, how it is renewed, and what is told of its user."""

import re
from typing import Any

import pytest

from tests.conftest import NOW, Service, add_user
from tests.doors.devicehive.hive import (
    MOUNTS,
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
    revoke,
)
from tests.doors.kinds import mint
from tests.tokens.forging import decoded
from v1.tokens.rights import USER_ACTIONS

HALF_AN_HOUR = 30 * 60
HALF_A_YEAR = 182 * 86_400


def test_a_token_is_good_to_its_last_second_and_then_told_expired(service: Service) -> None:
    tokens = log_in(service)
    service.clock.now = NOW + HALF_AN_HOUR - 1
    assert is_live(service, tokens) == (True, True)
    service.clock.now = NOW + HALF_AN_HOUR
    assert is_refused(current(service, tokens.access), 401, "Token expired")
    assert is_refused(create(service, tokens.access, userId=1), 401, "Token expired")
    service.clock.now = NOW + HALF_A_YEAR - 1
    assert access(refresh(service, tokens.refresh))
    service.clock.now = NOW + HALF_A_YEAR
    assert is_refused(refresh(service, tokens.refresh), 401, "Token has expired")
    change(service, "DELETE FROM auth_tokens")
    assert is_refused(refresh(service, tokens.refresh), 401, "Token has expired"), "its row was purged"


def test_an_expired_refresh_token_is_no_expired_bearer(service: Service) -> None:
    tokens = log_in(service)
    service.clock.now = NOW + HALF_A_YEAR
    assert is_refused(current(service, tokens.refresh), 401, "Unauthorized")
    for token in (tokens.access, mint(service, "stream")):
        assert is_refused(refresh(service, token), 401, "Invalid token type")


def test_a_refresh_makes_an_access_token_of_the_same_rights_and_half_an_hour(service: Service) -> None:
    user_id = add_user(service.server, "ann")
    given = pair(create(service, log_in(service, "ann").access, userId=user_id, actions=[3, 15], networkIds=[7]))
    service.clock.now = NOW + 5
    token = access(refresh(service, given.refresh))
    expected = {"a": [3, 15], "e": (NOW + 5 + HALF_AN_HOUR) * 1000, "t": 1, "u": user_id, "n": ["7"], "dt": None}
    assert payload(token) == expected
    assert current(service, token).json["login"] == "ann"


def test_a_refresh_token_that_is_missing_or_no_text_is_400_and_one_that_is_none_401(service: Service) -> None:
    for value in (None, 1, True, 1.5, [], {}, [log_in(service).refresh]):
        assert is_refused(post(service, "/token/refresh", {"refreshToken": value}), 400), value
    for fields in ({}, {"refresh_token": log_in(service).refresh}, {"accessToken": "x"}):
        assert is_refused(post(service, "/token/refresh", fields), 400, "refreshToken is required")
    token = log_in(service).refresh
    for text in ("", "x", "\ud800", "\0", "eyJ" * 4000, f" {token}", f"{token}\n", f"Bearer {token}", token[:-1]):
        assert is_refused(refresh(service, text), 401, "Unauthorized"), ascii(text)[:40]


def test_the_bearer_of_a_refresh_is_not_looked_at(service: Service) -> None:
    tokens = log_in(service)
    answer = post(service, "/token/refresh", {"refreshToken": tokens.refresh}, "x")
    assert current(service, access(answer)).status_code == 200
    assert is_refused(post(service, "/token/refresh", {}, tokens.refresh), 400)


def test_the_pair_of_a_user_who_is_gone_is_401(service: Service) -> None:
    tokens = log_in(service)
    change(service, "DELETE FROM users")
    assert is_live(service, tokens) == (False, False)


def demoted(service: Service) -> Pair:
    add_admin(service, "root")
    tokens = log_in(service, "root")
    assert payload(access(refresh(service, tokens.refresh)))["a"] == [0]
    change(service, "UPDATE users SET is_admin = 0")
    return tokens


def test_a_refresh_never_gives_more_than_the_user_has_now(service: Service) -> None:
    tokens = demoted(service)
    found = payload(access(refresh(service, tokens.refresh)))
    assert (found["a"], found["n"], found["dt"]) == (list(USER_ACTIONS), None, None)
    change(service, "UPDATE users SET is_admin = 1 WHERE username = 'root'")
    assert payload(access(refresh(service, tokens.refresh)))["a"] == [0], "it is the refresh token's once more"


def test_who_is_promoted_gets_no_more_of_a_refresh_token_than_it_has(service: Service) -> None:
    user_id = add_user(service.server, "ann")
    tokens = log_in(service, "ann")
    change(service, "UPDATE users SET is_admin = 1")
    found = payload(access(refresh(service, tokens.refresh)))
    assert (found["a"], found["n"]) == (list(USER_ACTIONS), None)
    assert is_refused(create(service, tokens.access, userId=user_id, actions=["ManageUser"]), 403, "Access is denied")


def test_a_demoted_administrators_bearer_is_a_clients(service: Service) -> None:
    tokens = demoted(service)
    assert current(service, tokens.access).json["role"] == 1
    given = pair(create(service, tokens.access, userId=me(tokens)))
    revoke(service, tokens.refresh)
    assert is_live(service, given) == (False, False), "it is a child of the refresh token, as any client's"


def test_the_last_login_is_the_newest_at_any_door(service: Service) -> None:
    tokens = log_in(service)
    for seconds, kind in ((60, "management"), (30, "mobile")):
        service.clock.now = NOW + seconds
        mint(service, kind)
    assert current(service, tokens.access).json["lastLogin"] == "2023-11-14T22:14:20.000", "by its time and not its id"
    change(service, "DELETE FROM auth_tokens WHERE kind = 'management'")
    assert current(service, tokens.access).json["lastLogin"] == "2023-11-14T22:13:50.000"
    service.clock.now = NOW + 90
    for kind in ("api:stream", "personal"):
        mint(service, kind)
    pair(create(service, tokens.access, userId=me(tokens)))
    access(refresh(service, tokens.refresh))
    assert current(service, tokens.access).json["lastLogin"] == "2023-11-14T22:13:50.000", "nobody logged in"


FORBIDDEN = {"status", "code", "error", "action", "requestId"}
"""What the real client takes for its own, at the top of a success."""

OF_THE_USER = {"/info": set(), "/user/current": {"status"}}
"""There it puts the answer below a key of its own, and a user has a status."""


@pytest.mark.parametrize("admin", [False, True])
def test_the_pair_of_a_login_says_all_that_its_user_has(service: Service, admin: bool) -> None:
    user_id = add_admin(service, "root") if admin else add_user(service.server, "ann")
    tokens = log_in(service, "root" if admin else "ann")
    rights = {"n": ["*"], "dt": ["*"]} if admin else {"n": None, "dt": None}
    for number, token, lifetime in ((0, tokens.refresh, 182 * 86_400), (1, tokens.access, 30 * 60)):
        claims = decoded(token)
        assert decoded(token, 0) == {"alg": "HS256"} and list(claims) == ["payload", "jti"]
        expected = {"a": [0] if admin else list(USER_ACTIONS), "e": (NOW + lifetime) * 1000, "t": number, "u": user_id}
        assert claims["payload"] == expected | rights
        assert list(claims["payload"]) == ["a", "e", "t", "u", "n", "dt"] and type(claims["payload"]["e"]) is int
        assert re.fullmatch("[0-9a-f]{32}", claims["jti"])


def test_expiries_are_milliseconds_in_the_token_and_whole_seconds_in_its_row(service: Service) -> None:
    service.clock.now = NOW + 0.987  # type: ignore[assignment]
    assert payload(log_in(service).access)["e"] == (NOW + 1800) * 1000 + 987
    columns = "kind, creation_time, expiry, LENGTH(auth_key), remote_ip"
    found = service.server.sql(f"SELECT {columns} FROM auth_tokens ORDER BY kind", "gatepass").splitlines()
    whole = f"jwt_access\t{NOW}\t{NOW + 1800}\t64\t127.0.0.1", f"jwt_refresh\t{NOW}\t{NOW + 15_724_800}\t64\t127.0.0.1"
    assert found == list(whole)


@pytest.mark.parametrize("mount", MOUNTS)
@pytest.mark.parametrize("slash", ["", "/", "//"])
def test_every_path_is_served_under_every_mount_in_both_slash_forms(service: Service, mount: str, slash: str) -> None:
    tokens = pair(post(service, f"{mount}/token{slash}", {"login": "admin", "password": "password"}))
    user_id = payload(tokens.access)["u"]
    sent: dict[str, Any] = {"/token/create": {"userId": user_id}, "/token/refresh": {"refreshToken": tokens.refresh}}
    for path, fields in sent.items():
        answer = post(service, mount + path + slash, fields, tokens.access)
        assert answer.status_code == 201 and not FORBIDDEN & set(answer.json)
    for path in ("/info", "/user/current"):
        answer = service.client.get(mount + path + slash, headers={"Authorization": f"Bearer {tokens.access}"})
        assert answer.status_code == 200 and FORBIDDEN & set(answer.json) <= OF_THE_USER[path]


def test_unknown_paths_are_told_by_the_door_that_they_lie_under(service: Service) -> None:
    for path in ("/api/rest", "/api//rest//nope", "/token/refresh/x", "/info/config/cluster", "/user"):
        assert is_refused(post(service, path, {}), 404, "Not found"), path
    for path in ("/api/restful", "/api/resttoken"):
        answer = post(service, path, {})
        assert list(answer.json) == ["jsonrpc", "error", "id"] and answer.json["error"]["code"] == -32600, path
    for path in ("/tokens", "/information", "/users", "/auth", "/auth/restful"):
        assert service.client.get(path).json == {"error": "not_found"}, path


def test_what_is_asked_of_nobody_in_particular_is_told_with_the_time(service: Service) -> None:
    service.clock.now = NOW + 0.25  # type: ignore[assignment]
    answer = service.client.get("/info", headers={"Authorization": "Bearer x"})
    expected = {"apiVersion": "3.5.0", "serverTimestamp": "2023-11-14T22:13:20.250", "webSocketServerUrl": ""}
    assert (answer.status_code, answer.json) == (200, expected)
    assert list(answer.json) == list(expected) and answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("admin", [False, True])
def test_a_user_is_told_of_themselves_with_these_members_and_types(service: Service, admin: bool) -> None:
    user_id = add_admin(service, "Jürgen 📱") if admin else add_user(service.server, "Jürgen 📱")
    log_in(service, "Jürgen 📱")
    service.clock.now = NOW + 7
    answer = current(service, log_in(service, "Jürgen 📱").access)
    expected: dict[str, Any] = {"id": user_id, "login": "Jürgen 📱", "role": 0 if admin else 1, "status": 0}
    expected |= {"lastLogin": "2023-11-14T22:13:27.000", "data": {}, "introReviewed": False}
    expected |= {"allDeviceTypesAvailable": True}
    assert (answer.status_code, answer.json) == (200, expected)
    assert {name: type(value) for name, value in answer.json.items()} == {n: type(v) for n, v in expected.items()}
