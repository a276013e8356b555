"""Pins `POST /v1/oauth/introspect/`: RFC 7662 for callers with an API token of scope `introspect`, and nobody else."""

import base64
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.conftest import NOW, Service, add_user
from tests.doors.contract import DEAD, MakeService
from tests.doors.kinds import mint
from v1.tokens import issue

PATH = "/v1/oauth/introspect/"
FORM = "application/x-www-form-urlencoded"
INACTIVE = b'{"active":false}\n'


@pytest.fixture
def caller(service: Service) -> str:
    """The token of a server that may ask."""
    return api(service, "introspect")


def api(service: Service, *scopes: str, user_id: int = 0, expiry: int = issue.NEVER) -> str:
    return issue.api(service.core, user_id, "server", scopes, NOW, expiry).secret


def log_in(service: Service, device: str = "phone") -> str:
    fields = {"username": "admin", "password": "password", "device-info": device}
    return service.client.post("/v1/oauth/", data=fields).json["data"]["access_token"]


def ask(service: Service, caller: str | None, data: Any = None, **more: Any) -> TestResponse:
    headers = {} if caller is None else {"Authorization": f"Bearer {caller}"}
    return service.client.open(more.pop("path", PATH), headers=headers, data=data, **{"method": "POST", **more})


def refused(response: TestResponse, status: int, error: str) -> bool:
    """In the form of RFC 6749 5.2."""
    assert list(response.json) == ["error", "error_description"] and response.json["error_description"]
    assert response.headers["Content-Type"] == "application/json"
    return (response.status_code, response.json["error"]) == (status, error)


def test_a_live_token_is_told_with_these_members_and_types(service: Service, caller: str) -> None:
    token = log_in(service, "Pixel 9/📱")
    user_id = service.server.sql("SELECT id FROM users", "gatepass").strip()
    answer = ask(service, caller, {"token": token})
    assert answer.status_code == 200 and answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store" and answer.headers["Pragma"] == "no-cache"
    expected = {"active": True, "username": "admin", "sub": user_id, "token_type": "Bearer"}
    expected |= {"exp": NOW + 2_592_000, "iat": NOW, "kind": "mobile", "device_info": "Pixel 9/📱"}
    assert answer.json == expected
    assert {name: type(value) for name, value in answer.json.items()} == {n: type(v) for n, v in expected.items()}


def test_an_api_token_has_its_scope_and_only_one_of_a_user_has_a_subject(service: Service, caller: str) -> None:
    user_id = int(service.server.sql("SELECT id FROM users", "gatepass"))
    server = {"active": True, "token_type": "Bearer", "exp": issue.NEVER, "iat": NOW, "kind": "api", "device_info": ""}
    assert ask(service, caller, {"token": caller}).json == server | {"scope": "introspect"}
    own = api(service, "stream", "revoke", user_id=user_id, expiry=NOW + 5)
    whose = {"username": "admin", "sub": str(user_id), "exp": NOW + 5, "scope": "revoke stream"}
    assert ask(service, caller, {"token": own}).json == server | whose


def test_anything_but_a_live_token_is_inactive_and_nothing_more(service: Service, caller: str) -> None:
    token = log_in(service)
    expired = api(service, "revoke", expiry=NOW)
    revoked, disabled = log_in(service), log_in(service)
    service.client.post("/v1/logout/", headers={"Authorization": f"Token {revoked}"})
    service.server.sql("UPDATE users SET password = CONCAT('!', password)", "gatepass")
    malformed = [token.upper(), token + "x", " " + token, "x", "\0", "📱", "gpa_" + "0" * 46, "x" * 10_000, "a.b.c"]
    for each in ("ab" * 20, expired, revoked, disabled, *malformed):
        answer = ask(service, caller, {"token": each})
        assert (answer.status_code, answer.data) == (200, INACTIVE)


def test_who_may_not_ask_is_401_with_a_challenge_and_learns_nothing(service: Service) -> None:
    token = log_in(service)
    out = add_user(service.server, "out")
    disabled, expired = api(service, "introspect", user_id=out), api(service, "introspect", expiry=NOW)
    service.server.sql(f"UPDATE users SET password = '!' WHERE id = {out}", "gatepass")
    for each in (token, api(service, "revoke", "stream"), disabled, expired, "ab" * 20, "x"):
        answer = ask(service, each, {"token": token})
        assert refused(answer, 401, "invalid_client")
        assert answer.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    for path in (PATH, f"{PATH}?access_token={api(service, 'introspect')}"):
        answer = ask(service, None, {"token": token, "client_id": "x", "client_secret": "x"}, path=path)
        assert refused(answer, 401, "invalid_client") and answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("data", ["", "token=", "token", "toke=x", "token_type_hint=x", "Token=x", "x", "token[]=x"])
def test_a_missing_token_is_400(service: Service, caller: str, data: str) -> None:
    assert refused(ask(service, caller, data, content_type=FORM), 400, "invalid_request")
    in_the_query = ask(service, caller, data, content_type=FORM, path=f"{PATH}?token={caller}")
    assert refused(in_the_query, 400, "invalid_request")


def test_a_body_that_is_no_form_is_400(service: Service, caller: str) -> None:
    for kind in ("application/json", "text/plain", "multipart/form-data; boundary=B", ""):
        assert refused(ask(service, caller, f"token={caller}", content_type=kind), 400, "invalid_request")
    assert refused(ask(service, caller, '{"token": "x"}', content_type="application/json"), 400, "invalid_request")
    for kind in (FORM.upper(), FORM + "; charset=UTF-8", FORM + ";x"):
        assert ask(service, caller, f"token={caller}", content_type=kind).json["active"] is True


@pytest.mark.parametrize("data", ["token=x&token=x", "token={0}&token={0}", "token={0}&a=1&a=2", "token=&token={0}"])
def test_a_field_that_is_there_twice_is_400(service: Service, caller: str, data: str) -> None:
    assert refused(ask(service, caller, data.format(caller), content_type=FORM), 400, "invalid_request")


def test_a_hint_and_fields_that_nobody_knows_are_ignored(service: Service, caller: str) -> None:
    for hint in ("access_token", "refresh_token", "nonsense", ""):
        fields = {"token": caller, "token_type_hint": hint, "client_id": "x"}
        assert ask(service, caller, fields).json["active"] is True


def test_a_body_over_16_kib_is_413_and_one_of_16_kib_is_read(service: Service, caller: str) -> None:
    most = "token=" + "x" * (16 * 1024 - 6)
    assert ask(service, caller, most, content_type=FORM).data == INACTIVE
    answer = ask(service, caller, most + "x", content_type=FORM)
    assert refused(answer, 413, "invalid_request") and answer.headers["Connection"] == "close"


@pytest.mark.parametrize("path", ["/v1/oauth/introspect", "/v1/oauth/introspect/", "/v1//oauth//introspect//"])
def test_only_post_is_served_in_either_slash_form(service: Service, caller: str, path: str) -> None:
    assert ask(service, caller, {"token": caller}, path=path).json["active"] is True
    for method in ("GET", "PUT", "DELETE", "PATCH", "BREW"):
        answer = ask(service, caller, path=path + f"?token={caller}", method=method)
        assert refused(answer, 405, "invalid_request") and "POST" in answer.headers["Allow"]
    below = ask(service, caller, path=path.rstrip("/") + "/more")
    assert below.json["errors"]["code"] == "2600", "a path below it is no part of it"


@pytest.mark.parametrize("mode", ["php", "http"])
def test_a_dead_database_is_503_whatever_the_mode(make_service: MakeService, mode: str) -> None:
    answer = ask(make_service(ERROR_STATUS=mode, **DEAD), "ab" * 20, {"token": "x"})
    assert refused(answer, 503, "temporarily_unavailable") and int(answer.headers["Retry-After"]) > 0


def test_asking_counts_as_a_use_of_both_tokens_and_writes_nothing_else(service: Service, caller: str) -> None:
    token = log_in(service)
    service.clock.now = NOW + 100
    ask(service, caller, {"token": token})
    service.core.write_behind.write()
    assert service.server.sql("SELECT DISTINCT last_access FROM auth_tokens", "gatepass") == f"{NOW + 100}\n"


def test_no_token_reaches_the_log(service: Service, caller: str, lines: list[str]) -> None:
    token = log_in(service)
    ask(service, caller, {"token": token})
    ask(service, "x" + caller, {"token": token}, path=f"{PATH}?token={token}")
    assert lines and token not in "".join(lines) and caller not in "".join(lines)


def basic(user: str | bytes, password: str) -> dict[str, str]:
    raw = (user if isinstance(user, bytes) else user.encode()) + b":" + password.encode()
    return {"Authorization": f"Basic {base64.b64encode(raw).decode()}"}


def by(service: Service, headers: dict[str, str], **fields: str) -> TestResponse:
    return service.client.post(PATH, headers=headers, data=fields)


NAMES = ["", "orders", "ann%40x", "a+b", "\u00fc 📱", "x" * 3000]


@pytest.mark.parametrize("name", NAMES, ids=lambda name: ascii(name)[:20])
def test_a_caller_proves_itself_by_basic_or_in_the_form_whatever_its_name(
    service: Service, caller: str, name: str
) -> None:
    token = log_in(service)
    ways: list[tuple[dict[str, str], dict[str, str]]] = [
        (basic(name, caller), {}),
        (basic(name, caller), {"client_id": "other"}),
        (basic(name, caller.replace("_", "%5F")), {}),
        ({}, {"client_id": name, "client_secret": caller}),
        ({}, {"client_secret": caller}),
        (basic(name, caller), {"client_id": name, "client_secret": caller}),
        ({"Authorization": f"Bearer {caller}"}, {"client_secret": caller}),
        ({"Authorization": f"Bearer {caller}"}, {"client_id": name, "client_secret": ""}),
    ]
    for headers, fields in ways:
        answer = by(service, headers, token=token, **fields)
        assert (answer.status_code, answer.json["active"]) == (200, True), (headers, fields)
        assert by(service, headers, token="x", **fields).data == INACTIVE


def test_whoever_may_not_ask_may_not_by_any_of_these_ways(service: Service) -> None:
    token = log_in(service)
    for secret in (token, api(service, "revoke"), api(service, "introspect", expiry=NOW), "ab" * 20, "x", "é"):
        answer = by(service, basic("orders", secret), token=token)
        assert refused(answer, 401, "invalid_client")
        assert answer.headers["WWW-Authenticate"] == 'Basic realm="Gatepass"'
        answer = by(service, {}, token=token, client_id="orders", client_secret=secret)
        assert refused(answer, 401, "invalid_client") and answer.headers["WWW-Authenticate"] == "Bearer"
    answer = by(service, basic("admin", "password"), token=token)
    assert refused(answer, 401, "invalid_client"), "a user's password is no API token"


@pytest.mark.parametrize("header", ["Basic", "Basic ", "Basic x", "Basic YWJj", "Basic YTo=", "Basic YTpi, Bearer x"])
def test_malformed_basic_is_401_with_the_challenge_of_basic(service: Service, header: str) -> None:
    answer = by(service, {"Authorization": header}, token="x")
    assert refused(answer, 401, "invalid_client") and answer.headers["WWW-Authenticate"] == 'Basic realm="Gatepass"'


def test_a_header_of_another_kind_is_401_though_the_form_has_a_secret(service: Service, caller: str) -> None:
    for header in ("Digest x", "Bearer", caller, f"Bearer {caller}, Bearer {caller}"):
        answer = by(service, {"Authorization": header}, token="x", client_secret=caller)
        assert refused(answer, 401, "invalid_client") and answer.headers["WWW-Authenticate"] == "Bearer", header
    assert by(service, {"Authorization": ""}, token="x", client_secret=caller).data == INACTIVE


def test_two_ways_that_differ_are_400_and_say_so(service: Service, caller: str) -> None:
    other = api(service, "introspect")
    for headers in (basic("orders", other), {"Authorization": f"Bearer {other}"}):
        answer = by(service, headers, token="x", client_secret=caller)
        assert refused(answer, 400, "invalid_request") and "differ" in answer.json["error_description"]
    twice = f"token=x&client_secret={caller}&client_secret={caller}"
    answer = service.client.post(PATH, data=twice, content_type=FORM)
    assert refused(answer, 400, "invalid_request")


def test_a_callers_secret_in_a_form_or_basic_reaches_no_line(service: Service, caller: str, lines: list[str]) -> None:
    for secret in (caller, caller[:-1] + "x"):
        headers = basic("orders", secret)
        by(service, headers, token=secret)
        by(service, {}, token=secret, client_secret=secret)
        by(service, headers, token=secret, client_secret="y" + secret)
        written = "".join(lines)
        assert written and secret not in written and headers["Authorization"][6:] not in written


def test_only_introspection_takes_the_callers_token_so(service: Service) -> None:
    revoker = api(service, "revoke")
    answer = service.client.post("/v1/oauth/revoke/", headers=basic("x", revoker), data={"user": "admin"})
    assert refused(answer, 401, "invalid_client")
    answer = service.client.post("/v1/oauth/revoke/", data={"user": "admin", "client_secret": revoker})
    assert refused(answer, 401, "invalid_client")


def test_a_token_whose_holder_acts_as_nobody_names_nobody(service: Service, caller: str) -> None:
    """A server that looks at `active` and `sub` alone must not take the holder of a link for its user."""
    for kind in ("stream", "jwt_refresh"):
        answer = ask(service, caller, {"token": mint(service, kind)}).json
        assert answer["active"] is True and answer["kind"] == kind
        assert not {"sub", "username", "token_type"} & set(answer)
    assert ask(service, caller, {"token": mint(service, "jwt_access")}).json["username"] == "admin"
