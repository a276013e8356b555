"""Pins `/v1/sessions/` and `/v1/logout/`: one's own sessions listed and revoked, and nobody else's."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.conftest import NOW, Service, add_user
from tests.doors.contract import DEAD, MakeService

KEYS = ["id", "kind", "name", "device_info", "remote_ip", "creation_time", "last_access", "expiry", "current"]
KINDS = ("mobile", "console", "jwt_access", "jwt_refresh", "api", "management", "personal")
OPERATIONS = [("GET", "/v1/sessions/"), ("DELETE", "/v1/sessions/"), ("DELETE", "/v1/sessions/1/")]
OPERATIONS += [("POST", "/v1/logout/")]


@pytest.fixture(params=["php", "http"])
def either(request: pytest.FixtureRequest, make_service: MakeService) -> Service:
    """The service in each ERROR_STATUS."""
    made = make_service(ERROR_STATUS=request.param)
    add_user(made.server, "admin")
    return made


def log_in(service: Service, username: str = "admin", device: str = "phone") -> str:
    fields = {"username": username, "password": "password", "device-info": device}
    return service.client.post("/v1/oauth/", data=fields).json["data"]["access_token"]


def ask(service: Service, token: str, method: str = "GET", path: str = "/v1/sessions/") -> TestResponse:
    return service.client.open(path, method=method, headers={"Authorization": f"Token {token}"})


def listed(service: Service, token: str) -> list[dict[str, Any]]:
    return ask(service, token).json["data"]


def refusal(response: TestResponse, status: int) -> str:
    """The code of an error, which has this status in http mode and 200 in php mode."""
    assert response.status_code in (200, status)
    return response.json["errors"]["code"]


def one_of_each(service: Service) -> str:
    """A session of the caller's, and one token more of every kind; the caller's."""
    token = log_in(service)
    rows = [f"SELECT SHA1({number}) AS auth_key, '{kind}' AS kind, {number} AS n" for number, kind in enumerate(KINDS)]
    service.server.sql(
        "INSERT INTO auth_tokens (auth_key, user_id, creation_time, expiry, last_access, device_info, kind)"
        f" SELECT auth_key, id, {NOW}, {NOW + 9}, {NOW - 1} - n, 'x', kind"
        f" FROM users, ({' UNION '.join(rows)}) AS each_kind"
        " WHERE username = 'admin'",
        "gatepass",
    )
    return token


def kinds(service: Service) -> list[str]:
    return service.server.sql("SELECT kind FROM auth_tokens ORDER BY last_access DESC", "gatepass").split()


def test_a_session_is_listed_with_these_fields_in_this_order(service: Service) -> None:
    token = log_in(service, device="Pixel 9/📱")
    found = listed(service, token)
    assert [list(each) for each in found] == [KEYS]
    row = int(service.server.sql("SELECT id FROM auth_tokens", "gatepass"))
    expected = [row, "mobile", None, "Pixel 9/📱", "127.0.0.1", NOW, NOW, NOW + 2_592_000, True]
    assert list(found[0].values()) == expected
    assert [type(value) for value in found[0].values()] == [type(value) for value in expected]


def test_the_list_is_the_bytes_that_php_would_write(service: Service) -> None:
    answer = ask(service, log_in(service, device="\u00e9/"))
    begin = b'{\n    "success": true,\n    "data": [\n        {\n            "id": '
    assert answer.data.startswith(begin) and b'"device_info": "\\u00e9\\/",\n            "remote_ip"' in answer.data
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_one_used_last_comes_first_and_only_the_callers_is_current(service: Service) -> None:
    first, second, third = (log_in(service, device=name) for name in ("a", "b", "c"))
    service.server.sql(f"UPDATE auth_tokens SET last_access = {NOW + 5} WHERE device_info = 'a'", "gatepass")
    service.server.sql(f"UPDATE auth_tokens SET last_access = {NOW - 5} WHERE device_info = 'b'", "gatepass")
    for token, device in ((first, "a"), (second, "b"), (third, "c")):
        found = [(each["device_info"], each["current"]) for each in listed(service, token)]
        assert found == [(name, name == device) for name in ("a", "c", "b")]


def test_a_token_of_every_kind_is_listed_and_of_nobody_else(service: Service) -> None:
    add_user(service.server, "other")
    log_in(service, "other", "of another")
    found = listed(service, one_of_each(service))
    assert [each["kind"] for each in found] == ["mobile", *KINDS]
    assert "of another" not in json.dumps(found)


def test_an_expired_session_is_not_listed(service: Service) -> None:
    token = log_in(service)
    log_in(service, device="dying")
    service.server.sql(f"UPDATE auth_tokens SET expiry = {NOW + 1} WHERE device_info = 'dying'", "gatepass")
    assert len(listed(service, token)) == 2
    service.clock.now = NOW + 1
    assert len(listed(service, token)) == 1


def test_at_most_200_are_listed_the_ones_used_last(service: Service) -> None:
    token = log_in(service)
    service.server.sql(
        "INSERT INTO auth_tokens (auth_key, user_id, creation_time, expiry, last_access, device_info)"
        f" SELECT seq, id, {NOW}, {NOW + 9}, {NOW} - seq, seq FROM users, seq_1_to_250",
        "gatepass",
    )
    assert [each["device_info"] for each in listed(service, token)] == ["phone", *map(str, range(1, 200))]


@pytest.mark.parametrize("slash", ["", "/"])
def test_one_session_is_revoked_by_its_id(either: Service, slash: str) -> None:
    token, gone = log_in(either), log_in(either, device="old")
    number = next(each["id"] for each in listed(either, token) if not each["current"])
    answer = ask(either, token, "DELETE", f"/v1/sessions/{number}{slash}")
    assert answer.status_code == 200
    assert answer.data == b'{\n    "success": true,\n    "data": {\n        "revoked": 1\n    }\n}'
    assert refusal(ask(either, gone), 401) == "1403"
    assert refusal(ask(either, token, "DELETE", f"/v1/sessions/{number}{slash}"), 404) == "3404"
    assert len(listed(either, token)) == 1


def test_another_users_session_is_answered_like_an_unknown_one(either: Service) -> None:
    add_user(either.server, "other")
    token, others = log_in(either), log_in(either, "other")
    number = listed(either, others)[0]["id"]
    answers = [ask(either, token, "DELETE", f"/v1/sessions/{each}/") for each in (number, number + 1)]
    assert answers[0].data == answers[1].data and refusal(answers[0], 404) == "3404"
    assert answers[0].status_code == answers[1].status_code
    assert listed(either, others)


def test_an_id_that_can_be_none_is_answered_like_an_unknown_one(either: Service) -> None:
    token = log_in(either)
    unknown = ask(either, token, "DELETE", "/v1/sessions/2147483647/")
    assert refusal(unknown, 404) == "3404"
    wrong = ["0", "-1", "+1", "01", "1.0", "1e3", "NaN", "inf", "abc", "1;", "1'", "1%20", "%201", "%00", "1%00", "0x1"]
    wrong += ["\u0661", "\uff11", "\u00b2", "2147483648", "9999999999", "9" * 20, "9" * 1000, "index.php", "%ff"]
    for path in [f"/v1/sessions/{each}{slash}" for each in wrong for slash in ("", "/")]:
        answer = ask(either, token, "DELETE", path)
        assert (path, answer.status_code, answer.data) == (path, unknown.status_code, unknown.data)


def test_signing_out_all_others_spares_this_one_and_tokens_that_are_no_device(service: Service) -> None:
    add_user(service.server, "other")
    others = log_in(service, "other")
    token = one_of_each(service)
    answer = ask(service, token, "DELETE", "/v1/sessions/")
    assert answer.json == {"success": True, "data": {"revoked": 4}}
    assert sorted(kinds(service)) == sorted(["mobile", "mobile", "api", "management", "personal"])
    assert listed(service, token) and listed(service, others)
    for query in ("", "?all=0", "?all=", "?all", "?ALL=1", "?all[]=1", "?all=true"):
        assert ask(service, token, "DELETE", f"/v1/sessions/{query}").json["data"] == {"revoked": 0}


@pytest.mark.parametrize("slash", ["", "/"])
def test_signing_out_everywhere_takes_this_one_and_every_kind(service: Service, slash: str) -> None:
    add_user(service.server, "other")
    others = log_in(service, "other")
    token = one_of_each(service)
    answer = ask(service, token, "DELETE", f"/v1/sessions{slash}?all=1")
    assert answer.json == {"success": True, "data": {"revoked": 8}}
    assert refusal(ask(service, token), 401) == "1403"
    assert kinds(service) == ["mobile"] and listed(service, others)


@pytest.mark.parametrize("path", ["/v1/logout/", "/v1/logout", "/v1//logout//"])
def test_logging_out_revokes_the_token_that_was_presented(either: Service, path: str) -> None:
    stays, token = log_in(either), log_in(either)
    assert ask(either, token, "POST", path).json == {"success": True, "data": {"revoked": 1}}
    assert refusal(ask(either, token, "POST", path), 401) == "1403"
    assert len(listed(either, stays)) == 1


def test_both_slash_forms_and_doubled_slashes_are_one_path_and_no_redirect(service: Service) -> None:
    token = log_in(service)
    for path in ("/v1/sessions", "/v1/sessions/", "/v1///sessions", "/v1/sessions//", "/v1//sessions"):
        assert ask(service, token, "GET", path).json["success"]
        assert ask(service, token, "DELETE", path).json["data"] == {"revoked": 0}
        assert refusal(ask(service, token, "DELETE", path.rstrip("/") + "//1//"), 404) == "3404"


def test_without_a_good_token_nothing_is_shown_or_done(either: Service) -> None:
    token = log_in(either)
    challenge = "Bearer" if either.core.settings.error_status == "http" else None
    for method, path in OPERATIONS:
        none = either.client.open(f"{path}?access_token={token}&token={token}", method=method)
        bad = ask(either, "ab" * 20, method, path)
        assert (refusal(none, 401), refusal(bad, 401)) == ("1190", "1403")
        assert none.headers.get("WWW-Authenticate") == bad.headers.get("WWW-Authenticate") == challenge
    assert len(listed(either, token)) == 1


def test_a_token_of_another_kind_opens_nothing_here(service: Service) -> None:
    token = log_in(service)
    for kind in KINDS[1:]:
        service.server.sql(f"UPDATE auth_tokens SET kind = '{kind}'", "gatepass")
        for method, path in OPERATIONS:
            assert ask(service, token, method, path).data == ask(service, "ab" * 20, method, path).data
    assert kinds(service) == [KINDS[-1]]


WRONG = [("/v1/sessions/", "POST"), ("/v1/sessions/", "PUT"), ("/v1/sessions/1/", "GET"), ("/v1/sessions/1", "POST")]
WRONG += [("/v1/logout/", "GET"), ("/v1/logout", "DELETE"), ("/v1/logout/", "BREW")]


def test_a_method_that_a_path_does_not_have_is_2600(either: Service) -> None:
    http = either.core.settings.error_status == "http"
    for path, method in WRONG:
        answer = ask(either, "ab" * 20, method, path)
        assert refusal(answer, 405) == "2600"
        assert answer.json["errors"]["message"].endswith(": " + path.removeprefix("/v1/"))
        assert (answer.status_code == 405, "Allow" in answer.headers) == (http, http)


def test_a_dead_database_is_5501_and_never_a_bad_token(make_service: MakeService) -> None:
    for mode, status in (("php", 200), ("http", 503)):
        dead = make_service(ERROR_STATUS=mode, **DEAD)
        for method, path in OPERATIONS:
            answer = ask(dead, "ab" * 20, method, path)
            assert (answer.status_code, answer.json["errors"]["code"]) == (status, "5501")
            assert int(answer.headers["Retry-After"]) > 0


def test_two_log_outs_at_once_revoke_one_token_once(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    token = log_in(service)
    find: Callable[..., Any] = type(service.core.tables.tokens).find_by_id

    def beaten(tokens: Any, token_id: int) -> Any:
        found = find(tokens, token_id)
        tokens.delete(token_id)
        return found

    monkeypatch.setattr("v1.db.tables.tokens.Tokens.find_by_id", beaten)
    assert refusal(ask(service, token, "POST", "/v1/logout/"), 401) == "1403"


def test_every_revocation_is_logged_with_user_address_and_device_and_no_secret(
    service: Service, lines: list[str]
) -> None:
    token, user_id = log_in(service, device="Pixel"), int(service.server.sql("SELECT id FROM users", "gatepass"))
    ask(service, token, "POST", "/v1/logout/")
    (line,) = [json.loads(each) for each in lines if "token.revoked" in each]
    expected = {"event": "token.revoked", "user_id": user_id, "revoked": 1, "address": "127.0.0.1", "device": "Pixel"}
    assert expected.items() <= line.items()
    assert token not in "".join(lines)
