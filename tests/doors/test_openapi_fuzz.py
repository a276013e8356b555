"""Pins that nothing sent to the doors of tokens gets anything but their own words, and never an unforeseen error."""

import json
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from hypothesis import assume, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from tests.conftest import Server
from tests.doors import openapi
from tests.doors.openapi import FORM, VERIFY, Callers

some = hypothesis_settings(max_examples=400, deadline=None, derandomize=True, database=None)

LATIN1 = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=60)
SCHEMES = st.sampled_from(["Token ", "Bearer ", "bearer  ", "TOKEN\t", "Basic ", "Token", ""])
HEX = st.text("0123456789abcdef", min_size=39, max_size=41)
PREFIXED = st.text("0123456789ABCxyz", min_size=45, max_size=47).map("gpa_".__add__)
HEADERS = st.builds("".join, st.tuples(SCHEMES, st.one_of(LATIN1, HEX, PREFIXED)))
IDS = st.one_of(st.integers(-9, 10**20).map(b"%d".__mod__), st.binary(max_size=20), st.text(max_size=9).map(str.encode))
NAMES = st.sampled_from([b"token", b"user", b"token_type_hint", b"token[]", b"%74oken", b"x", b""])
VALUES = st.one_of(st.binary(max_size=40), HEX.map(str.encode), st.sampled_from([b"admin", b"", b"' OR 1=1 -- "]))
FIELDS = st.lists(st.tuples(NAMES, VALUES.map(quote).map(str.encode)).map(b"=".join), max_size=4).map(b"&".join)
TYPES = st.sampled_from([FORM] * 4 + [FORM.upper() + ";charset=utf-8", "multipart/form-data; boundary=B", "", "\xff"])
OPENED = [
    ("GET", "/v1/sessions/", ""),
    ("DELETE", "/v1/sessions/", ""),
    ("POST", "/v1/logout/", ""),
    ("PUT", VERIFY, ""),
    ("POST", "/v1/oauth/introspect/", "token=x"),
    ("POST", "/v1/oauth/revoke/", "user=admin"),
]


@pytest.fixture(scope="module")
def callers(migrated: Server) -> Iterator[Callers]:
    yield openapi.callers(migrated)
    openapi.empty(migrated)


def said(answer: TestResponse) -> str:
    """The code of a failure in either dialect, "" for a success; what is in no dialect fails here."""
    if answer.status_code == 200 and not answer.data:
        return ""
    assert answer.headers["Content-Type"] == "application/json"
    body = json.loads(answer.data)
    if "error" in body:
        assert list(body) == ["error", "error_description"] and answer.status_code != 200
        return str(body["error"])
    if "errors" in body:
        assert list(body) == ["success", "errors"] and list(body["errors"]) == ["message", "type", "code"]
        return str(body["errors"]["code"])
    assert list(body) == ["success", "data"] or body == {"active": False}
    return ""


@some
@given(opened=st.sampled_from(OPENED), header=HEADERS)
def test_no_authorization_but_a_live_token_opens_anything(callers: Callers, opened, header: str) -> None:
    method, path, body = opened
    environ = {"HTTP_AUTHORIZATION": header}
    answer = callers.service.client.open(path, method=method, data=body, content_type=FORM, environ_overrides=environ)
    assert said(answer) in ("1190", "1403", "invalid_client")
    assert answer.status_code == (200 if path in ("/v1/sessions/", "/v1/logout/") else 401)


@pytest.fixture(scope="module")
def headers(callers: Callers) -> dict[str, dict[str, str]]:
    return {caller: callers.headers(caller) for caller in ("nobody", "mobile", "api")}


@pytest.fixture(scope="module")
def own(callers: Callers, headers: dict[str, dict[str, str]]) -> bytes:
    """The id of the one session that is `mobile`'s."""
    sessions = callers.service.client.get("/v1/sessions/", headers=headers["mobile"]).json["data"]
    return b"%d" % sessions[0]["id"]


@some
@given(session_id=IDS)
def test_no_id_but_that_of_an_own_session_revokes_anything(callers: Callers, headers, own, session_id: bytes) -> None:
    assume(session_id.strip(b"/") != own)
    path = f"/v1/sessions/{quote(session_id, safe='')}"
    code = said(callers.service.client.delete(path, headers=headers["mobile"]))
    is_the_list = not session_id.strip(b"/")  # doubled slashes are one
    assert code == "" if is_the_list else code in ("3404", "2600")


@some
@given(
    door=st.sampled_from(["introspect", "revoke"]),
    caller=st.sampled_from(["nobody", "api", "api"]),
    body=st.one_of(FIELDS, FIELDS, st.binary(max_size=100)),
    content_type=TYPES,
)
def test_no_form_gets_anything_but_the_words_of_oauth(callers, headers, door, caller, body, content_type) -> None:
    path = f"/v1/oauth/{door}/"
    answer = callers.service.client.post(path, data=body, content_type=content_type, headers=headers[caller])
    assert answer.status_code == {"": 200, "invalid_request": 400, "invalid_client": 401}[said(answer)]
