"""`/apiops/tokens/`: one's own personal tokens, and nobody else's, listed, made and revoked."""

import hashlib
import json
import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.conftest import NOW, Service, add_user
from tests.doors.apiops.test_login import hello, refused
from tests.doors.kinds import mint
from v1.tokens import issue

PATH, CREATED = "/apiops/tokens/", "2023-11-14T22:13:20Z"
MEMBERS = ["id", "name", "created", "expires", "last_used", "status"]


@pytest.fixture
def manager(service: Service) -> str:
    return mint(service, "management")


def ask(service: Service, token: str, method: str = "GET", path: str = PATH, **more: Any) -> TestResponse:
    return service.client.open(path, method=method, headers={"Authorization": f"Bearer {token}"}, **more)


def create(service: Service, token: str, name: Any = "backup", expires: Any = "never") -> TestResponse:
    return ask(service, token, "POST", data=json.dumps({"name": name, "expires": expires}))


def listed(service: Service, token: str) -> list[dict[str, Any]]:
    answer = ask(service, token)
    assert answer.status_code == 200 and list(answer.json) == ["tokens"]
    return answer.json["tokens"]


def test_a_token_is_shown_once_with_these_members_and_listed_without_its_text(service: Service, manager: str) -> None:
    answer = create(service, manager, expires="2030-01-31")
    assert answer.status_code == 201 and list(answer.json) == ["token", *MEMBERS]
    assert answer.headers["Content-Type"] == "application/json;charset=UTF-8"
    text = answer.json["token"]
    assert re.fullmatch("gpp_[0-9A-Za-z]{46}", text) and hello(service, text).status_code == 200
    columns = "id, auth_key, kind, name, expiry, remote_ip"
    row = service.server.sql(f"SELECT {columns} FROM auth_tokens WHERE kind = 'personal'", "gatepass").split()
    digest, expiry = hashlib.sha256(text.encode()).hexdigest(), 1_896_134_399
    assert row[1:] == [digest, "personal", "backup", str(expiry), "127.0.0.1"]
    shown = [int(row[0]), "backup", CREATED, "2030-01-31T23:59:59Z", None, "active"]
    assert list(answer.json.values()) == [text, *shown]
    found = ask(service, manager)
    assert found.json == {"tokens": [dict(zip(MEMBERS, shown, strict=True))]} and text not in found.text


@pytest.mark.parametrize(
    ("expires", "expiry"),
    [
        ("never", "never"),
        ("2023-11-14", "2023-11-14T23:59:59Z"),  # today
        ("2023-11-14T22:13:21Z", "2023-11-14T22:13:21Z"),
        ("2023-11-14T12:00:00-1200", "2023-11-15T00:00:00Z"),
        ("9999-12-31", "never"),
    ],
)
def test_a_token_ends_with_a_day_in_utc_or_at_a_moment_or_never(
    service: Service, manager: str, expires: str, expiry: str
) -> None:
    answer = create(service, manager, expires=expires)
    assert (answer.status_code, answer.json["expires"]) == (201, expiry)
    stored = int(service.server.sql("SELECT expiry FROM auth_tokens WHERE kind = 'personal'", "gatepass"))
    assert (stored == issue.NEVER) is (expiry == "never")
    if stored < NOW * 2:
        service.clock.now = stored - 1
        assert hello(service, answer.json["token"]).status_code == 200
        service.clock.now = stored
        assert hello(service, answer.json["token"]).status_code == 401


PAST = ["2023-11-13", "2023-11-14T22:13:20Z", "2023-11-14T22:13:20.999Z", "1969-12-31", "0001-01-01T00:00+14:00"]
WRONG: list[Any] = ["2023-02-29", "2030-01-31\n", "tomorrow", "1900000000000", "\ud800", 0, 1.5, True, [], {}]


def test_a_date_that_is_past_or_none_at_all_is_400(service: Service, manager: str) -> None:
    said = {
        "expires must lie ahead.": PAST,
        "expires must be never, or a date like 2030-01-31 or 2030-01-31T12:00:00Z.": WRONG,
        "The member expires is required.": (None, ""),
    }
    for description, values in said.items():
        for expires in values:
            answer = create(service, manager, expires=expires)
            assert refused(answer, 400, "invalid_request")
            assert answer.json["error_description"] == description, expires
    assert listed(service, manager) == []


@pytest.mark.parametrize("name", ["x", "x" * 100, "📱" * 100, "<script>alert(1)</script>", "Zoë's \"backup\" \\", "0"])
def test_a_name_of_1_to_100_characters_is_kept_without_spaces_at_its_ends(
    service: Service, manager: str, name: str
) -> None:
    assert create(service, manager, f"  {name} " if len(name) < 97 else name).json["name"] == name
    assert [each["name"] for each in listed(service, manager)] == [name]


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "a\nb", "\ud800", 5, True, None, [], ["x"], {"x": 1}])
def test_another_name_is_400(service: Service, manager: str, name: Any) -> None:
    answer = create(service, manager, name)
    assert refused(answer, 400, "invalid_request") and listed(service, manager) == []


BODIES = ["", "null", "[]", '"name"', "{}", '{"name": "x"}', '{"expires": "never"}', "name=x&expires=never"]
BODIES += ['{"name": "x", "name": "y", "expires": "never"}']


@pytest.mark.parametrize("body", BODIES)
def test_a_body_that_is_no_object_with_both_members_is_400(service: Service, manager: str, body: str) -> None:
    assert refused(ask(service, manager, "POST", data=body), 400, "invalid_request")
    assert listed(service, manager) == []


def test_a_revoked_token_is_dead_and_only_ones_own_personal_tokens_are_found(service: Service, manager: str) -> None:
    add_user(service.server, "other")
    made, others = create(service, manager).json, create(service, mint(service, "management", "other")).json
    for kind in ("mobile", "api:stream", "jwt_refresh", "stream"):
        mint(service, kind)
    mine = service.server.sql("SELECT id FROM auth_tokens WHERE kind <> 'personal'", "gatepass").split()
    unknown = ask(service, manager, "DELETE", PATH + "2147483647")
    wrong = ["0", "-1", "01", "+1", "1.0", "1e1", "9" * 10, "9" * 500, "x", "%00", "%D9%A1", "%FF"]
    for each in [*mine, str(others["id"]), *wrong]:
        answer = ask(service, manager, "DELETE", f"{PATH}{each}/")
        assert refused(answer, 404, "invalid_request") and answer.data == unknown.data, each
    assert hello(service, others["token"]).status_code == hello(service, made["token"]).status_code == 200
    answer = ask(service, manager, "DELETE", f"{PATH}{made['id']}")
    assert (answer.status_code, answer.json) == (200, {"revoked": 1})
    assert hello(service, made["token"]).status_code == 401 and listed(service, manager) == []
    assert refused(ask(service, manager, "DELETE", f"{PATH}{made['id']}"), 404, "invalid_request")
    assert len(service.server.sql("SELECT id FROM auth_tokens", "gatepass").split()) == len(mine) + 1
