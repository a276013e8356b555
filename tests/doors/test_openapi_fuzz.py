"""Nothing sent to the doors of tokens gets anything but their own words, and never an unforeseen error."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, quote

import pytest
from hypothesis import assume, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from tests.conftest import Server
from tests.doors.callers import Callers, callers, unforeseen
from tests.doors.kinds import STREAM as CAM
from tests.doors.kinds import mint
from tests.doors.openapi import FORM, JSON, RPC, STREAM, VERIFY
from tests.fuzz import examples

some = hypothesis_settings(max_examples=examples(100, of=400), deadline=None, derandomize=True, database=None)
fewer = hypothesis_settings(some, max_examples=examples(80, of=300))

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

NASTY = st.sampled_from(["", "\0", "\ud800", "*", "' OR 1=1 -- ", "2030-02-30", "2017-06-30T25:00Z", "9" * 400, "😀"])
SCALARS = st.none() | st.booleans() | st.integers(-(2**80), 2**80) | st.floats() | NASTY | st.text(max_size=9)
ANY = st.recursive(SCALARS, lambda few: st.lists(few, max_size=4) | st.dictionaries(NASTY, few, max_size=4))
BROKEN = [b"", b"\xff", b"{", b"NaN", b"1e999", b'{"id":1,"id":1}', b"9" * 5000, b"[" * 10_000, b'{"a":' * 3000]


def members(right: dict[str, list[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """An object of some or all of these members, each with one of its right values or, less often, with anything."""
    each = {name: st.one_of(*[st.sampled_from(values)] * 3, ANY) for name, values in right.items()}
    return st.fixed_dictionaries({}, optional=each) | st.fixed_dictionaries(each)


def bodies(*values: st.SearchStrategy[Any]) -> st.SearchStrategy[bytes]:
    """Such values as JSON, and less often anything, or what is no JSON."""
    written = [each.map(json.dumps).map(str.encode) for each in (*values * 4, ANY)]
    return st.one_of(*written, st.sampled_from(BROKEN), st.binary())


METHODS = ["Auth.CreateApiToken", "Auth.CreateAccessToken", "Auth.CheckAccessToken", "Auth", ""]
RIGHTS: dict[str, list[Any]] = {"stream": [CAM], "ttl": [60, 0], "live": [True], "dvr": [False], "from": [2], "to": [1]}
PARAMS = members({**RIGHTS, "token": ["x"], "action": ["live", "dvr"], "at": [5], "Token": ["x"]})
CALLS = st.fixed_dictionaries(
    {"jsonrpc": st.sampled_from(["2.0"] * 9 + ["1.0"]), "method": st.sampled_from(METHODS)},
    optional={"params": PARAMS | st.lists(st.sampled_from([CAM, 60, True]) | ANY, max_size=8) | ANY, "id": ANY},
)
OWN = 424_242
"""Stands for the id of `admin`, which is known only when a test runs."""

DATES = ["2030-01-31", "1" * 13, 0]
WANTED = {"userId": [OWN] * 3 + [2**31], "expiration": DATES, "refreshExpiration": DATES, "actions": [[15], ["*"]]}
HOSTILE = [
    (RPC, "api:stream", bodies(CALLS, st.lists(CALLS | ANY, max_size=4))),
    ("/token", "nobody", bodies(members({"login": ["admin"], "password": ["password", "wrong"]}))),
    ("/token/create", "jwt_access", bodies(members({**WANTED, "networkIds": [["7", 8]], "deviceTypeIds": [["*"]]}))),
    ("/token/refresh", "nobody", bodies(members({"refreshToken": ["x", "eyJ.eyJ." + "A" * 43]}))),
    ("/apiops/tokens/", "management", bodies(members({"name": ["laptop", " "], "expires": ["never", "2030-01-31"]}))),
]


@pytest.fixture(scope="module")
def made(migrated: Server) -> Iterator[Callers]:
    with callers(migrated) as found:
        yield found


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
def test_no_authorization_but_a_live_token_opens_anything(made: Callers, opened, header: str) -> None:
    method, path, body = opened
    environ = {"HTTP_AUTHORIZATION": header}
    answer = made.service.client.open(path, method=method, data=body, content_type=FORM, environ_overrides=environ)
    assert said(answer) in ("1190", "1403", "invalid_client")
    assert answer.status_code == (200 if path in ("/v1/sessions/", "/v1/logout/") else 401)


@pytest.fixture(scope="module")
def headers(made: Callers) -> dict[str, dict[str, str]]:
    return {caller: made.headers(caller) for caller in ("nobody", "mobile", "api:introspect", "api:revoke")}


@pytest.fixture(scope="module")
def own(made: Callers, headers: dict[str, dict[str, str]]) -> bytes:
    """The id of the one session that is `mobile`'s."""
    sessions = made.service.client.get("/v1/sessions/", headers=headers["mobile"]).json["data"]
    return b"%d" % sessions[0]["id"]


@some
@given(session_id=IDS)
def test_no_id_but_that_of_an_own_session_revokes_anything(made: Callers, headers, own, session_id: bytes) -> None:
    assume(session_id.strip(b"/") != own)
    path = f"/v1/sessions/{quote(session_id, safe='')}"
    code = said(made.service.client.delete(path, headers=headers["mobile"]))
    is_the_list = not session_id.strip(b"/")  # doubled slashes are one
    assert code == "" if is_the_list else code in ("3404", "2600")


@some
@given(
    door=st.sampled_from(["introspect", "revoke"]),
    is_server=st.sampled_from([False, True, True]),
    body=st.one_of(FIELDS, FIELDS, st.binary(max_size=100)),
    content_type=TYPES,
)
def test_no_form_gets_anything_but_the_words_of_oauth(made, headers, door, is_server, body, content_type) -> None:
    path, caller = f"/v1/oauth/{door}/", f"api:{door}" if is_server else "nobody"
    answer = made.service.client.post(path, data=body, content_type=content_type, headers=headers[caller])
    assert answer.status_code == {"": 200, "invalid_request": 400, "invalid_client": 401}[said(answer)]


@fewer
@given(data=st.data())
@pytest.mark.parametrize("path, caller, hostile", HOSTILE, ids=[path for path, *_ in HOSTILE])
def test_no_json_gets_anything_but_the_words_of_its_door(made: Callers, tokens, path, caller, hostile, data) -> None:
    kind = data.draw(st.sampled_from([JSON] * 9 + ["", FORM, "application/json; charset=latin1", "\xff"]))
    sent = data.draw(hostile).replace(b"%d" % OWN, b"%d" % made.user_id)
    answer = made.service.client.post(path, data=sent, headers={**tokens[caller], "Content-Type": kind})
    assert answer.status_code in (200, 201, 204, 400, 401, 403, 404, 409, 415)
    assert not answer.data or not unforeseen(answer.json)


@pytest.fixture(scope="module")
def tokens(made: Callers) -> dict[str, dict[str, str]]:
    return {caller: made.headers(caller) for _, caller, _ in HOSTILE}


@pytest.fixture(scope="module")
def watching(made: Callers) -> bytes:
    """A query that opens a stream."""
    return b"token=%b&stream=%b&action=live" % (mint(made.service, "stream").encode(), CAM.encode())


ASKED = st.sampled_from([b"token", b"stream", b"action", b"at", b"token[]", b"%74oken", b""])
TEXTS = st.sampled_from([b"live", b"dvr", b"cam1", b"cam2", b"0", b"9" * 30, b"%00", b"%ff", b"%", b"\xc3", b"../cam2"])
QUERIES = st.lists(st.tuples(ASKED, TEXTS | st.binary(max_size=9)).map(b"=".join), max_size=4).map(b"&".join)


@fewer
@given(query=QUERIES, place=st.sampled_from(["before", "behind", "alone"]))
def test_no_query_opens_a_stream_but_one_that_names_everything_once(made, watching, query, place) -> None:
    whole = {"before": query + b"&" + watching, "behind": watching + b"&" + query, "alone": query}[place]
    answer = made.service.client.get(STREAM, environ_overrides={"QUERY_STRING": whole.decode("latin1")})
    assert answer.status_code in (204, 403) and not answer.data and "Content-Type" not in answer.headers
    if answer.status_code == 204:
        found = [name for name, _ in parse_qsl(whole.decode("latin1"), keep_blank_values=True)]
        names = [name for name in found if name in ("token", "stream", "action", "at")]
        assert place != "alone" and {"token", "stream", "action"} <= set(names) and len(names) == len(set(names))
