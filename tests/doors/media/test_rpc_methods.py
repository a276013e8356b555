"""The three `Auth.*` methods of `/api/`: what they take, and what they make."""

import base64
import hashlib
import re
from typing import Any

import pytest

from tests.conftest import NOW, Service
from tests.doors.media.rpc_calls import API_TOKEN, STREAM_TOKEN, api, call, code, result, rows, stream
from tests.environments import TOKEN_KEY
from tests.tokens.forging import decoded, forge
from v1.tokens.issue import NEVER

API, ACCESS, CHECK = "Auth.CreateApiToken", "Auth.CreateAccessToken", "Auth.CheckAccessToken"
TEN_YEARS = 315_360_000
CLAIMS = ["jti", "stream", "live", "dvr", "copy", "from", "to", "exp"]
CHECKED = {"token": "x", "stream": "cam1", "action": "live"}
OPEN = {"live": False, "dvr": False, "copy": False, "from": 0, "to": 0}

UIDS = ["a", "0", "cam1", "A_z.-9", ".", "..", "-", "x" * 64]
NO_UIDS: list[Any] = ["", "x" * 65, "a b", "a/b", "a\n", "\n", "é", "%41", "a\0", "a,b", "\ud800", 1, None, True, ["a"]]
NO_NUMBERS: list[Any] = [-1, -1.0, True, False, 0.5, 1e-9, 1e300, "1", "1.0", "", None, [1], {}, 10**30]


@pytest.fixture
def caller(service: Service) -> str:
    return api(service)


def unpacked(token: str) -> dict[str, Any]:
    """The claims of a signed token."""
    assert re.fullmatch(STREAM_TOKEN, token), "it is URL-safe as it is"
    found: dict[str, Any] = decoded(token)
    assert token == forge(found, TOKEN_KEY.encode()) and list(found) == CLAIMS
    assert re.fullmatch("[0-9a-f]{32}", found.pop("jti"))
    return found


def test_an_api_token_has_no_owner_scope_stream_and_the_expiry_of_its_ttl(service: Service) -> None:
    for params in ({"ttl": 0}, [1], {"ttl": TEN_YEARS}):
        assert re.fullmatch(API_TOKEN, result(call(service, API, params)))
    columns = "kind, user_id, claims, name, remote_ip, expiry"
    found = service.server.sql(f"SELECT {columns} FROM auth_tokens ORDER BY id", "gatepass").splitlines()
    fixed = 'api\t0\t{"scope": "stream"}\tAuth.CreateApiToken\t127.0.0.1\t'
    assert found == [fixed + str(expiry) for expiry in (NEVER, NOW + 1, NOW + TEN_YEARS)]


REFUSED: list[tuple[str, Any]] = [
    *((API, params) for ttl in (*NO_NUMBERS, TEN_YEARS + 1) for params in ({"ttl": ttl}, [ttl])),
    *((API, params) for params in (None, [], {}, [0, 0], {"ttl": 0, "x": 1}, {"TTL": 0}, {"ttl": 0, "live": True})),
    *((ACCESS, {"stream": "cam1", "ttl": ttl}) for ttl in (*NO_NUMBERS, TEN_YEARS + 1)),
    *((ACCESS, {"stream": "cam1", name: at}) for at in (*NO_NUMBERS, NEVER + 1) for name in ("from", "to")),
    *((ACCESS, {"stream": "cam1", "from": begin, "to": end}) for begin, end in ((6, 5), (NEVER, 1))),
    *((ACCESS, {"stream": "cam1", name: right}) for right in (0, 1, "true", None) for name in ("live", "dvr", "copy")),
    *((ACCESS, params) for params in (None, [], {}, {"ttl": 60}, {"stream": "a", "Live": True})),
    (ACCESS, ["a", 1, True, True, True, 0, 0, 0]),
    *((ACCESS, params) for uid in NO_UIDS for params in ({"stream": uid}, [uid])),
    *((API, {"stream": uid, "ttl": 60}) for uid in NO_UIDS),
    *((CHECK, ["x", uid, "live"]) for uid in NO_UIDS),
    *((CHECK, ["x", "cam1", "dvr", at]) for at in (*NO_NUMBERS, NEVER + 1)),
    *((CHECK, CHECKED | {"token": token}) for token in (1, None)),
    *((CHECK, CHECKED | {"action": action}) for action in ("Live", "", ["live"])),
    *((CHECK, params) for params in (CHECKED | {"x": 1}, {"stream": "cam1", "action": "live"})),
]


def test_a_parameter_that_is_missing_unknown_or_of_another_type_is_refused(service: Service, caller: str) -> None:
    for method, params in REFUSED:
        assert code(call(service, method, params, caller)) == -32602, (method, params)
    assert rows(service) == ["api"]


def test_3600_0_is_a_whole_number(service: Service, caller: str) -> None:
    result(call(service, API, {"ttl": 3600.0}))
    result(call(service, API, [3.6e3]))
    found = service.server.sql("SELECT expiry FROM auth_tokens WHERE name = 'Auth.CreateApiToken'", "gatepass")
    assert found == f"{NOW + 3600}\n" * 2
    rights = {"dvr": True, "from": 10.0, "to": 2e1}
    made = result(call(service, ACCESS, {"stream": "cam1", "ttl": 60.0, **rights}, caller))
    assert unpacked(made) == {"stream": "cam1", **OPEN, **rights, "exp": NOW + 60}
    assert '"from":10,"to":20' in base64.urlsafe_b64decode(made.split(".")[1] + "==").decode(), "no point in the token"
    asked = {"token": made, "stream": "cam1", "action": "dvr"}
    for at, allowed in ((15.0, True), (21.0, False)):
        assert result(call(service, CHECK, {**asked, "at": at}, caller))["allowed"] is allowed
    for zero in (0.0, -0.0):
        assert unpacked(result(call(service, ACCESS, ["cam1", zero], caller)))["exp"] >= NOW + 3600
    for params in ({"stream": 1.0}, {"stream": "cam1", "live": 1.0}, ["cam1", 60, 1.0]):
        assert code(call(service, ACCESS, params, caller)) == -32602, "it is no text and no boolean"


def test_a_stream_token_has_defaults(service: Service, caller: str) -> None:
    for params in ({"stream": "cam1"}, ["cam1"]):
        made = result(call(service, ACCESS, params, caller))
        assert unpacked(made) == {"stream": "cam1", **OPEN, "exp": NOW + 3600}


def test_a_stream_token_ends_no_later_than_its_api_token(service: Service) -> None:
    caller = api(service, expiry=NOW + 600)
    for ttl, expiry in (({"ttl": 0}, 600), ({"ttl": 601}, 600), ({}, 600), ({"ttl": 600}, 600), ({"ttl": 60}, 60)):
        made = stream(service, caller, **ttl)
        where = f"kind = 'stream' AND auth_key = '{hashlib.sha256(made.encode()).hexdigest()}'"
        written = service.server.sql(f"SELECT expiry FROM auth_tokens WHERE {where}", "gatepass")
        assert (unpacked(made)["exp"], written) == (NOW + expiry, f"{NOW + expiry}\n"), ttl


def test_positional_and_named_parameters_are_the_same(service: Service, caller: str) -> None:
    named = {"to": 20, "from": 10, "copy": True, "dvr": False, "live": True, "ttl": 60, "stream": "cam1"}
    for params in (named, ["cam1", 60, True, False, True, 10, 20]):
        claims = unpacked(result(call(service, ACCESS, params, caller)))
        assert claims == {**{name: value for name, value in named.items() if name != "ttl"}, "exp": NOW + 60}


def test_the_vendors_sample_creates_a_stream_token_and_never_an_api_token(service: Service, caller: str) -> None:
    made = result(call(service, API, {"stream": "cam1", "ttl": 3600}, caller))
    assert unpacked(made) == {"stream": "cam1", **OPEN, "exp": NOW + 3600}
    for params in ({"stream": "cam1", "ttl": 0}, {"stream": None}, {"stream": "", "ttl": 0}):
        assert code(call(service, API, params)) == -32001, "on the machine itself too"
        assert code(call(service, API, params, made)) == -32001
    assert code(call(service, API, {"stream": None}, caller)) == -32602
    assert rows(service) == ["api", "stream"]


def test_a_stream_token_has_the_owner_of_its_api_token_and_names_it_as_parent(service: Service) -> None:
    user_id = int(service.server.sql("SELECT id FROM users", "gatepass"))
    for owner in (user_id, 0):
        made = stream(service, api(service, user_id=owner), ttl=0, live=True)
        digest = hashlib.sha256(made.encode()).hexdigest()
        minter = service.server.sql("SELECT MAX(id) FROM auth_tokens WHERE kind = 'api'", "gatepass").strip()
        where = f"auth_key = '{digest}'"
        columns = f"kind, user_id, name, expiry, parent_id = {minter}"
        found = service.server.sql(f"SELECT {columns} FROM auth_tokens WHERE {where}", "gatepass")
        assert found == f"stream\t{owner}\tcam1\t{NEVER}\t1\n"
        assert unpacked(made)["exp"] == NEVER


def test_a_stream_has_a_name_of_64_plain_characters_at_most(service: Service, caller: str) -> None:
    for uid in UIDS:
        assert unpacked(stream(service, caller, uid))["stream"] == uid


def test_the_end_of_an_archive_is_not_before_its_beginning(service: Service, caller: str) -> None:
    for begin, end in ((0, 0), (5, 5), (5, 6), (5, 0), (0, 5), (NEVER, NEVER)):
        claims = unpacked(stream(service, caller, dvr=True, **{"from": begin, "to": end}))
        assert (claims["from"], claims["to"]) == (begin, end)


def test_a_check_says_whether_the_action_is_allowed_and_until_when(service: Service, caller: str) -> None:
    made = stream(service, caller, ttl=60, dvr=True, **{"from": 10, "to": 20})
    allowed = {"allowed": True, "expires": NOW + 60}
    for at, expected in ((9, {"allowed": False}), (10, allowed), (20, allowed), (21, {"allowed": False})):
        named = {"token": made, "stream": "cam1", "action": "dvr", "at": at}
        for params in (named, [made, "cam1", "dvr", at]):
            assert result(call(service, CHECK, params, caller)) == expected
    for params in (["cam1", "live"], ["cam1", "copy", 15], ["cam2", "dvr", 15], ["cam1", "dvr"]):
        assert result(call(service, CHECK, [made, *params], caller)) == {"allowed": False}


def test_a_check_allows_nothing_for_a_text_that_is_not_a_live_stream_token(service: Service, caller: str) -> None:
    made, short = stream(service, caller, live=True), stream(service, caller, ttl=1, live=True)
    expired = service.clock.now = NOW + 1
    assert expired and result(call(service, CHECK, [made, "cam1", "live"], caller))["allowed"] is True
    for token in (short, caller, "", "x", made[:-1], made + "x", "\ud800", "ab" * 20, "gpa_" + "0" * 46):
        assert result(call(service, CHECK, [token, "cam1", "live"], caller)) == {"allowed": False}
    service.server.sql("DELETE FROM auth_tokens WHERE kind = 'stream'", "gatepass")
    assert result(call(service, CHECK, [made, "cam1", "live"], caller)) == {"allowed": False}
