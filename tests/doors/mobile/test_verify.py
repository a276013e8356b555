"""Pins `/v1/verify/`: any method, exact headers, one refusal for every bad token, 503 while the database is down."""

import hashlib
import json
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from tests.conftest import NOW, Service, add_user, build, environment, flask
from tests.doors.contract import DEAD, MakeService
from v1.tokens import issue

OLD_PHP = Path(__file__).resolve().parent.parent.parent / "db" / "old_php.sql"
TOKEN = "0123456789abcdef0123456789abcdef01234567"
STATUS = "SHOW GLOBAL STATUS WHERE Variable_name IN ('Com_select', 'Com_insert', 'Com_update', 'Com_delete')"


def add_token(service: Service, user_id: int, text: str = TOKEN, kind: str = "mobile", expiry: int = NOW + 9) -> None:
    digest = hashlib.sha1(text.encode()).hexdigest()
    service.server.sql(
        "INSERT INTO auth_tokens (auth_key, user_id, creation_time, expiry, last_access, device_info, kind)"
        f" VALUES ('{digest}', {user_id}, {NOW}, {expiry}, {NOW}, 'x', '{kind}')",
        "gatepass",
    )


def log_in(service: Service, username: str = "admin") -> str:
    answer = service.client.post("/v1/oauth/", data={"username": username, "password": "password"})
    return answer.json["data"]["access_token"]


def verify(service: Service, header: str | None = None, method: str = "GET", path: str = "/v1/verify/") -> TestResponse:
    headers = {} if header is None else {"Authorization": header}
    return service.client.open(path, method=method, headers=headers)


def statements(service: Service) -> int:
    return sum(int(line.split()[1]) for line in service.server.sql(STATUS).splitlines())


def same(response: TestResponse) -> tuple[object, ...]:
    """All of an answer but its request id."""
    headers = [each for each in response.headers if each[0] != "X-Request-Id"]
    return response.status, headers, response.data


def test_a_good_token_is_told_by_headers_and_an_empty_body(service: Service) -> None:
    user_id = service.server.sql("UPDATE users SET access_level = 7; SELECT id FROM users", "gatepass").strip()
    answer = verify(service, f"Token {log_in(service)}")
    assert answer.status == "200 OK" and answer.data == b""
    assert [each for each in answer.headers if each[0] != "X-Request-Id"] == [
        ("X-Auth-User-Id", user_id),
        ("X-Auth-Username", "admin"),
        ("X-Auth-Access-Level", "7"),
        ("X-Auth-Token-Kind", "mobile"),
        ("X-Auth-Expires", str(NOW + 2_592_000)),
        ("Content-Length", "0"),
        ("Cache-Control", "no-store"),
        ("Pragma", "no-cache"),
    ]


@pytest.mark.parametrize("path", ["/v1/verify", "/v1/verify/", "/v1//verify//"])
def test_every_method_and_slash_form_is_served(service: Service, path: str) -> None:
    header = f"Bearer {log_in(service)}"
    good, bad = same(verify(service, header)), same(verify(service, "Bearer x"))
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "BREW"):
        assert same(verify(service, header, method, path)) == good
        assert same(verify(service, "Bearer x", method, path)) == bad
    assert same(verify(service, header, "HEAD", path)) == good
    assert same(verify(service, "Bearer x", "HEAD", path)) == (*bad[:2], b"")


NAMES = {" a b%/": None, "é": "%C3%A9", "emoji 📱🔑": None, "q'\"`": None, "a+b&c=d;?#": None, "-._~Az09": "-._~Az09"}
NAMES |= {"tab\tnl\nesc\x1b": "tab%09nl%0Aesc%1B", "x\r\nX-Auth-User-Id: 1": "x%0D%0AX-Auth-User-Id%3A%201"}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_percent_encoded_but_for_unreserved_characters(service: Service, name: str) -> None:
    user_id = add_user(service.server, name)
    add_token(service, user_id)
    answer = verify(service, f"Token {TOKEN}")
    unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
    encoded = "".join(chr(byte) if chr(byte) in unreserved else f"%{byte:02X}" for byte in name.encode())
    assert answer.headers["X-Auth-Username"] == encoded == (NAMES[name] or encoded)
    assert answer.headers.getlist("X-Auth-User-Id") == [str(user_id)]


@pytest.mark.parametrize("header", [None, "", "Token", "Token   ", "Bearer", "Basic YTpi", TOKEN, "Token\t" + TOKEN])
def test_a_header_without_a_token_is_1190_with_a_challenge_in_php_mode_too(
    make_service: MakeService, header: str | None
) -> None:
    service = make_service(ERROR_STATUS="php")
    add_token(service, add_user(service.server, "admin"))
    answer = verify(service, header, path=f"/v1/verify/?token={TOKEN}&access_token={TOKEN}")
    assert (answer.status_code, answer.json["errors"]["code"]) == (401, "1190")
    assert list(answer.json) == ["success", "errors"] and list(answer.json["errors"]) == ["message", "type", "code"]
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.headers["Content-Type"] == "application/json"


def test_a_bad_token_is_one_answer_whatever_the_reason(service: Service) -> None:
    good, out = add_user(service.server, "good"), add_user(service.server, "out", "!x")
    add_token(service, good)
    reasons = {"kind": (good, "api", NOW + 9), "expired": (good, "mobile", NOW), "disabled": (out, "mobile", NOW + 9)}
    reasons |= {"deleted": (2147483647, "mobile", NOW + 9), "nobody's": (0, "mobile", NOW + 9)}
    bad = ["f" * 40]
    for number, (user_id, kind, expiry) in enumerate(reasons.values()):
        add_token(service, user_id, bad_text := f"{number:040x}", kind, expiry)
        bad.append(bad_text)
    revoked = log_in(service, "good")
    service.client.post("/v1/logout/", headers={"Authorization": f"Token {revoked}"})
    scopeless = issue.api(service.core, 0, "x", ("revoke",), NOW, NOW + 9).secret
    answers = [same(verify(service, f"Token {each}")) for each in (*bad, revoked, scopeless, "x", TOKEN.upper())]
    assert len(set(map(str, answers))) == 1
    assert json.loads(answers[0][2])["errors"]["code"] == "1403" and answers[0][0] == "401 Unauthorized"
    assert verify(service, f"Token {TOKEN}").status_code == 200


def test_a_value_that_can_be_no_token_costs_no_query_and_a_token_one(service: Service) -> None:
    add_token(service, add_user(service.server, "good"))
    assert verify(service, f"Token {TOKEN}").status_code == 200  # and the column's charset is known
    spoilt = [TOKEN.upper(), TOKEN[:-1], TOKEN + "0", TOKEN[:-1] + "g", TOKEN + ",", f"{TOKEN} {TOKEN}", "\xe9" * 40]
    spoilt += ["x" * 10240, "gpa_" + "0" * 46, f"{TOKEN},{TOKEN}", f"'{TOKEN}'", "a.b.c", "%00", "0"]
    before = statements(service)
    for each in spoilt:
        assert verify(service, f"Token {each}").json["errors"]["code"] == "1403"
    assert statements(service) == before
    verify(service, f"Token  {TOKEN}")
    verify(service, f"Token {TOKEN[::-1]}")
    assert statements(service) == before + 2


def test_only_kinds_that_were_let_in_are_good(make_service: MakeService) -> None:
    service = make_service(VERIFY_KINDS="mobile, api")
    user_id = add_user(service.server, "admin")
    own = issue.api(service.core, user_id, "x", ("revoke",), NOW, issue.NEVER).secret
    server = issue.api(service.core, 0, "x", ("revoke",), NOW, NOW + 9).secret
    add_token(service, user_id, kind="personal")
    wanted = ("X-Auth-User-Id", "X-Auth-Username", "X-Auth-Access-Level", "X-Auth-Token-Kind", "X-Auth-Expires")
    answers = [verify(service, f"Bearer {each}") for each in (own, server, log_in(service))]
    assert [[answer.headers[name] for name in wanted] for answer in answers] == [
        [str(user_id), "admin", "1", "api", "253402300799"],
        ["0", "", "0", "api", str(NOW + 9)],
        [str(user_id), "admin", "1", "mobile", str(NOW + 2_592_000)],
    ]
    assert verify(service, f"Bearer {TOKEN}").json["errors"]["code"] == "1403"
    only_api = make_service(VERIFY_KINDS="api")
    assert verify(only_api, f"Token {log_in(service)}").status_code == 401


@pytest.mark.parametrize("disable", ["CONCAT('!', password)", "'!'"])
def test_a_user_whom_php_disables_is_refused_at_once_and_one_enabled_again_is_not(
    service: Service, disable: str
) -> None:
    header = f"Token {log_in(service)}"
    stored = service.server.sql("SELECT password FROM users", "gatepass").strip()
    service.server.sql(f"UPDATE users SET password = {disable}", "gatepass")
    assert verify(service, header).json["errors"]["code"] == "1403"
    service.server.sql(f"UPDATE users SET password = '{stored}'", "gatepass")
    assert verify(service, header).status_code == 200


@pytest.mark.parametrize("mode", ["php", "http"])
def test_a_database_that_is_down_is_503_with_a_time_to_wait_and_never_401(make_service: MakeService, mode: str) -> None:
    service = make_service(ERROR_STATUS=mode, **DEAD)
    answer = verify(service, f"Token {TOKEN}")
    assert (answer.status_code, answer.json["errors"]["code"]) == (503, "5501")
    assert int(answer.headers["Retry-After"]) > 0 and "WWW-Authenticate" not in answer.headers
    assert (head := verify(service, f"Token {TOKEN}", "HEAD")).status_code == 503 and head.data == b""


def test_an_error_nobody_foresaw_is_500_and_tells_nothing(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("v1.db.tables.tokens.Tokens.check", lambda *_: 1 / 0)
    answer = verify(service, f"Token {TOKEN}")
    assert (answer.status_code, answer.json["errors"]["code"]) == (500, "5404")
    assert b"division" not in answer.data


def test_the_name_of_an_old_latin1_column_is_the_one_php_shows(service: Service, fresh: str) -> None:
    service.server.sql(OLD_PHP.read_text(), fresh)
    flask(service.server, "db", "migrate", database=fresh)
    service.server.sql(
        f"UPDATE auth_tokens SET auth_key = SHA1('{TOKEN}'), expiry = {NOW + 9}, user_id = 2 LIMIT 1", fresh
    )
    for charset, stored in (("latin1", "C3BC"), ("utf8mb4", "FC")):
        service.server.sql(f"UPDATE users SET username = _latin1 X'{stored}' WHERE id = 2", fresh)
        app = build(environment(service.server, fresh, PHP_CONNECTION_CHARSET=charset), service.clock)
        answer = app.test_client().get("/v1/verify/", headers={"Authorization": f"Token {TOKEN}"})
        assert answer.headers["X-Auth-Username"] == "%C3%BC"
