"""`/v1/sessions/` and `/v1/logout/` beyond their recorded answers: whose sessions, how many, and in which order."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import NOW, Service, add_user
from tests.doors.kinds import mint
from tests.doors.mobile.test_oauth import code, log_in
from tests.doors.operations import bearer
from tests.numbers import numbers

PATH = "/v1/sessions/"


def phone(service: Service, device: str, username: str = "admin") -> str:
    answer = log_in(service, username=username, **{"device-info": device})
    return str(answer.json["data"]["access_token"])


def listed(service: Service, token: str) -> list[dict[str, Any]]:
    return list(bearer("GET", PATH)(service, token).json["data"])


def test_the_one_used_last_comes_first_and_only_the_callers_is_current(service: Service) -> None:
    first, second, third = (phone(service, name) for name in ("a", "b", "c"))
    service.server.sql(f"UPDATE auth_tokens SET last_access = {NOW + 5} WHERE device_info = 'a'", "gatepass")
    service.server.sql(f"UPDATE auth_tokens SET last_access = {NOW - 5} WHERE device_info = 'b'", "gatepass")
    for token, device in ((first, "a"), (second, "b"), (third, "c")):
        found = [(each["device_info"], each["current"]) for each in listed(service, token)]
        assert found == [(name, name == device) for name in ("a", "c", "b")]


def test_a_token_of_every_kind_is_listed_and_none_that_is_expired_or_of_somebody_else(service: Service) -> None:
    add_user(service.server, "other")
    phone(service, "of another", "other")
    phone(service, "expired")
    service.server.sql(f"UPDATE auth_tokens SET expiry = {NOW} WHERE device_info = 'expired'", "gatepass")
    for kind in ("console", "jwt_access", "api:revoke", "management", "personal"):
        mint(service, kind)
    kinds = ["api", "console", "jwt_access", "jwt_refresh", "management", "mobile", "personal"]
    assert sorted(each["kind"] for each in listed(service, mint(service, "mobile"))) == kinds


def test_at_most_200_are_listed_the_ones_used_last(service: Service) -> None:
    token = phone(service, "phone")
    service.server.sql(
        "INSERT INTO auth_tokens (auth_key, user_id, creation_time, expiry, last_access, device_info)"
        f" SELECT seq, id, {NOW}, {NOW + 9}, {NOW} - seq, seq FROM users, {numbers(250)}",
        "gatepass",
    )
    assert [each["device_info"] for each in listed(service, token)] == ["phone", *map(str, range(1, 200))]


WRONG = ["0", "-1", "+1", "01", "1.0", "1e3", "abc", "1'", "1%20", "%201", "1%00", "0x1", "\u0661", "\uff11", "\u00b2"]
WRONG += ["2147483648", "9999999999", "9" * 20, "9" * 1000, "%ff"]


def test_another_users_session_and_what_can_be_no_id_are_answered_like_an_unknown_one(service: Service) -> None:
    add_user(service.server, "other")
    token, others = mint(service, "mobile"), mint(service, "mobile", "other")
    unknown = bearer("DELETE", "/v1/sessions/2147483647/")(service, token)
    assert code(unknown) == "3404"
    for each in (listed(service, others)[0]["id"], *WRONG):
        for slash in ("", "/"):
            answer = bearer("DELETE", f"{PATH}{each}{slash}")(service, token)
            assert (each, answer.status_code, answer.data) == (each, unknown.status_code, unknown.data)
    assert listed(service, others)


@pytest.mark.parametrize("query", ["", "?all=0", "?all=", "?all", "?ALL=1", "?all[]=1", "?all=true"])
def test_only_all_1_signs_this_one_out_too(service: Service, query: str) -> None:
    token = mint(service, "mobile")
    assert bearer("DELETE", PATH + query)(service, token).json["data"] == {"revoked": 0}
    assert listed(service, token)


def test_logging_out_revokes_the_token_that_was_presented_and_says_so_in_the_log(
    service: Service, lines: list[str]
) -> None:
    stays, token = phone(service, "old"), phone(service, "Pixel")
    assert bearer("POST", "/v1/logout/")(service, token).json["data"] == {"revoked": 1}
    assert [each["device_info"] for each in listed(service, stays)] == ["old"]
    (line,) = [json.loads(each) for each in lines if "token.revoked" in each]
    user_id = int(service.server.sql("SELECT id FROM users", "gatepass"))
    expected = {"event": "token.revoked", "user_id": user_id, "revoked": 1, "address": "127.0.0.1", "device": "Pixel"}
    assert expected.items() <= line.items()


def test_two_log_outs_at_once_revoke_one_token_once(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    token = mint(service, "mobile")
    find: Callable[..., Any] = type(service.core.tables.tokens).find_by_id

    def beaten(tokens: Any, token_id: int) -> Any:
        found = find(tokens, token_id)
        tokens.delete(token_id)
        return found

    monkeypatch.setattr("v1.db.tables.tokens.Tokens.find_by_id", beaten)
    assert code(bearer("POST", "/v1/logout/")(service, token)) == "1403"
