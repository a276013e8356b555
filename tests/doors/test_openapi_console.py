"""Pins that the console's pages answer as docs/openapi.json has it, whatever a browser or a program sends."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from schemathesis import Case, Response

from tests.conftest import NOW, Server, add_user
from tests.doors import openapi
from tests.doors.console.signed_in import PASSWORDS, SAME_ORIGIN, UNKNOWN
from tests.doors.contract import DEAD
from tests.doors.kinds import mint
from tests.doors.openapi import DOCUMENT, METHODS, PAGES, Callers
from v1.tokens import find

FORMS: dict[str, dict[str, str]] = {
    "/console/sign-in/": {"username": "admin", "password": "password"},
    "/console/profile/": {"full_name": "Ann", "email": "ann@example.org", "language": "tr"},
    "/console/password/": PASSWORDS,
    "/console/tokens/new/": {"name": "laptop", "expiration": "custom", "date": "2030-01-31"},
}
"""What a form has beside its session."""

PLACE = {"token_id": UNKNOWN, "user_id": UNKNOWN, "act": "enable", "version": "0", "name": "style.css"}
OPERATIONS = [
    (method.upper(), path)
    for path, item in DOCUMENT["paths"].items()
    for method in METHODS
    if path.startswith("/console/") and method in item
]
ADMINISTRATORS = [each for each in OPERATIONS if each[1].startswith(("/console/overview/", "/console/users/"))]
FOR_ALL = [("GET", "/console/sign-in/"), ("POST", "/console/sign-in/"), ("GET", "/console/static/{version}/{name}")]


@pytest.fixture(scope="module")
def callers(migrated: Server) -> Iterator[Callers]:
    """`admin` is an administrator: every page is theirs."""
    made = openapi.callers(migrated)
    migrated.sql("UPDATE users SET is_admin = 1", "gatepass")
    yield made
    made.close()
    openapi.empty(migrated)


def ask(
    callers: Callers, method: str, path: str, headers: dict[str, str], place: dict[str, Any] = PLACE, **fields: str
) -> Response:
    """Ask for a page, or send its form with these fields in place of the usual ones."""
    parts: dict[str, Any] = {"path_parameters": {name: place[name] for name in place if f"{{{name}}}" in path}}
    if method == "POST":
        parts["body"] = FORMS.get(path, {}) | {"session": fields.get("session") or session(callers, headers)} | fields
    return callers.ask(method, path, headers, **parts)


def session(callers: Callers, headers: dict[str, str]) -> str:
    """What the page has in its form: no machine thinks of that number."""
    token = headers.get("Cookie", "").partition("=")[2]
    found = find.check(callers.service.core, token, NOW)
    return str(found[1].id) if found else "1"


@pytest.mark.parametrize("caller", ["nobody", "opener"])
@PAGES.parametrize()
def test_the_console_answers_as_the_document_says(case: Case, caller: str, callers: Callers) -> None:
    openapi.assume_loggable(case)
    headers = callers.headers(openapi.kind(case, caller))
    if isinstance(case.body, dict) and "session" in case.body:
        case.body["session"] = session(callers, headers)
    callers.check(case, headers)


def test_what_people_do_is_as_the_document_says(callers: Callers) -> None:
    other = add_user(callers.service.server, "other")
    for method, path in [each for each in OPERATIONS if each != ("POST", "/console/password/")]:
        theirs = callers.service.core.tables.tokens.list_live(callers.user_id, 0, 1)
        place = PLACE | {"user_id": other, "token_id": theirs[0].id if theirs else UNKNOWN}
        assert ask(callers, method, path, callers.headers("console"), place).status_code in (200, 303, 404)
    answer = ask(callers, "POST", "/console/tokens/new/", callers.headers("console"), name="new")
    assert answer.status_code == 200 and re.search(rb"gpp_[0-9A-Za-z]{46}", answer.content)


def test_a_right_sign_in_brings_a_cookie_and_a_wrong_one_is_403(callers: Callers) -> None:
    path = "/console/sign-in/"
    good = ask(callers, "POST", path, SAME_ORIGIN)
    assert good.status_code == 303 and any("=gpc_" in each for each in good.headers["set-cookie"])
    assert ask(callers, "POST", path, SAME_ORIGIN, password="wrong").status_code == 403
    assert ask(callers, "POST", path, SAME_ORIGIN, password="").status_code == 400
    assert ask(callers, "POST", path, {"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_wrong_forms_are_answered_as_the_document_says(callers: Callers) -> None:
    for path, fields in (
        ("/console/profile/", {"email": "x"}),
        ("/console/password/", {"again": "another one"}),
        ("/console/tokens/new/", {"date": "2001-02-03"}),
    ):
        assert ask(callers, "POST", path, callers.headers("console"), **fields).status_code == 400
    wrong = {"current": "not the password"}
    assert ask(callers, "POST", "/console/password/", callers.headers("console"), **wrong).status_code == 403


@pytest.mark.parametrize("method, path", [each for each in OPERATIONS if each not in FOR_ALL])
def test_without_a_session_people_are_sent_to_sign_in(callers: Callers, method: str, path: str) -> None:
    for headers in (SAME_ORIGIN, {**callers.headers("mobile"), **SAME_ORIGIN}):
        answer = ask(callers, method, path, headers)
        assert answer.status_code == 303 and answer.headers["location"][0].startswith("/console/sign-in/")


def test_to_ordinary_users_there_is_nothing_of_administrators(callers: Callers) -> None:
    add_user(callers.service.server, "ordinary")
    for method, path in ADMINISTRATORS:
        token = mint(callers.service, "console", "ordinary")
        assert ask(callers, method, path, {"Cookie": f"gatepass={token}", **SAME_ORIGIN}).status_code == 404


def test_a_dead_database_is_told_on_every_page(callers: Callers) -> None:
    headers = callers.headers("console")
    dead = Callers(openapi.other(callers.service, **DEAD), 0)
    for method, path in OPERATIONS:
        if "{version}" not in path:
            answer = ask(dead, method, path, headers, session="1")
            assert answer.status_code == 503 and int(answer.headers["retry-after"][0]) > 0


def test_a_form_that_is_too_large_is_refused_as_the_document_says(callers: Callers) -> None:
    for method, path in OPERATIONS:
        if method == "POST":
            answer = ask(callers, method, path, callers.headers("console"), more="x" * 16_384)
            assert (answer.status_code, answer.headers["connection"]) == (413, ["close"])
