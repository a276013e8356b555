"""DeviceHive's door: the login and its pair, where each path is served, and what is told of a user."""

import re
from typing import Any

import pytest

from tests.conftest import NOW, Service, add_user
from tests.doors.devicehive.hive import MOUNTS, add_admin, current, is_refused, log_in, pair, parts, payload, post
from v1.tokens.rights import USER_ACTIONS

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
        header, claims = parts(token)
        assert header == {"alg": "HS256"} and list(claims) == ["payload", "jti"]
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
    for path in ("/api/rest", "/api/rest/", "/api/rest/nope", "/api//rest//nope", "/auth/rest/", "/auth/rest/apiops"):
        assert is_refused(service.client.get(path), 404, "Not found"), path
    for path in ("/token/nope", "/token/refresh/x", "/info/config/cluster", "/user", "/user/1", "/api/rest/user/1"):
        assert is_refused(post(service, path, {}), 404, "Not found"), path
    for path in ("/api/nope", "/api/restful", "/api/resttoken", "/api/token"):
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
