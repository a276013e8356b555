"""What each kind of token opens, every kind at every operation; one revoked anywhere is dead everywhere."""

from collections.abc import Callable

import pytest

from tests.commands import flask
from tests.conftest import Service, add_user
from tests.doors import every_door
from tests.doors.console.signed_in import PAGES, POSTS, is_sign_in, place
from tests.doors.contract import DEAD, MakeService
from tests.doors.contract.failures import holds
from tests.doors.every_door import Opening
from tests.doors.kinds import KINDS, mint
from tests.doors.operations import bearer
from v1 import doors
from v1.doors import console
from v1.tokens.text import digest

OPENINGS = every_door.openings()
OPENED = {kind: [each for each in OPENINGS if kind in each.opened_by] for kind in KINDS}


@pytest.mark.parametrize("operation", OPENINGS, ids=lambda each: each.name)
def test_an_operation_is_opened_by_its_kinds_and_by_no_other(operation: Opening, service: Service) -> None:
    opened = {kind for kind in KINDS if opens(operation, service, mint(service, kind))}
    assert opened == set(operation.opened_by)


@pytest.mark.parametrize("operation", OPENINGS, ids=lambda each: each.name)
def test_a_kind_that_does_not_open_an_operation_changes_nothing(operation: Opening, service: Service) -> None:
    tokens = [mint(service, kind) for kind in KINDS if kind not in operation.opened_by]
    rows = "SELECT id, auth_key, kind, expiry FROM auth_tokens ORDER BY id"
    before = service.server.sql(rows, "gatepass")
    assert not any(opens(operation, service, token) for token in tokens)
    assert service.server.sql(rows, "gatepass") == before


def test_no_text_that_is_no_token_opens_anything(service: Service) -> None:
    texts = ["ab" * 20, "gpa_" + "0" * 40 + "4cMan1", "eyJhbGciOiJIUzI1NiJ9.eyJ4IjoxfQ." + "A" * 43, "x", "a b", "é"]
    for operation in OPENINGS:
        assert [text for text in texts if opens(operation, service, text)] == [], operation.name


def opens(operation: Opening, service: Service, token: str) -> bool:
    """Does this text open it? (A 404 for an id is an answer to a token that does.)"""
    return not holds(operation.door.is_shut, operation.ask(service, token))


def test_with_the_database_down_every_operation_says_when_to_try_again(
    service: Service, make_service: MakeService
) -> None:
    dead = make_service(ERROR_STATUS="http", **DEAD)
    for operation in OPENINGS:
        answer = operation.ask(dead, mint(service, operation.opened_by[0]))
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5"), operation.name


def test_the_doors_accept_no_kind_that_is_not_in_this_table() -> None:
    kinds = {kind.partition(":")[0] for kind in KINDS}
    tables = [door.ACCEPTS for door in doors.DOORS if hasattr(door, "ACCEPTS")]
    accepted = {kind for table in tables for each in table.values() for kind in each}
    assert accepted == kinds


def test_every_page_and_form_of_the_console_is_in_this_table() -> None:
    assert {name for name, *_ in (*PAGES, *POSTS)} == set(console.ACCEPTS)
    assert set(console.ACCEPTS.values()) == {("console",)}


def test_no_page_of_the_console_is_opened_by_a_token_in_the_header(service: Service) -> None:
    asked = [("GET", path, {}) for _, path in PAGES] + [("POST", path, fields) for _, path, fields in POSTS]
    tokens = [mint(service, kind) for kind in KINDS]
    for method, path, fields in asked:
        data = {"session": "1", **fields} if method == "POST" else None
        ask = bearer(method, place(service, path), data=data, environ_base={"HTTP_SEC_FETCH_SITE": "same-origin"})
        assert all(is_sign_in(ask(service, token)) for token in tokens), path


def test_the_session_of_the_console_opens_nothing_but_its_own_pages(service: Service) -> None:
    cookie = {"Cookie": f"gatepass={mint(service, 'console')}"}
    client = service.app.test_client(use_cookies=False)
    for path in ("/v1/sessions/", "/v1/verify/", "/user/current", "/apiops/tokens/", "/apiops/test/hello/Ann"):
        answer = client.get(path, headers=cookie)
        assert answer.status_code == 401 or answer.json["errors"]["code"] == "1190", path


def by_its_text(service: Service, token: str) -> None:
    service.client.post("/v1/oauth/revoke/", data={"token": token})


def by_its_id_in_the_list(service: Service, token: str) -> None:
    found = service.core.tables.tokens.find(digest(token) or "")
    assert found
    answer = bearer("DELETE", f"/v1/sessions/{found.id}/")(service, mint(service, "mobile"))
    assert answer.json["data"] == {"revoked": 1}


def with_all_of_the_users(service: Service, token: str) -> None:
    bearer("DELETE", "/v1/sessions/?all=1")(service, mint(service, "mobile"))


def by_a_server(service: Service, token: str) -> None:
    bearer("POST", "/v1/oauth/revoke/", data={"user": "admin"})(service, mint(service, "api:revoke"))


def by_hand(service: Service, token: str) -> None:
    service.server.sql(f"DELETE FROM auth_tokens WHERE auth_key = '{digest(token)}'", "gatepass")


WAYS = (by_its_text, by_its_id_in_the_list, with_all_of_the_users, by_a_server, by_hand)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_what_is_revoked_anywhere_is_dead_everywhere(way: Callable[[Service, str], None], service: Service) -> None:
    add_user(service.server, "asker")
    asker = mint(service, "api:introspect", "asker")
    for kind in KINDS:
        token = mint(service, kind)
        assert introspected(service, asker, token)
        way(service, token)
        assert not introspected(service, asker, token), kind
        assert [each.name for each in OPENED[kind] if opens(each, service, token)] == [], kind


@pytest.mark.parametrize("words", [("user", "disable", "admin"), ("session", "revoke", "--user", "admin", "--all")])
def test_an_operators_verb_ends_every_kind_at_once(words: tuple[str, ...], service: Service) -> None:
    tokens = {kind: mint(service, kind) for kind in KINDS}
    flask(service.server, *words)
    for kind, token in tokens.items():
        assert [each.name for each in OPENED[kind] if opens(each, service, token)] == [], kind
    assert service.server.sql("SELECT COUNT(*) FROM auth_tokens WHERE user_id > 0", "gatepass") == "0\n"


def test_signing_the_other_devices_out_spares_what_servers_and_programs_hold(service: Service) -> None:
    tokens = {kind: mint(service, kind) for kind in KINDS}
    caller = mint(service, "mobile")
    bearer("DELETE", "/v1/sessions/")(service, caller)
    asker = mint(service, "api:introspect")
    left = {kind for kind, token in tokens.items() if introspected(service, asker, token)}
    assert left == {"api:introspect", "api:revoke", "api:stream", "stream", "management", "personal"}


def introspected(service: Service, asker: str, token: str) -> bool:
    answer = bearer("POST", "/v1/oauth/introspect/", data={"token": token})(service, asker)
    return answer.json["active"] is True
